// SPDX-License-Identifier: Apache-2.0
// Mapping: what a register has risen by since the current quarter of the meter's clock began.
#pragma once

#include <cstdint>
#include <optional>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/time.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter::mapping {

inline constexpr seconds quarter{900};

/// Notices when a quarter of an hour begins. Every European offset is a multiple of a quarter, so
/// that UTC shows the clock's quarters as well as local time does.
class QuarterClock {
 public:
  enum class Step : std::uint8_t {
    within,  // of the same quarter as before
    begun,   // the first of the quarter that follows the one before
    gap      // there may be something between, or the clock was set
  };
  /// A telegram's time, in the order of arrival.
  [[nodiscard]] Step advance(Instant time) noexcept {
    const bool same = time >= begin_ && time < begin_ + quarter;
    const bool in_order = time >= latest_ && time - latest_ <= longest_gap;
    const auto seen = latest_;
    latest_ = time;
    if (same) return time >= seen ? Step::within : Step::gap;
    begin_ = std::chrono::floor<seconds>(time) -
             std::chrono::floor<seconds>(time).time_since_epoch() % quarter;
    return in_order ? Step::begun : Step::gap;
  }
  [[nodiscard]] Instant begin() const noexcept { return begin_; }

 private:
  // From one telegram to the next at a quarter's begin: what lies between is counted to neither.
  static constexpr seconds longest_gap{60};

  Instant begin_{};
  Instant latest_{};
};

/// A register's value when the quarter began.
class QuarterRise {
 public:
  /// The register, or nothing when this telegram lacks it. Gives the rise since the quarter began;
  /// nothing until a beginning was seen.
  [[nodiscard]] std::optional<Decimal> rise(QuarterClock::Step step,
                                            const std::optional<Decimal>& total) noexcept {
    if (step == QuarterClock::Step::begun) at_begin_ = total;
    if (step == QuarterClock::Step::gap) at_begin_.reset();
    if (!at_begin_ || !total) return std::nullopt;
    const auto difference = subtract(*total, *at_begin_);
    if (difference && difference->mantissa >= 0) return difference;
    at_begin_.reset();
    return std::nullopt;
  }
  void forget() noexcept { at_begin_.reset(); }

 private:
  std::optional<Decimal> at_begin_{};
};

}  // namespace p1meter::mapping
