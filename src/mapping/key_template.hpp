// SPDX-License-Identifier: Apache-2.0
// Mapping: keys and names from the templates of the OBIS table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "p1meter/values/obis.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter::mapping {

/// True for the kinds that have a word of their own in keys; others are named by their channel.
[[nodiscard]] constexpr bool has_medium(Device device) noexcept {
  return device >= Device::gas && device <= Device::submeter;
}

/// "{medium}_volume" -> "gas2_volume"
[[nodiscard]] std::string expand_key(std::string_view text, const Obis& obis, const DeviceRef& ref);
/// "{medium} volume" -> "Gas 2 volume"
[[nodiscard]] std::string expand_name(std::string_view text, const Obis& obis,
                                      const DeviceRef& ref);

/// The device of an object that stands outside M-Bus: group A (DSMR 2.x: 7 gas, 8 water, ...).
[[nodiscard]] Device device_of_group_a(std::uint8_t a) noexcept;

/// What a device type (0-n:24.1.0) measures. Source EN 13757-3
[[nodiscard]] Device device_of_type(std::int64_t type) noexcept;

}  // namespace p1meter::mapping
