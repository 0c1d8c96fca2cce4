// SPDX-License-Identifier: Apache-2.0
// Daemon: how often what is remembered of a healthy meter is written in a day. SD cards wear out.
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "adapters/simulator/simulator.hpp"
#include "adapters/state/stored_meter.hpp"
#include "daemon/meter_runner.hpp"

namespace p1meter::daemon {
namespace {

using std::chrono::hours;

/// A simulated meter and its pipeline, at ten thousand times the speed.
class AMeterOfManyDays {
 public:
  explicit AMeterOfManyDays(const std::string& profile) : simulator_{options(profile)} {}

  /// How many of a day's looks, one every ten seconds as the daemon has them, find news to write.
  int writes_of_the_next_day() {
    constexpr milliseconds look = seconds{10};
    int writes = 0;
    const milliseconds end = steady_ + hours{24};
    for (milliseconds next_look = steady_ + look; steady_ < end;) {
      feed();
      if (steady_ < next_look) continue;
      next_look += look;
      if (pipeline_.memory_version() == saved_) continue;
      saved_ = pipeline_.memory_version();
      written_ = state::write_meter({.memory = pipeline_.memory(), .line = {}});
      ++writes;
    }
    return writes;
  }
  [[nodiscard]] const std::string& written() const { return written_; }

 private:
  static SimulatorOptions options(const std::string& profile) {
    SimulatorOptions options;
    options.profile = profile;
    options.start = Instant{hours{24} * 19723};  // 2024-01-01
    return options;
  }
  void feed() {
    const std::string_view telegram = simulator_.next();
    steady_ += simulator_.period();
    const Moment now{.steady = steady_, .wall = simulator_.time()};
    pipeline_.run_timers_before(now);
    static_cast<void>(pipeline_.feed(telegram, now));
  }

  Simulator simulator_;
  settings::Settings settings_ = settings::load_text("meters: [{name: home}]", "test").settings;
  ObisTable table_{settings::make_obis_table()};
  MeterPipeline pipeline_{
      table_,
      pipeline_options(settings_.meters.front(), settings_.readings, make_workbench(settings_)),
      policy_lookup(settings_.readings)};
  milliseconds steady_{};
  std::uint64_t saved_{};
  std::string written_{};
};

class TheStateOfAHealthyMeter : public testing::TestWithParam<std::string> {};

TEST_P(TheStateOfAHealthyMeter, is_hardly_ever_written) {
  AMeterOfManyDays meter{GetParam()};
  EXPECT_LE(meter.writes_of_the_next_day(), 4) << "it comes to be known";
  EXPECT_LE(meter.writes_of_the_next_day(), 1) << "midnight's registers, nothing else";
  EXPECT_LT(meter.written().size(), 32U * 1024U);
}

INSTANTIATE_TEST_SUITE_P(Profile, TheStateOfAHealthyMeter,
                         testing::Values("fluvius", "dsmr5", "dsmr22", "germany-q3d", "kaifa-no"));

}  // namespace
}  // namespace p1meter::daemon
