// SPDX-License-Identifier: Apache-2.0
// Mapping: what a register has risen by since local midnight.
#include "mapping/day_rise.hpp"

namespace p1meter::mapping {
namespace {

// Gas and water meters report by the hour, some a little late.
constexpr auto longest_report = std::chrono::minutes{65};
// Norwegian meters send their registers ten seconds after each full hour, and some no time between.
constexpr seconds latest_hourly_list{10};
constexpr auto least_hour = std::chrono::minutes{59};

}  // namespace

std::optional<Decimal> DayRise::rise(const DaySample& sample, const DayWatch& watch) {
  const Instant wall = wall_clock(sample.time);
  const auto date = date_of(wall);
  if (latest_ && latest_->wall - wall > longest_correction) forget_days_after(date);
  if (!begin_ || begin_->date != date) {
    if (const auto value = value_at_midnight(sample, wall, watch)) {
      begin_ = DayBegin{.date = date, .value = *value};
    }
  }
  latest_ = Seen{sample.number, wall, watch.latest()};
  if (!begin_ || begin_->date != date) return std::nullopt;
  const auto difference = subtract(sample.number, begin_->value);
  if (difference && difference->mantissa >= 0) return difference;
  begin_.reset();  // another meter, or one that began again
  return std::nullopt;
}

std::optional<Decimal> DayRise::value_at_midnight(const DaySample& sample, Instant wall,
                                                  const DayWatch& watch) const {
  const auto date = date_of(wall);
  const Instant midnight = date;
  if (unmoved_since_an_earlier_day(sample.number, date)) return sample.number;
  const bool reported_before =
      latest_ && latest_->wall < midnight && midnight - latest_->wall <= longest_report;
  if (sample.own_time) {
    if (wall == midnight) return sample.number;
    if (reported_before && watch.unbroken_since(latest_->telegram)) return latest_->number;
    return std::nullopt;
  }
  const bool first_of_the_day = !latest_ || date_of(latest_->wall) != date;
  const bool hourly = reported_before && wall - latest_->wall >= least_hour &&
                      wall - midnight <= latest_hourly_list;
  if (first_of_the_day && (watch.midnight_just_seen() || hourly)) return sample.number;
  return std::nullopt;
}

/// Then it had this value at every midnight between, whether we saw it or not.
bool DayRise::unmoved_since_an_earlier_day(const Decimal& number,
                                           std::chrono::sys_days date) const {
  if (begin_ && begin_->date < date && begin_->value == number) return true;
  return latest_ && date_of(latest_->wall) < date && latest_->number == number;
}

}  // namespace p1meter::mapping
