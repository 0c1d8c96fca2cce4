// SPDX-License-Identifier: Apache-2.0
// Limiting: which readings are due. Includes values only.
#pragma once

#include <cstdint>
#include <optional>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter {

enum class Aggregate : std::uint8_t { last, mean, min, max };

/// A change smaller than this does not count as one.
struct Deadband {
  Decimal amount{};
  bool percent{};  // of the last output's absolute value; else in the key's unit

  friend bool operator==(const Deadband&, const Deadband&) = default;
};

/// How often one key may and must go out. Users read it in docs/configuration.md, "How often
/// readings are published".
struct LimitPolicy {
  bool publish{true};
  milliseconds interval{0};               // at most one output per
  std::optional<milliseconds> refresh{};  // at least one per, as values arrive
  bool on_change{};
  std::optional<Deadband> deadband{};  // implies on_change
  Aggregate aggregate{Aggregate::last};
  std::uint32_t every{
      1};  // the window must hold this many values; above 1 the first output waits too

  friend bool operator==(const LimitPolicy&, const LimitPolicy&) = default;
};

}  // namespace p1meter
