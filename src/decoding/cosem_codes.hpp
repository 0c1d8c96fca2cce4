// SPDX-License-Identifier: Apache-2.0
// Decoding: OBIS codes in DLMS data. Includes values only.
#pragma once

#include <cstddef>
#include <string_view>

#include "decoding/axdr.hpp"
#include "p1meter/values/obis.hpp"

namespace p1meter::decoding {

inline constexpr std::size_t obis_size = 6;  // octets
inline constexpr Obis clock_code{0, 0, 1, 0, 0};

/// The code in obis_size octets.
[[nodiscard]] constexpr Obis obis_of(std::string_view octets) noexcept {
  const auto group = [&](std::size_t i) { return octet(octets[i]); };
  return {group(0), group(1), group(2), group(3), group(4), group(5)};
}

/// The code in six octets that have two more behind them.
[[nodiscard]] inline Obis obis_before_two(const char* at) noexcept {
  return Obis::from_packed(load_big_endian(at) >> 16U);
}

/// Whether group A is one that exists: a serial number may have six octets too.
[[nodiscard]] constexpr bool has_medium(const Obis& obis) noexcept {
  constexpr unsigned media = 0x10;
  return obis.a() < media;
}

/// Whether a code can name the value behind it. A push setup's code (x.25.9.x) stands at the
/// beginning of some lists as a mark.
[[nodiscard]] constexpr bool can_name(const Obis& obis) noexcept {
  const bool push_mark = obis.c() == 25 && obis.d() == 9;
  return has_medium(obis) && !push_mark;
}
[[nodiscard]] inline bool is_name(const AxdrElement& element) noexcept {
  return element.is_octets(obis_size) && can_name(obis_of(element.content));
}

[[nodiscard]] constexpr bool is_clock(const Obis& obis) noexcept {
  return obis.a() == 0 && obis.c() == 1 && obis.d() == 0 && obis.e() == 0;
}
[[nodiscard]] constexpr bool is_list_name(const Obis& obis) noexcept {
  return obis.c() == 0 && obis.d() == 2 && obis.e() == 129;
}
[[nodiscard]] constexpr bool is_meter_type(const Obis& obis) noexcept {
  return obis.c() == 96 && obis.d() == 1 && (obis.e() == 1 || obis.e() == 7);
}

}  // namespace p1meter::decoding
