// SPDX-License-Identifier: Apache-2.0
// Daemon: the bytes of a capture, waited for on the loop.
#pragma once

#include <cstdint>
#include <optional>
#include <streambuf>
#include <string>
#include <vector>

#include "adapters/source/stream_input.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// A file, a pipe or standard input as a stream's buffer. Whenever it needs bytes the loop has its
/// turn, and while none come everything else on the loop goes on: signals, above all.
class CaptureInput final : public std::streambuf {
 public:
  /// Once `stopped` is true the input counts as ended. Both must outlive the input, and the
  /// context must not run out of work meanwhile.
  CaptureInput(boost::asio::io_context& context, const bool& stopped);

  /// "-" is standard input.
  /// Errors    the reason in words: not there, no permission, a directory
  [[nodiscard]] std::optional<std::string> open(const std::string& path);
  /// Bytes of a regular file; 0: not known beforehand.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Back to where it began when opened. False for a pipe or a terminal, which cannot be read
  /// twice; then nothing is changed.
  [[nodiscard]] bool rewind();
  /// Why it could not be read to its end.
  [[nodiscard]] std::optional<std::string> error() const;

 protected:
  int_type underflow() override;

 private:
  [[nodiscard]] bool wait_for_bytes();

  boost::asio::io_context& context_;
  const bool& stopped_;
  std::optional<StreamInput> stream_{};
  std::int64_t start_{-1};  // of the capture in its file; -1: it cannot be read twice
  std::uint64_t size_{};
  int error_{};
  std::vector<char> buffer_;
};

}  // namespace p1meter::daemon
