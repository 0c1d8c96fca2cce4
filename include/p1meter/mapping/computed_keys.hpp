// SPDX-License-Identifier: Apache-2.0
// Mapping: the keys that only p1meter computes. Includes values only.
#pragma once

#include <span>

#include "p1meter/values/reading.hpp"

namespace p1meter {

/// Computed keys that no OBIS code has. Others (energy_import_total, power_net ...) are in the OBIS
/// table, for some meters send them.
[[nodiscard]] std::span<const KeyInfo> computed_keys();

}  // namespace p1meter
