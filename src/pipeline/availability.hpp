// SPDX-License-Identifier: Apache-2.0
// Pipeline: is the meter there. Includes the pure rooms only.
#pragma once

#include <optional>

#include "p1meter/values/time.hpp"
#include "pipeline/gap_history.hpp"

namespace p1meter {

/// A meter is online from a believed telegram until none has come for its offline limit; from the
/// start to the first it is offline.
/// Source    docs/mqtt.md, "p1meter/home/status"
class Availability {
 public:
  /// remembered_period: from an earlier run; 0 when unknown.
  explicit Availability(milliseconds remembered_period) : period_{remembered_period} {}

  /// A believed telegram came. True when that brings the meter online.
  bool telegram_came(milliseconds now) noexcept;
  /// True when the meter goes offline now.
  bool expire(milliseconds now) noexcept;

  [[nodiscard]] bool online() const noexcept { return online_; }
  /// When the meter goes offline if no telegram comes before or then; nothing while it is.
  [[nodiscard]] std::optional<milliseconds> deadline() const noexcept;
  /// max(3 x period, 10 s); 200 s while the period is unknown.
  [[nodiscard]] milliseconds limit() const noexcept { return limit_; }
  /// Median of the last 8 gaps; with fewer than 2 the remembered one; 0 when unknown.
  [[nodiscard]] milliseconds period() const noexcept { return period_; }
  /// True when the period is this run's own and settled.
  [[nodiscard]] bool period_settled() const noexcept {
    return gaps_.count() == GapHistory::capacity;
  }

 private:
  [[nodiscard]] static milliseconds limit_for(milliseconds period) noexcept;

  milliseconds period_;
  GapHistory gaps_{};
  std::optional<milliseconds> last_{};
  milliseconds limit_{limit_for(period_)};
  bool online_{};
};

}  // namespace p1meter
