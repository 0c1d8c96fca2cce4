// SPDX-License-Identifier: Apache-2.0
// Values: reading codes and numbers off the front of a text. Inline: the decoder does it for every
// line. Includes the standard library only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"

namespace p1meter::scan {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Whether a text's end must be looked for at every character.
enum class Room : std::uint8_t { unknown, enough };

template <Room room = Room::unknown>
[[nodiscard]] constexpr bool take_char(const char*& at, const char* end, char c) noexcept {
  if ((room == Room::unknown && at == end) || *at != c) return false;
  ++at;
  return true;
}

/// One group of a code: 1 to 3 digits, at most 255.
template <Room room = Room::unknown>
[[nodiscard]] constexpr bool take_group(const char*& at, const char* end,
                                        unsigned& group) noexcept {
  const auto at_digit = [&] { return (room == Room::enough || at != end) && is_digit(*at); };
  if (!at_digit()) return false;
  group = static_cast<unsigned>(*at++ - '0');
  if (!at_digit()) return true;
  group = group * 10 + static_cast<unsigned>(*at++ - '0');
  if (!at_digit()) return true;
  group = group * 10 + static_cast<unsigned>(*at++ - '0');
  return group <= 255;
}

/// A code and the place behind it; null when there is none. Small enough to be handed over in
/// registers.
struct TakenObis {
  const char* behind{};
  Obis obis{};
};

template <Room room>
[[nodiscard]] inline TakenObis take_obis_in(const char* at, const char* end) noexcept {
  const char* p = at;  // locals stay in registers
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  unsigned e = 0;
  unsigned f = 255;
  const auto take = [&](char character) { return take_char<room>(p, end, character); };
  const auto take_number = [&](unsigned& group) { return take_group<room>(p, end, group); };
  const auto take_dot_or_colon = [&] { return take('.') || take(':'); };
  const bool reduced = take_number(a) && take('-') && take_number(b) && take(':') &&
                       take_number(c) && take_dot_or_colon() && take_number(d) &&
                       take_dot_or_colon() && take_number(e);
  if (!reduced) return {};
  if (take('*')) {
    if (!take_number(f)) return {};
  } else if (take('.')) {
    // A sixth group behind a point is only ever 255; another one is a damaged code.
    if (!take_number(f) || f != 255) return {};
  }
  const auto group = [](unsigned number) { return static_cast<std::uint8_t>(number); };
  return {p, {group(a), group(b), group(c), group(d), group(e), group(f)}};
}

/// Takes a reduced OBIS code (grammar: parse_obis) off the front.
[[nodiscard]] inline TakenObis take_obis(const char* at, const char* end) noexcept {
  constexpr std::ptrdiff_t longest = 6 * 3 + 5;  // groups of three digits, separators
  return end - at > longest ? take_obis_in<Room::enough>(at, end)
                            : take_obis_in<Room::unknown>(at, end);
}

/// Appends a row of digits to value, modulo 2^64; gives the place behind them.
[[nodiscard]] constexpr const char* take_digits(const char* at, const char* end,
                                                std::uint64_t& value) noexcept {
  for (; at != end; ++at) {
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  return at;
}

/// Takes a number (grammar: parse_decimal); `at` is then behind it. False: there is none, or it has
/// more digits than can be held.
[[nodiscard]] inline bool take_decimal(const char*& at, const char* end, Decimal& number) noexcept {
  constexpr std::ptrdiff_t max_digits = 18;
  const char* p = at;
  const bool negative = take_char(p, end, '-');
  if (!negative) static_cast<void>(take_char(p, end, '+'));
  const char* const first = p;
  std::uint64_t mantissa = 0;
  p = take_digits(p, end, mantissa);
  if (p == first) return false;
  std::ptrdiff_t decimals = 0;
  if (take_char(p, end, '.')) {
    const char* const point = p;
    p = take_digits(p, end, mantissa);
    decimals = p - point;
    if (decimals == 0 || decimals > max_exponent) return false;
  }
  if (p - first > max_digits) {
    const char* significant = first;
    while (significant != p && *significant == '0') ++significant;
    if (p - significant - (decimals > 0 ? 1 : 0) > max_digits) return false;
  }
  const auto value = static_cast<std::int64_t>(mantissa);
  number = {negative ? -value : value, static_cast<std::int8_t>(-decimals)};
  at = p;
  return true;
}

}  // namespace p1meter::scan
