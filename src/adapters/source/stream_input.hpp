// SPDX-License-Identifier: Apache-2.0
// Source adapter: a file, a pipe or standard input, without Asio.
#pragma once

#include <string>

#include "adapters/source/descriptor.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter {

/// An input that is read to its end, once. Standard input ("-") stays open when this one goes, with
/// the mode that it had.
class StreamInput {
 public:
  /// Errors    the reason: no such file, permission, is a folder
  [[nodiscard]] static Result<StreamInput, std::string> open(const std::string& path);
  StreamInput(StreamInput&&) noexcept = default;
  StreamInput& operator=(StreamInput&&) noexcept = default;
  StreamInput(const StreamInput&) = delete;
  StreamInput& operator=(const StreamInput&) = delete;
  ~StreamInput();

  [[nodiscard]] int get() const noexcept { return descriptor_.get(); }
  /// Pipes, sockets and terminals can be waited for; regular files and some devices are always
  /// ready, and the kernel refuses to wait for them.
  [[nodiscard]] bool can_wait() const noexcept { return can_wait_; }

 private:
  StreamInput(Descriptor descriptor, int flags, bool can_wait) noexcept;

  Descriptor descriptor_;
  int flags_;  // the mode to restore
  bool can_wait_;
};

}  // namespace p1meter
