// SPDX-License-Identifier: Apache-2.0
// Decoding: what the value groups of an object mean. Includes values only.
#pragma once

#include <array>
#include <cstddef>

#include "decoding/value_group.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::decoding {

/// The groups of one object: the first two as they were read, the rest only counted (walk `raw`).
struct Groups {
  std::array<ValueGroup, 2> first{};
  std::size_t count{};
};

/// Fills the value of an object with one group.
void fill_single(CosemObject& object, const ValueGroup& group) noexcept;

/// Fills an object with two groups and more: a timed value, a profile, a list.
void fill_many(CosemObject& object, const Groups& groups, Telegram& telegram);

/// Of these objects a telegram holds many lines and the newest counts: DSMR 2.2 gas, hour by hour.
[[nodiscard]] constexpr bool is_hourly_gas(const Obis& obis) noexcept {
  return obis.a() == 7 && obis.c() == 23;
}
[[nodiscard]] bool is_newer(const CosemObject& object, const CosemObject& than) noexcept;

}  // namespace p1meter::decoding
