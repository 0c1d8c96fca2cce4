// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the kinds of meters, as data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "adapters/simulator/household.hpp"
#include "adapters/simulator/simulator.hpp"

namespace p1meter::simulator {

/// A kind of meter: its telegram as text with fields in braces, and how its house behaves.
///
/// Grammar   field = "{" name [ " " digits "." decimals ] "}"; the names are in field.cpp. A number
/// is
///           zero padded to `digits` before the point and cut off or rounded to `decimals` after
///           it. Lines end with CR LF. The telegram ends before '!'.
struct Profile {
  SimulatorProfile face{};
  std::string_view text{};
  bool checksum{};
  TariffRule tariffs{TariffRule::dutch};
  bool three_phases{};
  std::int64_t power_step{1};  // W
  seconds volume_step{};
};

[[nodiscard]] std::span<const Profile> profiles() noexcept;
/// Null when there is none of this name.
[[nodiscard]] const Profile* find_profile(std::string_view name) noexcept;

}  // namespace p1meter::simulator
