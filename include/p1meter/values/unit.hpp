// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace p1meter {

/// The units that meters send and users may ask for.
enum class Unit : std::uint8_t {
  none,
  watt,
  kilowatt,
  megawatt,
  watt_hour,
  kilowatt_hour,
  megawatt_hour,
  var,
  kilovar,
  var_hour,
  kilovar_hour,
  volt_ampere,
  kilovolt_ampere,
  volt_ampere_hour,
  kilovolt_ampere_hour,
  ampere,
  kiloampere,
  milliampere,
  volt,
  kilovolt,
  hertz,
  kilohertz,
  cubic_metre,
  litre,
  joule,
  megajoule,
  gigajoule,
  second,
  minute,
  hour,
  degree,
  celsius,
  percent,
};

/// Units of one family convert into each other by moving the decimal point: kW and W, m³ and l.
/// Energy in Wh and in J are two families, for no power of ten joins them.
enum class UnitFamily : std::uint8_t {
  none,
  power,
  energy,
  reactive_power,
  reactive_energy,
  apparent_power,
  apparent_energy,
  current,
  voltage,
  frequency,
  volume,
  heat,
  second,
  minute,
  hour,
  angle,
  temperature,
  ratio,
};

[[nodiscard]] UnitFamily family_of(Unit unit) noexcept;

/// Power of ten of a unit within its family: W 0, kW 3, MW 6; l -3, m³ 0.
[[nodiscard]] int power_of_ten(Unit unit) noexcept;

/// The unit as it is published: "kWh", "m³", "kvarh", "" for none.
[[nodiscard]] std::string_view unit_text(Unit unit) noexcept;

/// Reads a unit, trimmed and without regard to case, in any spelling that meters use ("kVArh",
/// "m3", "M3"). Output    nothing for an unknown unit; Unit::none for an empty one
/// Source    recordings of meters
[[nodiscard]] std::optional<Unit> parse_unit(std::string_view text) noexcept;

}  // namespace p1meter
