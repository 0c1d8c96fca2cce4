// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS values to objects. Includes values only.
#pragma once

#include <cstring>
#include <optional>
#include <string_view>

#include "decoding/axdr.hpp"
#include "decoding/stamp.hpp"
#include "decoding/text_memory.hpp"
#include "p1meter/values/dlms_unit.hpp"
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

/// A text as it is, without the NULs that some makers fill it up with, or as hex where it is not
/// printable.
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
