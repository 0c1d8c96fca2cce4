// SPDX-License-Identifier: Apache-2.0
// Mapping: what a register has risen by since local midnight.
#pragma once

#include <chrono>
#include <optional>

#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/decimal.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter::mapping {

/// A meter's own wall clock, as if it were UTC: midnights and dates are taken from it, also where
/// the zone is not known.
[[nodiscard]] inline Instant wall_clock(const MeterTime& time) noexcept {
  const auto offset = time.certainty == TimeCertainty::zone_unknown ? 0 : time.utc_offset;
  return time.instant + std::chrono::minutes{offset};
}
[[nodiscard]] inline std::chrono::sys_days date_of(Instant wall) noexcept {
  return std::chrono::floor<std::chrono::days>(wall);
}

/// More than clocks are corrected by. One that is set back further was wrong: midnights that it has
/// shown were none.
constexpr seconds longest_correction{60};

/// Whether a meter's telegrams were watched without a gap, and whether midnight passed meanwhile.
class DayWatch {
 public:
  /// A telegram's time, in the order of arrival.
  void advance(const MeterTime& time) noexcept {
    const bool in_order = time.instant >= latest_ && time.instant - latest_ <= longest_gap;
    const auto date = date_of(wall_clock(time));
    began_anew_ = row_began_ == Instant{} || latest_ - time.instant > longest_correction;
    if (!in_order) {
      row_began_ = time.instant;
      midnight_seen_.reset();
    } else if (date != date_) {
      midnight_seen_ = time.instant;
    }
    date_ = date;
    latest_ = time.instant;
  }
  [[nodiscard]] Instant latest() const noexcept { return latest_; }
  /// The newest telegram is the first, or the first of a clock that was wrong and was set back.
  [[nodiscard]] bool began_anew() const noexcept { return began_anew_; }
  [[nodiscard]] bool unbroken_since(Instant telegram) const noexcept {
    return telegram >= row_began_ && telegram <= latest_;
  }
  /// A register that some telegrams lack is waited for.
  [[nodiscard]] bool midnight_just_seen() const noexcept {
    return midnight_seen_ && latest_ - *midnight_seen_ <= longest_gap;
  }

 private:
  // From one telegram to the next at midnight: what lies between is counted to one of both days.
  static constexpr seconds longest_gap{60};

  Instant latest_{};
  Instant row_began_{};
  std::chrono::sys_days date_{};
  std::optional<Instant> midnight_seen_{};
  bool began_anew_{};
};

/// A register's value, and when it held.
struct DaySample {
  Decimal number{};
  MeterTime time{};
  bool own_time{};  // the value's, up to an hour before the telegram's
};

/// A register and its value at the last midnight.
///
/// A day begins with the value of the first telegram at or after midnight, or, where values have
/// times of their own, with the last one read at or before it. What lies in a gap is not guessed:
/// nothing is known until the next midnight, unless the register has not moved meanwhile. What a
/// clock showed that was set back to an earlier day is forgotten.
/// Source    docs/meters.md, "Computed readings"
class DayRise {
 public:
  explicit DayRise(const std::optional<DayBegin>& remembered = std::nullopt) : begin_{remembered} {}

  /// The rise since midnight of the sample's date; nothing where that midnight was not seen.
  [[nodiscard]] std::optional<Decimal> rise(const DaySample& sample, const DayWatch& watch);
  /// What is to be remembered; its unit is whatever the samples have.
  [[nodiscard]] const std::optional<DayBegin>& begin() const noexcept { return begin_; }
  void forget() noexcept {
    begin_.reset();
    latest_.reset();
  }
  /// What a clock has shown that turned out to be ahead.
  void forget_days_after(std::chrono::sys_days date) noexcept {
    if (begin_ && begin_->date > date) begin_.reset();
    if (latest_ && date_of(latest_->wall) > date) latest_.reset();
  }

 private:
  struct Seen {
    Decimal number{};
    Instant wall{};
    Instant telegram{};  // the newest one that showed it
  };
  [[nodiscard]] std::optional<Decimal> value_at_midnight(const DaySample& sample, Instant wall,
                                                         const DayWatch& watch) const;
  [[nodiscard]] bool unmoved_since_an_earlier_day(const Decimal& number,
                                                  std::chrono::sys_days date) const;

  std::optional<DayBegin> begin_;
  std::optional<Seen> latest_{};
};

}  // namespace p1meter::mapping
