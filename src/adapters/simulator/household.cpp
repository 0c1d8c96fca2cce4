// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: a house and its meter's registers.
#include "adapters/simulator/household.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "adapters/simulator/appliances.hpp"
#include "adapters/simulator/local_time.hpp"
#include "adapters/simulator/random.hpp"

namespace p1meter::simulator {
namespace {

using std::chrono::minutes;

constexpr milliseconds quarter_hour = minutes{15};
constexpr milliseconds average_length = minutes{10};  // ESO data model
constexpr milliseconds longest_piece = minutes{5};    // ends with either of them
constexpr std::size_t history_limit = 13;             // what Belgian meters keep
constexpr std::size_t outage_limit = 10;              // DSMR P1: z <= 10

// Streams of the past; those of the appliances are small numbers.
enum Stream : std::uint64_t {
  registers = 100,
  past_peaks,
  past_outages,
  mains,  // and the two numbers after it: a stream a phase
  motors = 110,
  grid = 120,
};

Instant floor_to(Instant instant, milliseconds step) {
  const auto count = instant.time_since_epoch().count();
  auto rest = count % step.count();
  if (rest < 0) rest += step.count();
  return instant - milliseconds{rest};
}

// High tariff: working days, 7 to 23 h in the Netherlands, 7 to 22 h in Belgium.
std::size_t tariff_at(Instant instant, TariffRule rule, const Zone& zone) {
  const LocalTime local = local_time(instant, zone);
  const bool working_day = local.weekday != 0 && local.weekday != 6;
  const unsigned evening = rule == TariffRule::dutch ? 23 : 22;
  const bool high = working_day && local.hour >= 7 && local.hour < evening;
  return (rule == TariffRule::dutch) == high ? 1 : 0;
}

std::int64_t round_to(std::int64_t value, std::int64_t step) { return value / step * step; }

MonthPeak month_before(MonthPeak peak, const Zone& zone) {
  const LocalTime local = local_time(peak.month_end - minutes{1}, zone);
  peak.month_end = month_start(local.year, local.month, zone);
  return peak;
}

}  // namespace

Household::Household(const HouseholdOptions& options)
    : options_{options},
      now_{options.start},
      volume_time_{floor_to(options.start, options.volume_step)} {
  set_past();
  set_past_of_other_registers();
  measure();
  average_.power = net_power_;
  for (std::size_t i = 0; i < phases_.size(); ++i) average_.voltage.at(i) = phases_.at(i).voltage;
  average_begin_ = now_;
}

std::uint64_t Household::bits(std::uint64_t stream, std::int64_t step) const noexcept {
  return random_bits(options_.seed, stream, static_cast<std::uint64_t>(step));
}

// Some years have passed before the first telegram.
void Household::set_past() {
  constexpr std::int64_t hour = 3'600'000;
  imported_[0].amount = random_between(bits(registers, 0), 1'000'000, 9'000'000) * hour;
  imported_[1].amount = random_between(bits(registers, 1), 1'000'000, 9'000'000) * hour;
  exported_[0].amount = random_between(bits(registers, 2), 100'000, 3'000'000) * hour;
  exported_[1].amount = random_between(bits(registers, 3), 100'000, 3'000'000) * hour;
  gas_.amount = random_between(bits(registers, 4), 500'000, 9'000'000) * hour;
  water_.amount = random_between(bits(registers, 5), 50'000, 900'000) * hour;
  failures_ = random_between(bits(past_outages, 0), 3, 12);
  long_failures_ = 2;
  for (int i = 1; i <= long_failures_; ++i) {
    const auto draw = bits(past_outages, i);
    const seconds ago{random_between(draw, 2'400'000, 5'400'000) * i};
    outages_.push_back({floor_to(now_ - ago, seconds{1}), random_between(draw, 200, 7200)});
  }

  const LocalTime local = local_time(now_, options_.zone);
  const Instant this_month = month_start(local.year, local.month, options_.zone);
  const auto peak = [this](Instant from, Instant to, int step) {
    const auto draw = bits(past_peaks, step);
    const auto quarters = std::max<std::int64_t>((to - from) / quarter_hour, 1);
    return MonthPeak{to, from + quarter_hour * random_between(draw, 1, quarters),
                     round_to(random_between(draw >> 20U, 2200, 6900), options_.power_step)};
  };
  if (now_ - this_month >= 2 * quarter_hour) {
    month_peak_ = peak(this_month, now_, 0);
  } else {
    month_peak_ = {.month_end = {}, .when = this_month, .power = 0};
  }
  MonthPeak month{.month_end = this_month, .when = {}, .power = 0};
  for (int i = 1; i <= 5; ++i) {  // a connection of half a year
    const MonthPeak before = month_before(month, options_.zone);
    history_.insert(history_.begin(), peak(before.month_end, month.month_end, i));
    month = before;
  }
}

void Household::set_past_of_other_registers() {
  constexpr std::int64_t hour = 3'600'000;
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    const auto draw = bits(registers, static_cast<std::int64_t>(10 + i));
    phase_imported_.at(i).amount = random_between(draw, 1'000'000, 6'000'000) * hour;
    phase_exported_.at(i).amount = random_between(draw >> 8U, 100'000, 2'000'000) * hour;
  }
  for (std::size_t i = 0; i < reactive_.size() * 4; ++i) {
    const auto draw = bits(registers, static_cast<std::int64_t>(20 + i));
    reactive_.at(i / 4).at(i % 4).amount = random_between(draw, 10'000, 900'000) * hour;
  }

  const LocalTime local = local_time(now_, options_.zone);
  const std::int64_t days = local.day;  // what a day has brought since the month began
  last_month_.end = month_start(local.year, local.month, options_.zone);
  for (std::size_t i = 0; i < 2; ++i) {
    last_month_.imported.at(i) = imported(i) - days * 4000;
    last_month_.exported.at(i) = exported(i) - days * 1000;
  }
  for (std::size_t i = 0; i < 4; ++i)
    last_month_.reactive.at(i) = reactive_energy(i, 2) - days * 90;
}

void Household::measure() {
  const LocalTime local = local_time(now_, options_.zone);
  auto watts = consumption(options_.seed, now_, local);
  const std::int64_t sun = solar_yield(options_.seed, now_, local);
  const auto second = std::chrono::floor<seconds>(now_.time_since_epoch()).count();
  // Motors take some reactive power, filters of idle devices give a little.
  std::array<std::int64_t, 3> vars{};
  for (std::size_t i = 0; i < vars.size(); ++i) {
    const auto draw = bits(motors + i, second / 10);
    vars.at(i) = watts.at(i) * random_between(draw, 90, 160) / 1000 - random_between(draw, 15, 70);
  }
  for (auto& phase : watts) phase -= sun / 3;
  if (!options_.three_phases) {
    watts = {watts[0] + watts[1] + watts[2], 0, 0};
    vars = {vars[0] + vars[1] + vars[2], 0, 0};
  }
  net_power_ = 0;
  net_reactive_ = vars[0] + vars[1] + vars[2];
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    auto& phase = phases_.at(i);
    phase.power = round_to(watts.at(i), options_.power_step);
    phase.voltage =
        2335 + random_between(bits(mains + i, second / 10), -25, 25) - phase.power / 300;
    phase.current = (std::abs(phase.power) * 1000 + phase.voltage / 2) / phase.voltage;
    phase.reactive = vars.at(i);
    net_power_ += phase.power;
  }
}

void Household::advance(Instant to) {
  const Instant from = now_;
  now_ = to;
  measure();  // the power of the whole time since the last telegram
  for (Instant piece = from; piece < to;) {
    now_ = piece;
    const Instant end = std::min(floor_to(piece, longest_piece) + longest_piece, to);
    integrate(end - piece);
    now_ = end;
    if (end == floor_to(end, quarter_hour)) close_quarter();
    if (end == floor_to(end, average_length)) close_average(end);
    piece = end;
  }
  read_volumes(to);
}

void Household::integrate(milliseconds duration) {
  const std::int64_t amount = net_power_ * duration.count();
  const std::size_t index = tariff();
  if (amount >= 0) {
    imported_.at(index).amount += amount;
    quarter_.amount += amount;
  } else {
    exported_.at(index).amount -= amount;
    export_quarter_.amount -= amount;
  }
  reactive_.at(index).at(quadrant()).amount += std::abs(net_reactive_) * duration.count();
  average_power_.amount += amount;
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    const Phase& phase = phases_.at(i);
    auto& register_of_phase = phase.power < 0 ? phase_exported_ : phase_imported_;
    register_of_phase.at(i).amount += std::abs(phase.power) * duration.count();
    average_voltage_.at(i).amount += phase.voltage * duration.count();
  }
}

void Household::close_average(Instant end) {
  const std::int64_t length = (end - average_begin_).count();
  average_.power = average_power_.amount / length;
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    average_.voltage.at(i) = average_voltage_.at(i).amount / length;
  }
  average_begin_ = end;
  average_power_ = {};
  average_voltage_ = {};
}

void Household::close_quarter() {
  if (demand() > month_peak_.power) month_peak_ = {{}, now_, demand()};
  quarter_ = {};
  export_quarter_ = {};
  const LocalTime local = local_time(now_, options_.zone);
  if (local.day == 1 && local.second_of_day == 0) {
    month_peak_.month_end = now_;
    history_.push_back(month_peak_);
    if (history_.size() > history_limit) history_.erase(history_.begin());
    month_peak_ = {.month_end = {}, .when = now_, .power = 0};
    last_month_.end = now_;
    for (std::size_t i = 0; i < 2; ++i) {
      last_month_.imported.at(i) = imported(i);
      last_month_.exported.at(i) = exported(i);
    }
    for (std::size_t i = 0; i < 4; ++i) last_month_.reactive.at(i) = reactive_energy(i, 2);
  }
}

void Household::read_volumes(Instant to) {
  const milliseconds step = options_.volume_step;
  while (volume_time_ + step <= to) {
    const LocalTime local = local_time(volume_time_, options_.zone);
    gas_.amount += gas_flow(options_.seed, volume_time_, local) * step.count();
    water_.amount += water_flow(options_.seed, volume_time_, local) * step.count();
    volume_time_ += step;
  }
}

void Household::fail_power(std::int64_t seconds) {
  ++failures_;
  if (seconds <= 180) return;  // DSMR P1: a long failure takes more than 3 minutes
  ++long_failures_;
  outages_.insert(outages_.begin(), {floor_to(now_, std::chrono::seconds{1}), seconds});
  if (outages_.size() > outage_limit) outages_.pop_back();
}

std::int64_t Household::imported(std::size_t tariff) const noexcept {
  return imported_[tariff].hours();
}
std::int64_t Household::exported(std::size_t tariff) const noexcept {
  return exported_[tariff].hours();
}
std::int64_t Household::imported_total() const noexcept {
  return Integral{imported_[0].amount + imported_[1].amount}.hours();
}
std::int64_t Household::exported_total() const noexcept {
  return Integral{exported_[0].amount + exported_[1].amount}.hours();
}
std::int64_t Household::imported_fine() const noexcept {
  return (imported_[0].amount + imported_[1].amount) / 360;
}
std::int64_t Household::exported_fine() const noexcept {
  return (exported_[0].amount + exported_[1].amount) / 360;
}
std::int64_t Household::phase_imported(std::size_t phase) const noexcept {
  return phase_imported_[phase].hours();
}
std::int64_t Household::phase_exported(std::size_t phase) const noexcept {
  return phase_exported_[phase].hours();
}
std::int64_t Household::reactive_energy(std::size_t quadrant, std::size_t tariff) const noexcept {
  if (tariff < reactive_.size()) return reactive_[tariff][quadrant].hours();
  return Integral{reactive_[0][quadrant].amount + reactive_[1][quadrant].amount}.hours();
}
std::size_t Household::quadrant() const noexcept {
  if (net_reactive_ >= 0) return net_power_ >= 0 ? 0 : 1;
  return net_power_ >= 0 ? 3 : 2;
}
std::int64_t Household::frequency() const noexcept {
  const auto second = std::chrono::floor<seconds>(now_.time_since_epoch()).count();
  return random_between(bits(grid, second / 5), 4997, 5003);
}
std::size_t Household::tariff() const noexcept {
  return tariff_at(now_, options_.tariffs, options_.zone);
}
std::int64_t Household::demand() const noexcept { return quarter_.amount / quarter_hour.count(); }
std::int64_t Household::export_demand() const noexcept {
  return export_quarter_.amount / quarter_hour.count();
}

}  // namespace p1meter::simulator
