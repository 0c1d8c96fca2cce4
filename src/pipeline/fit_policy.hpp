// SPDX-License-Identifier: Apache-2.0
// Pipeline: rules for readings, as far as they fit a key. Includes the pure rooms only.
#pragma once

#include "p1meter/limiting/policy.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter {

/// Drops from a policy what a glob gave to a key that cannot have it: text, lists, states,
/// registers and counters take their last value only, and text, lists and states no deadband.
/// Source    docs/configuration.md, "How often readings are published"
[[nodiscard]] LimitPolicy fit_policy(LimitPolicy policy, ReadingKind kind) noexcept;

}  // namespace p1meter
