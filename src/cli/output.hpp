// SPDX-License-Identifier: Apache-2.0
// CLI: what a command prints, written at once and whole.
#pragma once

#include <string_view>

namespace p1meter::cli {

/// Writes to a descriptor without a buffer of its own, so that a reader has every line at once.
/// The first failure is kept; what is written after it is dropped.
class Output {
 public:
  explicit Output(int descriptor) noexcept : descriptor_{descriptor} {}

  /// False when this or an earlier write has failed.
  bool write(std::string_view bytes) noexcept;

  [[nodiscard]] bool failed() const noexcept { return error_ != 0; }
  /// The reader has gone away: no mishap worth a message.
  [[nodiscard]] bool reader_gone() const noexcept;
  /// `status`, or exit_io when the output failed: then says why, unless the reader has gone away.
  [[nodiscard]] int finish(int status) const;

 private:
  int descriptor_;
  int error_{};  // errno
};

}  // namespace p1meter::cli
