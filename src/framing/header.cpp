// SPDX-License-Identifier: Apache-2.0
// Framing: what can be the first line of a telegram.
#include "framing/header.hpp"

#include <algorithm>
#include <bit>

namespace p1meter {
namespace {

constexpr char without_parity(char c) noexcept {
  return static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
}

constexpr bool is_letter(char c) noexcept {
  const char small = static_cast<char>(without_parity(c) | 0x20);
  return small >= 'a' && small <= 'z';
}

constexpr bool is_parenthesis(char c) noexcept {
  const char plain = without_parity(c);
  return plain == '(' || plain == ')';
}

bool has_odd_parity(char c) noexcept { return !has_even_parity(c); }

/// "/ABC", no parentheses up to the line end.
bool has_shape(std::string_view line) noexcept {
  constexpr std::size_t letters = 3;
  return line.size() > 1 + letters &&
         std::all_of(line.begin() + 1, line.begin() + 1 + letters, is_letter) &&
         std::none_of(line.begin(), line.end(), is_parenthesis);
}

constexpr bool is_printable(char c) noexcept { return c >= 0x20 && c < 0x7F; }

HeaderVerdict judge_line(std::string_view line, Parity parity) noexcept {
  using Kind = HeaderVerdict::Kind;
  if (has_shape(line)) return {Kind::certain, line.size(), parity};
  auto text = line.substr(0, line.size() - 1);
  if (text.back() == '\r') text.remove_suffix(1);
  // Noise has control bytes, and passes for parity too easily.
  const bool readable = parity == Parity::none && std::ranges::all_of(text, is_printable);
  return {readable ? Kind::possible : Kind::none, line.size(), parity};
}

}  // namespace

bool has_even_parity(char c) noexcept {
  return std::popcount(static_cast<unsigned char>(c)) % 2 == 0;
}

HeaderVerdict judge_header(std::string_view bytes) noexcept {
  constexpr char odd_line_feed = '\x8A';
  const auto head = bytes.substr(0, max_header_size);
  const auto line = head.substr(0, std::min(head.find('\n'), head.size() - 1) + 1);
  const bool plain = bytes.front() == '/';
  if (plain) {
    const auto odd_line = line.substr(0, std::min(line.find(odd_line_feed), line.size() - 1) + 1);
    if (odd_line.back() == odd_line_feed && std::ranges::all_of(odd_line, has_odd_parity)) {
      return judge_line(odd_line, Parity::odd);
    }
  }
  if (line.back() != '\n') {
    const bool full = head.size() == max_header_size;
    return {full ? HeaderVerdict::Kind::none : HeaderVerdict::Kind::incomplete};
  }
  if (plain) return judge_line(line, Parity::none);
  if (std::ranges::all_of(line, has_even_parity)) return judge_line(line, Parity::even);
  return {};
}

}  // namespace p1meter
