// SPDX-License-Identifier: Apache-2.0
// Values: the numbers of units in DLMS data; includes the standard library only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "p1meter/values/unit.hpp"

namespace p1meter {

inline constexpr std::uint8_t no_known_unit = 0xFF;

/// The units that meters send, by their numbers; no_known_unit for all others.
/// Source    Blue Book, units
inline constexpr auto dlms_units = [] {
  std::array<std::uint8_t, 256> units{};
  units.fill(no_known_unit);
  const auto set = [&](std::size_t number, Unit unit) {
    units[number] = static_cast<std::uint8_t>(unit);
  };
  set(5, Unit::hour);
  set(6, Unit::minute);
  set(7, Unit::second);
  set(8, Unit::degree);
  set(9, Unit::celsius);
  set(13, Unit::cubic_metre);
  set(14, Unit::cubic_metre);  // corrected to base conditions
  set(19, Unit::litre);
  set(25, Unit::joule);
  set(27, Unit::watt);
  set(28, Unit::volt_ampere);
  set(29, Unit::var);
  set(30, Unit::watt_hour);
  set(31, Unit::volt_ampere_hour);
  set(32, Unit::var_hour);
  set(33, Unit::ampere);
  set(35, Unit::volt);
  set(44, Unit::hertz);
  set(56, Unit::percent);
  set(255, Unit::none);  // a count
  return units;
}();

/// The number of a unit; that of a count for units without one.
[[nodiscard]] constexpr std::uint8_t dlms_unit_number(Unit unit) noexcept {
  std::size_t number = 0;
  while (number < dlms_units.size() - 1 && dlms_units[number] != static_cast<std::uint8_t>(unit)) {
    ++number;
  }
  return static_cast<std::uint8_t>(number);
}
static_assert(dlms_unit_number(Unit::watt) == 27 && dlms_unit_number(Unit::kilowatt) == 255);

}  // namespace p1meter
