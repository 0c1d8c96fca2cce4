// SPDX-License-Identifier: Apache-2.0
// Framing: what can be the first line of a telegram. Includes values only.
#pragma once

#include <cstddef>
#include <string_view>

namespace p1meter {

/// Parity that was left in bit 7: a 7E1 or 7O1 line read as 8N1.
enum class Parity : unsigned char { none, even, odd };

/// Parity of all eight bits of c: true when an even number of them is set.
[[nodiscard]] bool has_even_parity(char c) noexcept;

/// The verdict on bytes that begin with '/'.
struct HeaderVerdict {
  enum class Kind : unsigned char {
    none,        // no line end within max_header_size, or line noise: not a header
    incomplete,  // more bytes are needed
    possible,    // a printable line: a header where a line starts between telegrams
    certain,     // "/ABC..." with three letters and without parentheses: a header anywhere
  };
  Kind kind{Kind::none};
  std::size_t size{};  // with its line feed
  Parity parity{Parity::none};
};

/// IEC 62056-21 allows 21 characters; field meters send up to about 40.
inline constexpr std::size_t max_header_size = 128;

[[nodiscard]] HeaderVerdict judge_header(std::string_view bytes) noexcept;

/// '/' itself, with or without parity.
[[nodiscard]] constexpr bool is_header_start(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0x7FU) == '/';
}

/// A line may start behind a line end, and behind any other control byte: those are line noise.
[[nodiscard]] constexpr bool starts_line_after(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0x7FU) < 0x20;
}

}  // namespace p1meter
