// SPDX-License-Identifier: Apache-2.0
// Component tests: which list a simulated meter sends when, and what holds for every meter.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/simulator/simulator.hpp"
#include "p1meter/values/decimal.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;

SimulatorOptions options(std::string_view profile, const char* start = "2024-01-14T23:00:00Z") {
  SimulatorOptions chosen;
  chosen.profile = profile;
  chosen.start = *parse_instant(start);
  return chosen;
}

bool has(const std::vector<SimulatedValue>& values, std::string_view obis) {
  return std::ranges::find(values, obis, &SimulatedValue::obis) != values.end();
}

// How long after the hour each telegram comes that shows the object, in ms.
std::set<std::int64_t> moments(std::string_view profile, std::string_view obis, int telegrams) {
  Simulator simulator{options(profile)};
  std::set<std::int64_t> found;
  for (int i = 0; i < telegrams; ++i) {
    static_cast<void>(simulator.next());
    if (has(simulator.values(), obis)) {
      found.insert(simulator.time().time_since_epoch().count() % 3'600'000);
    }
  }
  return found;
}

TEST(ASimulatedList, comes_at_its_own_times) {
  constexpr int two_hours_of_aidon = 2880;
  EXPECT_EQ(moments("aidon-no", "1-0:1.8.0", two_hours_of_aidon), (std::set<std::int64_t>{10'000}));
  EXPECT_EQ(moments("aidon-no", "1-0:32.7.0", two_hours_of_aidon).size(), 360U);
  EXPECT_EQ(moments("aidon-no", "1-0:1.7.0", two_hours_of_aidon).size(), 1440U);
  EXPECT_EQ(moments("kaifa-no", "1-0:1.8.0", 3600), (std::set<std::int64_t>{10'000}));
  EXPECT_EQ(moments("kaifa-no", "1-0:32.7.0", 1800).size(), 360U);
  EXPECT_EQ(moments("iskra-si", "1-0:1.8.0", 720).size(), 360U);
  EXPECT_EQ(moments("iskra-si", "1-0:1.7.0", 720).size(), 360U);
}

// The hour's list is due five seconds after it, between two telegrams.
TEST(ASimulatedList, is_not_lost_when_its_time_falls_between_telegrams) {
  EXPECT_EQ(moments("kamstrup-no", "1-1:1.8.0", 720), (std::set<std::int64_t>{10'000}));
  auto chosen = options("aidon-no");
  chosen.period = 1h;
  Simulator simulator{chosen};
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(simulator.next());
    EXPECT_TRUE(has(simulator.values(), "1-0:1.8.0"));
  }
}

TEST(EverySimulatedMeter, repeats_itself_and_differs_by_seed_and_number) {
  const auto bytes = [](std::string_view profile, std::uint64_t seed, std::uint32_t number) {
    auto chosen = options(profile);
    chosen.seed = seed;
    chosen.number = number;
    Simulator simulator{chosen};
    std::string all;
    for (int i = 0; i < 20; ++i) all += simulator.next();
    return all;
  };
  for (const auto& profile : simulator_profiles()) {
    const std::string once = bytes(profile.name, 1, 0);
    EXPECT_EQ(once, bytes(profile.name, 1, 0)) << profile.name;
    EXPECT_NE(once, bytes(profile.name, 2, 0)) << profile.name;
    EXPECT_NE(once, bytes(profile.name, 1, 1)) << profile.name;
  }
}

TEST(EverySimulatedMeter, counts_upwards_and_more_by_the_day) {
  for (const auto& profile : simulator_profiles()) {
    SCOPED_TRACE(profile.name);
    auto chosen = options(profile.name, "2024-06-11T22:00:00Z");
    chosen.period = 15min;
    Simulator simulator{chosen};
    std::map<std::string, Decimal> registers;
    std::map<std::string, Decimal> begin;
    for (int i = 0; i < 96; ++i) {
      static_cast<void>(simulator.next());
      for (const auto& value : simulator.values()) {
        if (value.obis.find(".8.") == std::string::npos) continue;
        const Decimal now = *parse_decimal(value.value);
        const auto [known, is_new] = registers.try_emplace(value.obis, now);
        if (is_new) begin.emplace(value.obis, now);
        ASSERT_GE(now, known->second) << value.obis;
        known->second = now;
      }
    }
    ASSERT_FALSE(registers.empty());
    EXPECT_TRUE(std::ranges::any_of(
        registers, [&begin](const auto& entry) { return entry.second > begin[entry.first]; }));
  }
}

TEST(EverySimulatedMeter, keeps_its_totals_equal_to_their_parts) {
  for (const std::string profile : {"lithuania-extended", "hungary", "iskra-hr"}) {
    auto chosen = options(profile);
    chosen.period = 7min;
    Simulator simulator{chosen};
    for (int i = 0; i < 200; ++i) {
      static_cast<void>(simulator.next());
      std::map<std::string, std::int64_t> values;
      for (const auto& value : simulator.values()) {
        if (const auto number = parse_decimal(value.value)) values[value.obis] = number->mantissa;
      }
      for (const std::string total : {"1-0:1.8.", "1-0:2.8."}) {  // each part is cut off by itself
        const auto difference = values[total + "0"] - values[total + "1"] - values[total + "2"];
        ASSERT_GE(difference, 0) << profile << ' ' << total;
        ASSERT_LE(difference, 1) << profile << ' ' << total;
      }
    }
  }
}

// Security byte and counter follow the length behind DB 08 and the system title.
std::uint32_t frame_counter(std::string_view telegram) {
  const std::size_t begin = telegram.find("\xDB\x08");
  const auto byte = [telegram](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(telegram.at(at)));
  };
  std::size_t at = begin + 10;
  at += byte(at) < 0x80 ? 1 : 1 + (byte(at) & 0x7FU);
  std::uint32_t counter = 0;
  for (std::size_t i = 1; i <= 4; ++i) counter = counter << 8U | byte(at + i);
  return counter;
}

TEST(EverySimulatedMeter, that_encrypts_says_with_which_keys_and_counts_its_frames) {
  int encrypted = 0;
  for (const auto& profile : simulator_profiles()) {
    Simulator simulator{options(profile.name)};
    const std::string first{simulator.next()};
    const bool ciphered = first.find("\xDB\x08") < 30;
    EXPECT_EQ(!profile.key.empty(), ciphered) << profile.name;
    if (!ciphered) continue;
    ++encrypted;
    EXPECT_EQ(profile.key.size(), 32U);
    const std::uint32_t counter = frame_counter(first);
    for (std::uint32_t i = 1; i < 5; ++i) {
      EXPECT_EQ(frame_counter(simulator.next()), counter + i) << profile.name;
    }
  }
  EXPECT_EQ(encrypted, 7);
}

TEST(AFault, is_refused_where_a_telegram_cannot_show_it) {
  EXPECT_EQ(why_refused("dsmr5", SimulatorFault::gas_unset), "");
  EXPECT_EQ(why_refused("luxembourg", SimulatorFault::gas_unset), "");
  EXPECT_NE(why_refused("sweden", SimulatorFault::gas_unset), "");
  EXPECT_NE(why_refused("aidon-no", SimulatorFault::gas_unset), "");
  EXPECT_NE(why_refused("aidon-no", SimulatorFault::power_failure), "");
  EXPECT_NE(why_refused("netz-noe", SimulatorFault::no_crc), "");
  for (const auto& profile : simulator_profiles()) {
    for (const auto fault : {SimulatorFault::none, SimulatorFault::crc, SimulatorFault::truncate,
                             SimulatorFault::noise}) {
      EXPECT_EQ(why_refused(profile.name, fault), "") << profile.name;
    }
  }
}

}  // namespace
}  // namespace p1meter
