// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the numbers that a house's meter can show, by name.
#pragma once

#include <cstdint>
#include <string_view>

#include "adapters/simulator/household.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter::simulator {

struct Quantity {
  std::string_view name{};
  std::int64_t (*value)(const Household&){};
  int decimals{};         // value is in 10^-decimals of the unit
  Unit unit{Unit::none};  // never one with kilo
};

/// Null when there is none of this name.
[[nodiscard]] const Quantity* find_quantity(std::string_view name) noexcept;

/// A number in 10^-from as one in 10^-to; rounded half away from zero where digits are lost.
[[nodiscard]] std::int64_t rescale(std::int64_t value, int from, int to) noexcept;

}  // namespace p1meter::simulator
