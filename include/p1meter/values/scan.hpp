// SPDX-License-Identifier: Apache-2.0
// Values: reading codes and numbers off the front of a text. Inline: the decoder does it for every
// line. Includes the standard library only.
#pragma once

#include <cstdint>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"

namespace p1meter::scan {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// One group of a code: 1 to 3 digits, at most 255.
[[nodiscard]] inline bool take_group(const char*& at, const char* end,
                                     std::uint8_t& group) noexcept {
  const char* const first = at;
  unsigned value = 0;
  while (at != end && at - first < 3 && is_digit(*at)) {
    value = value * 10 + static_cast<unsigned>(*at - '0');
    ++at;
  }
  group = static_cast<std::uint8_t>(value);
  return at != first && value <= 255;
}

[[nodiscard]] inline bool take_char(const char*& at, const char* end, char c) noexcept {
  if (at == end || *at != c) return false;
  ++at;
  return true;
}

/// Takes a reduced OBIS code (grammar: parse_obis); `at` is then behind it. False: there is none.
[[nodiscard]] inline bool take_obis(const char*& at, const char* end, Obis& obis) noexcept {
  const auto take_dot_or_colon = [&] { return take_char(at, end, '.') || take_char(at, end, ':'); };
  const bool reduced =
      take_group(at, end, obis.a) && take_char(at, end, '-') && take_group(at, end, obis.b) &&
      take_char(at, end, ':') && take_group(at, end, obis.c) && take_dot_or_colon() &&
      take_group(at, end, obis.d) && take_dot_or_colon() && take_group(at, end, obis.e);
  if (!reduced) return false;
  obis.f = 255;
  if (take_char(at, end, '*')) return take_group(at, end, obis.f);
  // A sixth group behind a point is only ever 255; another one is a damaged code.
  if (take_char(at, end, '.')) return take_group(at, end, obis.f) && obis.f == 255;
  return true;
}

/// Takes a number (grammar: parse_decimal); `at` is then behind it. False: there is none, or it has
/// more digits than can be held.
[[nodiscard]] inline bool take_decimal(const char*& at, const char* end, Decimal& number) noexcept {
  const bool negative = take_char(at, end, '-');
  if (!negative) static_cast<void>(take_char(at, end, '+'));
  std::int64_t mantissa = 0;
  const auto take_digits = [&] {
    const char* const first = at;
    for (; at != end && is_digit(*at); ++at) {
      if (mantissa > max_mantissa / 10) return false;
      mantissa = mantissa * 10 + (*at - '0');
    }
    return at != first;
  };
  if (!take_digits()) return false;
  std::int8_t exponent = 0;
  if (take_char(at, end, '.')) {
    const char* const first = at;
    if (!take_digits() || at - first > max_exponent) return false;
    exponent = static_cast<std::int8_t>(first - at);
  }
  number = {negative ? -mantissa : mantissa, exponent};
  return true;
}

}  // namespace p1meter::scan
