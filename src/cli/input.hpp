// SPDX-License-Identifier: Apache-2.0
// CLI: a file or standard input as a stream that gives what is there at once.
#pragma once

#include <array>
#include <cstddef>
#include <istream>
#include <optional>
#include <streambuf>
#include <string>

#include "p1meter/values/result.hpp"

namespace p1meter::cli {

/// Reads a descriptor block by block. Unlike a file's own buffer it never waits for more than has
/// arrived, so that a telegram in a pipe is decoded when it ends and not when the buffer is full.
class InputBuffer final : public std::streambuf {
 public:
  explicit InputBuffer(int descriptor) noexcept : descriptor_{descriptor} {}
  ~InputBuffer() override;
  InputBuffer(const InputBuffer&) = delete;
  InputBuffer& operator=(const InputBuffer&) = delete;
  InputBuffer(InputBuffer&&) = delete;
  InputBuffer& operator=(InputBuffer&&) = delete;

  /// errno of a read that failed; 0: none has.
  [[nodiscard]] int error() const noexcept { return error_; }

 protected:
  int_type underflow() override;

 private:
  static constexpr std::size_t block = 65536;
  int descriptor_;
  int error_{};
  std::array<char, block> buffer_{};
};

/// Opens a file for reading; "-" is standard input.
/// Errors    the reason in words: not there, no permission, a directory
[[nodiscard]] Result<int, std::string> open_input(const std::string& path);

}  // namespace p1meter::cli
