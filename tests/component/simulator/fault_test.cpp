// SPDX-License-Identifier: Apache-2.0
// Component tests: faults that the simulator makes on purpose, as the framer sees them.
#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <string>

#include "adapters/simulator/simulator.hpp"
#include "component/simulator/telegram_text.hpp"
#include "p1meter/framing/framer.hpp"

namespace p1meter {
namespace {

constexpr int telegrams = 5000;

struct Seen {
  int ok{};
  int absent{};
  int bad{};
  FramingCounters counters{};
  std::string last{};
};

Seen frame(SimulatorFault fault, const std::string& profile = "dsmr5") {
  SimulatorOptions options;
  options.profile = profile;
  options.start = *parse_instant("2024-01-14T23:00:00Z");
  options.fault = fault;
  Simulator simulator{options};
  Framer framer;
  Seen seen;
  for (int i = 0; i < telegrams; ++i) {
    framer.push(simulator.next());
    while (const auto found = framer.next()) {
      seen.ok += found->integrity == Integrity::ok ? 1 : 0;
      seen.absent += found->integrity == Integrity::absent ? 1 : 0;
      seen.bad += found->integrity == Integrity::bad ? 1 : 0;
      seen.last = found->bytes;
    }
  }
  seen.counters = framer.counters();
  return seen;
}

bool about_a_tenth(std::int64_t count) { return count > telegrams / 12 && count < telegrams / 8; }

TEST(ASimulatedFault, crc_spoils_one_checksum_in_ten) {
  const auto seen = frame(SimulatorFault::crc);
  EXPECT_TRUE(about_a_tenth(seen.bad)) << seen.bad;
  EXPECT_EQ(seen.ok + seen.bad, telegrams);
}

TEST(ASimulatedFault, crc_gives_a_wrong_one_to_meters_that_send_none) {
  const auto seen = frame(SimulatorFault::crc, "dsmr22");
  EXPECT_TRUE(about_a_tenth(seen.bad)) << seen.bad;
  EXPECT_EQ(seen.absent + seen.bad, telegrams);
}

TEST(ASimulatedFault, no_crc_leaves_it_out) {
  const auto seen = frame(SimulatorFault::no_crc);
  EXPECT_TRUE(about_a_tenth(seen.absent)) << seen.absent;
  EXPECT_EQ(seen.ok + seen.absent, telegrams);
}

TEST(ASimulatedFault, truncate_cuts_telegrams_short_and_costs_no_other) {
  const auto seen = frame(SimulatorFault::truncate);
  EXPECT_TRUE(about_a_tenth(telegrams - seen.ok)) << seen.ok;
}

TEST(ASimulatedFault, noise_comes_between_telegrams_and_costs_none) {
  const auto seen = frame(SimulatorFault::noise);
  EXPECT_EQ(seen.ok, telegrams);
  EXPECT_GT(seen.counters.skipped_bytes, 1000U);
}

TEST(ASimulatedFault, power_failure_fills_the_log_and_the_counters) {
  const auto seen = frame(SimulatorFault::power_failure);
  EXPECT_EQ(seen.ok, telegrams);
  const auto log = test::groups(seen.last, "1-0:99.97.0");
  EXPECT_EQ(log.at(0), "10");
  EXPECT_EQ(log.size(), 2U + 2 * 10);
  EXPECT_GE(log.at(2), log.at(4));  // the most recent first
  EXPECT_TRUE(about_a_tenth(test::number(seen.last, "0-0:96.7.21")));
  EXPECT_LT(test::number(seen.last, "0-0:96.7.9"), test::number(seen.last, "0-0:96.7.21"));
}

TEST(ASimulatedFault, gas_unset_shows_a_meter_that_was_never_read) {
  for (const std::string profile : {"dsmr22", "dsmr5", "fluvius"}) {
    SimulatorOptions options;
    options.profile = profile;
    options.fault = SimulatorFault::gas_unset;
    Simulator simulator{options};
    int unset = 0;
    for (int i = 0; i < telegrams; ++i) {
      const auto telegram = simulator.next();
      const bool with_letter = telegram.find("(632525252525S)(00000.000") != std::string_view::npos;
      const bool without = telegram.find("(632525252525)(") != std::string_view::npos &&
                           telegram.find("(00000.000)") != std::string_view::npos;
      if (with_letter || without) ++unset;
    }
    EXPECT_TRUE(about_a_tenth(unset)) << profile << ' ' << unset;
  }
}

TEST(ASimulatedFault, changes_nothing_in_the_telegrams_that_it_spares) {
  SimulatorOptions options;
  options.start = *parse_instant("2024-01-14T23:00:00Z");
  Simulator sound{options};
  options.fault = SimulatorFault::crc;
  Simulator faulty{options};
  int same = 0;
  for (int i = 0; i < telegrams; ++i) same += sound.next() == faulty.next() ? 1 : 0;
  EXPECT_TRUE(about_a_tenth(telegrams - same));
}

}  // namespace
}  // namespace p1meter
