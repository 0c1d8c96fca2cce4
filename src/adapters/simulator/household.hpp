// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: a house and its meter's registers. Integers only: the same on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "p1meter/values/time.hpp"

namespace p1meter::simulator {

/// Which tariff is which: the Netherlands count low as 1, Belgium high (docs/meters.md).
enum class TariffRule : std::uint8_t { dutch, belgian };

struct HouseholdOptions {
  std::uint64_t seed{};
  Instant start{};
  TariffRule tariffs{TariffRule::dutch};
  bool three_phases{true};
  std::int64_t power_step{1};  // W; meters before DSMR 4 show 10 W
  seconds volume_step{300};    // gas and water are read so often
  Zone zone{};                 // whose wall clock people and tariffs follow
};

/// What one phase does at an instant.
struct Phase {
  std::int64_t power{};     // W, + import
  std::int64_t voltage{};   // 0.1 V
  std::int64_t current{};   // 0.01 A: power / voltage, rounded
  std::int64_t reactive{};  // var, + import
};

/// Of the last whole ten minutes of the clock.
struct Average {
  std::int64_t power{};                   // W, + import
  std::array<std::int64_t, 3> voltage{};  // 0.1 V
};

/// The registers when the last month ended.
struct MonthRecord {
  Instant end{};
  std::array<std::int64_t, 2> imported{};  // Wh by tariff
  std::array<std::int64_t, 2> exported{};
  std::array<std::int64_t, 4> reactive{};  // varh by quadrant
};

struct Outage {
  Instant end{};
  std::int64_t duration{};  // s
};

struct MonthPeak {
  Instant month_end{};   // first instant of the following month: how Belgian meters name a month
  Instant when{};        // end of the quarter of an hour
  std::int64_t power{};  // W
};

/// A register that adds up a rate over time without losing anything.
/// Unit      amount in rate x milliseconds
struct Integral {
  std::int64_t amount{};
  /// In rate x hours, cut off as meters do: Wh of W, litres of litres per hour.
  [[nodiscard]] std::int64_t hours() const noexcept { return amount / 3'600'000; }
};

/// A plausible house: consumption by the time of day, appliances, sun on the roof, gas heating by
/// the season, water. Power is constant from one telegram to the next, and the registers are its
/// exact integral.
class Household {
 public:
  explicit Household(const HouseholdOptions& options);

  /// Lets time pass. `to` never before now().
  void advance(Instant to);
  /// The mains fail for this long and come back now. The clock does not stand still meanwhile: a
  /// simulation that runs beside the wall clock stays beside it.
  void fail_power(std::int64_t seconds);

  [[nodiscard]] Instant now() const noexcept { return now_; }
  [[nodiscard]] const Zone& zone() const noexcept { return options_.zone; }
  [[nodiscard]] std::int64_t net_power() const noexcept { return net_power_; }        // W, + import
  [[nodiscard]] std::int64_t net_reactive() const noexcept { return net_reactive_; }  // var
  [[nodiscard]] std::size_t quadrant() const noexcept;                                // 0..3
  [[nodiscard]] std::int64_t frequency() const noexcept;                              // 0.01 Hz
  [[nodiscard]] const Phase& phase(std::size_t index) const noexcept { return phases_[index]; }
  [[nodiscard]] std::int64_t imported(std::size_t tariff) const noexcept;  // Wh, tariff 0 or 1
  [[nodiscard]] std::int64_t exported(std::size_t tariff) const noexcept;
  [[nodiscard]] std::int64_t imported_total() const noexcept;
  [[nodiscard]] std::int64_t exported_total() const noexcept;
  [[nodiscard]] std::int64_t imported_fine() const noexcept;  // 0.0001 Wh, all tariffs
  [[nodiscard]] std::int64_t exported_fine() const noexcept;
  [[nodiscard]] std::int64_t phase_imported(std::size_t phase) const noexcept;  // Wh
  [[nodiscard]] std::int64_t phase_exported(std::size_t phase) const noexcept;
  /// varh of a quadrant (0..3) in tariff 0 or 1; of both for 2.
  [[nodiscard]] std::int64_t reactive_energy(std::size_t quadrant,
                                             std::size_t tariff) const noexcept;
  [[nodiscard]] std::size_t tariff() const noexcept;  // 0 or 1: what 96.14.0 shows, less one
  [[nodiscard]] std::int64_t demand()
      const noexcept;  // W: this quarter's energy as if it were over
  [[nodiscard]] std::int64_t export_demand() const noexcept;
  [[nodiscard]] const Average& average() const noexcept { return average_; }
  [[nodiscard]] const MonthRecord& last_month() const noexcept { return last_month_; }
  [[nodiscard]] const MonthPeak& month_peak() const noexcept { return month_peak_; }
  [[nodiscard]] const std::vector<MonthPeak>& peak_history() const noexcept { return history_; }
  [[nodiscard]] std::int64_t gas() const noexcept { return gas_.hours(); }      // litres
  [[nodiscard]] std::int64_t water() const noexcept { return water_.hours(); }  // litres
  [[nodiscard]] Instant volume_time() const noexcept { return volume_time_; }
  [[nodiscard]] std::int64_t failures() const noexcept { return failures_; }
  [[nodiscard]] std::int64_t long_failures() const noexcept { return long_failures_; }
  [[nodiscard]] const std::vector<Outage>& outages() const noexcept { return outages_; }

 private:
  void set_past();
  void measure();
  void integrate(milliseconds duration);
  void close_quarter();
  void close_average(Instant end);
  void set_past_of_other_registers();
  void read_volumes(Instant to);
  [[nodiscard]] std::uint64_t bits(std::uint64_t stream, std::int64_t step) const noexcept;

  HouseholdOptions options_;
  Instant now_;
  std::array<Phase, 3> phases_{};
  std::int64_t net_power_{};
  std::int64_t net_reactive_{};
  std::array<Integral, 2> imported_{};
  std::array<Integral, 2> exported_{};
  std::array<Integral, 3> phase_imported_{};
  std::array<Integral, 3> phase_exported_{};
  std::array<std::array<Integral, 4>, 2> reactive_{};  // by tariff and quadrant
  Integral quarter_{};
  Integral export_quarter_{};
  Instant average_begin_{};
  Integral average_power_{};
  std::array<Integral, 3> average_voltage_{};
  Average average_{};
  MonthRecord last_month_{};
  MonthPeak month_peak_{};
  std::vector<MonthPeak> history_{};
  Integral gas_{};
  Integral water_{};
  Instant volume_time_{};
  std::int64_t failures_{};
  std::int64_t long_failures_{};
  std::vector<Outage> outages_{};
};

}  // namespace p1meter::simulator
