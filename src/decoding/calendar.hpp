// SPDX-License-Identifier: Apache-2.0
// Decoding: the calendar that a stamp must keep to. Includes values only.
#pragma once

#include <array>
#include <cstddef>

namespace p1meter::decoding {

[[nodiscard]] constexpr bool is_leap(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// month from 1 to 12
[[nodiscard]] constexpr int days_in(int year, int month) noexcept {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

[[nodiscard]] constexpr bool is_date(int year, int month, int day) noexcept {
  return month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

}  // namespace p1meter::decoding
