// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS values to objects. Includes values only.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "decoding/axdr.hpp"
#include "decoding/stamp.hpp"
#include "decoding/text_memory.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::decoding {

/// Scaler and unit as they stand behind a value.
struct ScalerUnit {
  std::int8_t scaler{};
  std::uint8_t unit{};  // of the Blue Book's table
};

inline constexpr std::size_t scaler_unit_size = 6;

/// Whether a structure {integer scaler, enum unit} begins here: 02 02 0F scaler 16 unit. There must
/// be room for one.
[[nodiscard]] inline bool begins_scaler_unit(const char* at) noexcept {
  return std::memcmp(at, "\x02\x02\x0F", 3) == 0 && at[4] == '\x16';
}
[[nodiscard]] inline bool has_scaler_unit(const char* at, const char* end) noexcept {
  return end - at >= static_cast<std::ptrdiff_t>(scaler_unit_size) && begins_scaler_unit(at);
}
[[nodiscard]] inline ScalerUnit scaler_unit_at(const char* at) noexcept {
  return {static_cast<std::int8_t>(at[3]), octet(at[5])};
}

inline constexpr std::uint8_t no_known_unit = 0xFF;

/// The units that meters send, by their numbers. Source    Blue Book, units; meters.md c.5
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

/// A scaler that a Decimal can hold.
[[nodiscard]] constexpr bool is_exponent(int scaler) noexcept {
  return scaler >= -max_exponent && scaler <= max_exponent;
}

/// Gives an object the unit with a number of the table.
inline void set_unit(CosemObject& object, std::uint8_t number) noexcept {
  const std::uint8_t unit = dlms_units[number];
  object.unit_known = unit != no_known_unit;
  object.unit = object.unit_known ? static_cast<Unit>(unit) : Unit::none;
  object.has_unit = !object.unit_known || object.unit != Unit::none;
}

/// Whether all octets are printable ASCII.
[[nodiscard]] bool is_printable(std::string_view octets) noexcept;

/// A text as it is, or as hex where it is not printable.
[[nodiscard]] std::string_view text_of(std::string_view octets, TextMemory& memory) noexcept;

/// A whole number of any type that has one; bcd with two digits counts as such. Nothing when there
/// is none, or it has more than 18 digits.
[[nodiscard]] std::optional<std::int64_t> number_of(const AxdrElement& element) noexcept;

/// A clock's time, or what is the matter with it.
void set_clock(CosemObject& object, const Stamp& stamp) noexcept;

/// Fills in what a value says: raw, number, text or time. A number needs a scaler and a unit from
/// elsewhere, so it has scale_unknown set, but for booleans and enums, which have none.
///
/// - strings: text; what is not printable as hex
/// - octet-strings of 12 that are clocks (`is_clock`), date-time: time, time_unset, time_malformed
/// - float32, float64, bit-string, date, time: text as hex. A binary fraction is no exact decimal
/// - null-data, array, structure: nothing but raw
///
/// Output    false: it is a number of more than 18 digits, and was left empty
[[nodiscard]] bool fill_value(CosemObject& object, const AxdrElement& value, bool is_clock,
                              TextMemory& memory) noexcept;

}  // namespace p1meter::decoding
