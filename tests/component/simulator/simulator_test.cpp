// SPDX-License-Identifier: Apache-2.0
// Component tests: what the simulator sends, judged by framing, decoding and the text itself.
#include "adapters/simulator/simulator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "component/simulator/telegram_text.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/framer.hpp"
#include "support/sanitizers.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;
using test::groups;
using test::number;
using test::value;

const Instant winter_day = *parse_instant("2024-01-14T23:00:00Z");  // a Monday's local midnight
const Instant summer_day = *parse_instant("2024-06-11T22:00:00Z");
// Every telegram of it is judged. A third of a day still has the change of tariff and a sunrise.
constexpr auto judged_day = test::slow_build ? 8h : 24h;

SimulatorOptions options(std::string_view profile, Instant start = winter_day) {
  SimulatorOptions chosen;
  chosen.profile = profile;
  chosen.start = start;
  return chosen;
}

bool has_checksum(std::string_view profile) {
  return profile != "dsmr22" && profile != "dsmr30" && profile != "slovenia-text" &&
         profile != "germany-q3d";
}

SimulatorProfile profile_of(std::string_view name) {
  return *std::ranges::find(simulator_profiles(), name, &SimulatorProfile::name);
}

// Those whose day is judged in detail, by the text of their telegrams.
std::vector<SimulatorProfile> judged_profiles() {
  std::vector<SimulatorProfile> profiles;
  for (const auto* name : {"dsmr22", "dsmr30", "dsmr42", "dsmr5", "fluvius"}) {
    profiles.push_back(profile_of(name));
  }
  return profiles;
}

// Those that send text with nothing around it.
std::vector<SimulatorProfile> plain_text_profiles() {
  std::vector<SimulatorProfile> profiles;
  for (const auto& profile : simulator_profiles()) {
    Simulator simulator{options(profile.name)};
    if (simulator.next().starts_with('/')) profiles.push_back(profile);
  }
  return profiles;
}

TEST(TheSimulator, knows_its_profiles_and_faults_by_name) {
  std::set<std::string_view> names;
  for (const auto& profile : simulator_profiles()) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    EXPECT_EQ(profile.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos);
    EXPECT_FALSE(profile.description.empty()) << profile.name;
  }
  EXPECT_TRUE(names.contains("fluvius"));
  EXPECT_EQ(parse_simulator_fault("gas_unset"), SimulatorFault::gas_unset);
  EXPECT_FALSE(parse_simulator_fault("GAS"));
}

TEST(TheSimulator, sends_text_that_frames_and_decodes_without_a_problem) {
  for (const auto& profile : plain_text_profiles()) {
    SCOPED_TRACE(profile.name);
    Simulator simulator{options(profile.name)};
    EXPECT_EQ(simulator.period(), profile.period);
    Framer framer;
    Telegram telegram;
    for (std::int64_t i = 0; i < 3600; ++i) {
      framer.push(simulator.next());
      ASSERT_EQ(simulator.time(), winter_day + i * profile.period);
      const auto frame = framer.next();
      ASSERT_TRUE(frame);
      ASSERT_EQ(frame->integrity, has_checksum(profile.name) ? Integrity::ok : Integrity::absent);
      ASSERT_FALSE(framer.next());
      if (i % 60 != 0) continue;
      decode_text(frame->bytes.substr(0, frame->body_size), telegram);
      ASSERT_TRUE(telegram.problems.empty()) << frame->bytes;
      ASSERT_GE(telegram.objects.size(), 8U);
    }
    EXPECT_EQ(framer.counters().skipped_bytes, 0U);
    EXPECT_EQ(framer.counters().truncated, 0U);
  }
}

// Registers start on whole Wh, so that what is printed must be the start plus the cut-off integral.
TEST(TheSimulator, counts_exactly_what_it_shows) {
  for (const auto& profile : judged_profiles()) {
    for (const Instant start : {winter_day, summer_day}) {
      SCOPED_TRACE(profile.name);
      Simulator simulator{options(profile.name, start)};
      const bool coarse = profile.name == "dsmr22" || profile.name == "dsmr30";
      const std::int64_t unit = coarse ? 10 : 1;  // W per digit shown
      std::string telegram{simulator.next()};
      std::array<std::int64_t, 3> imported{0, number(telegram, "1-0:1.8.1"),
                                           number(telegram, "1-0:1.8.2")};
      std::array<std::int64_t, 3> exported{0, number(telegram, "1-0:2.8.1"),
                                           number(telegram, "1-0:2.8.2")};
      for (auto& wh : imported) wh *= 3600;
      for (auto& wh : exported) wh *= 3600;
      const auto period = std::chrono::duration_cast<seconds>(profile.period).count();
      for (std::int64_t i = 1; i < judged_day / profile.period; ++i) {
        const auto tariff = static_cast<std::size_t>(number(telegram, "0-0:96.14.0"));
        telegram = simulator.next();
        imported.at(tariff) += number(telegram, "1-0:1.7.0") * unit * period;
        exported.at(tariff) += number(telegram, "1-0:2.7.0") * unit * period;
        ASSERT_EQ(number(telegram, "1-0:1.8.1"), imported[1] / 3600);
        ASSERT_EQ(number(telegram, "1-0:1.8.2"), imported[2] / 3600);
        ASSERT_EQ(number(telegram, "1-0:2.8.1"), exported[1] / 3600);
        ASSERT_EQ(number(telegram, "1-0:2.8.2"), exported[2] / 3600);
      }
    }
  }
}

TEST(TheSimulator, shows_currents_that_fit_power_and_voltage) {
  Simulator simulator{options("fluvius", summer_day)};
  for (auto left = judged_day / 1s; left > 0; --left) {
    const std::string telegram{simulator.next()};
    std::int64_t net = 0;
    for (const std::string phase : {"2", "4", "6"}) {
      const std::string voltage_code =
          "1-0:" + std::string(1, static_cast<char>(phase[0] + 1)) + "2.7.0";
      const std::string current_code =
          "1-0:" + std::string(1, static_cast<char>(phase[0] + 1)) + "1.7.0";
      const auto power =
          number(telegram, "1-0:" + phase + "1.7.0") - number(telegram, "1-0:" + phase + "2.7.0");
      net += power;
      const auto milliwatts = number(telegram, voltage_code) * number(telegram, current_code);
      ASSERT_LE(std::abs(milliwatts - std::abs(power) * 1000), 1250) << telegram;  // half of 0.01 A
      ASSERT_GT(number(telegram, voltage_code), 2070);
      ASSERT_LT(number(telegram, voltage_code), 2530);
    }
    ASSERT_EQ(net, number(telegram, "1-0:1.7.0") - number(telegram, "1-0:2.7.0"));
  }
}

TEST(TheSimulator, lives_through_a_plausible_day) {
  Simulator winter{options("dsmr5", winter_day)};
  Simulator summer{options("dsmr5", summer_day)};
  const std::string winter_begin{winter.next()};
  const std::string summer_begin{summer.next()};
  for (int i = 0; i < 86'399; ++i) static_cast<void>(winter.next());
  for (int i = 0; i < 86'399; ++i) static_cast<void>(summer.next());
  const std::string winter_end{winter.next()};
  const std::string summer_end{summer.next()};
  const auto rise = [](const std::string& begin, const std::string& end, const std::string& code) {
    return number(end, code + "1") - number(begin, code + "1") + number(end, code + "2") -
           number(begin, code + "2");
  };

  const auto winter_import = rise(winter_begin, winter_end, "1-0:1.8.");
  EXPECT_GT(winter_import, 4'000);  // Wh
  EXPECT_LT(winter_import, 25'000);
  EXPECT_GT(rise(summer_begin, summer_end, "1-0:2.8."), 4'000);
  const auto gas = [](const std::string& telegram) { return number(telegram, "0-1:24.2.1"); };
  EXPECT_GT(gas(winter_end) - gas(winter_begin), 3'000);  // litres
  EXPECT_LT(gas(winter_end) - gas(winter_begin), 25'000);
  EXPECT_LT(gas(summer_end) - gas(summer_begin), 3'000);
}

TEST(TheSimulator, reads_gas_by_the_hour_and_from_dsmr_5_on_by_five_minutes) {
  for (const auto& [profile, minutes] : {std::pair{"dsmr42", 60}, std::pair{"dsmr5", 5}}) {
    SCOPED_TRACE(profile);
    Simulator simulator{options(profile, winter_day + 1234s)};
    std::string last;
    std::string last_value;
    for (int i = 0; i < 20'000; ++i) {
      const std::string telegram{simulator.next()};
      const auto found = groups(telegram, "0-1:24.2.1");
      ASSERT_EQ(found.size(), 2U);
      const int minute = std::stoi(found[0].substr(8, 2));
      ASSERT_EQ(minute % minutes, 0);
      ASSERT_EQ(found[0].substr(10, 2), "00");
      ASSERT_LE(found[0], value(telegram, "0-0:1.0.0"));
      if (found[0] == last) {
        ASSERT_EQ(found[1], last_value);
      }
      last = found[0];
      last_value = found[1];
    }
  }
}

TEST(TheSimulator, changes_the_tariff_as_the_country_does) {
  struct Case {
    const char* profile;
    const char* high;
    int evening;
  };
  for (const auto& country : {Case{"dsmr5", "0002", 23}, Case{"fluvius", "0001", 22}}) {
    for (int day = 0; day < 7; ++day) {  // from Monday
      for (int hour = 0; hour < 24; ++hour) {
        Simulator simulator{options(country.profile, winter_day + day * 24h + hour * 1h)};
        const bool high = day < 5 && hour >= 7 && hour < country.evening;
        EXPECT_EQ(value(simulator.next(), "0-0:96.14.0") == country.high, high)
            << day << ' ' << hour;
      }
    }
  }
}

TEST(TheSimulator, lets_its_clock_go_through_both_changes_of_summer_time) {
  const auto stamps = [](const char* start) {
    auto chosen = options("fluvius", *parse_instant(start));
    chosen.period = 30min;
    Simulator simulator{chosen};
    std::vector<std::string> seen;
    for (int i = 0; i < 5; ++i) seen.push_back(value(simulator.next(), "0-0:1.0.0"));
    return seen;
  };
  EXPECT_EQ(stamps("2024-10-27T00:00:00Z"),
            (std::vector<std::string>{"241027020000S", "241027023000S", "241027020000W",
                                      "241027023000W", "241027030000W"}));
  EXPECT_EQ(stamps("2024-03-31T00:00:00Z"),
            (std::vector<std::string>{"240331010000W", "240331013000W", "240331030000S",
                                      "240331033000S", "240331040000S"}));
}

TEST(TheSimulator, grows_the_demand_through_each_quarter_and_keeps_the_month_peak) {
  Simulator simulator{options("fluvius", *parse_instant("2024-01-31T20:00:00Z"))};
  std::string telegram{simulator.next()};
  const auto old_peak = groups(telegram, "1-0:1.6.0");
  std::int64_t joules = 0;
  std::int64_t month_peak = test::digits(old_peak.at(1));
  for (int second = 1; second <= 5 * 3600; ++second) {
    telegram = simulator.next();
    joules += number(telegram, "1-0:1.7.0");
    if (second % 900 == 0) {
      ASSERT_EQ(number(telegram, "1-0:1.4.0"), 0);
      month_peak = std::max(month_peak, joules / 900);
      joules = 0;
      if (second == 3 * 3600) {  // local midnight: the month is over
        const auto history = groups(telegram, "0-0:98.1.0");
        ASSERT_EQ(history.at(0), std::to_string((history.size() - 3) / 3));
        EXPECT_EQ(history.at(history.size() - 3), "240201000000W");
        EXPECT_EQ(test::digits(history.back()), month_peak);
        month_peak = 0;
      }
    } else {
      ASSERT_EQ(number(telegram, "1-0:1.4.0"), joules / 900);
    }
    ASSERT_EQ(number(telegram, "1-0:1.6.0"), month_peak) << second;
  }
}

TEST(TheSimulator, keeps_thirteen_months_at_most) {
  auto chosen = options("fluvius");
  chosen.period = 15min;
  Simulator simulator{chosen};
  std::string telegram;
  for (int i = 0; i < 4 * 24 * 500; ++i) telegram = simulator.next();
  const auto history = groups(telegram, "0-0:98.1.0");
  EXPECT_EQ(history.at(0), "13");
  EXPECT_EQ(history.size(), 3U + 3 * 13);
  for (std::size_t i = 3; i < history.size(); i += 3)
    EXPECT_EQ(history[i].substr(4, 8), "01000000");
}

TEST(TheSimulator, repeats_itself_and_differs_by_seed_and_number) {
  const auto hour = [](std::uint64_t seed, std::uint32_t meter) {
    auto chosen = options("fluvius");
    chosen.seed = seed;
    chosen.number = meter;
    Simulator simulator{chosen};
    std::string bytes;
    for (int i = 0; i < 3600; ++i) bytes += simulator.next();
    return bytes;
  };
  EXPECT_EQ(hour(1, 0), hour(1, 0));
  EXPECT_NE(hour(1, 0), hour(2, 0));
  EXPECT_NE(hour(1, 0), hour(1, 1));
}

TEST(TheSimulator, gives_each_of_many_meters_ids_of_its_own) {
  for (const auto& profile : judged_profiles()) {
    std::set<std::string> ids;
    for (std::uint32_t meter = 0; meter < 100; ++meter) {
      auto chosen = options(profile.name);
      chosen.number = meter;
      Simulator simulator{chosen};
      const std::string telegram{simulator.next()};
      ids.insert(value(telegram, "0-0:96.1.1"));
      ids.insert(value(telegram, profile.name == "fluvius" ? "0-1:96.1.1" : "0-1:96.1.0"));
    }
    EXPECT_EQ(ids.size(), 200U) << profile.name;
  }
}

std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001B3U;
  }
  return hash;
}

// The bytes of a day are the same on every machine and for ever: others compare with what they
// kept.
TEST(TheSimulator, sends_the_same_bytes_on_every_machine) {
  std::vector<std::uint64_t> hashes;
  for (const auto& profile : judged_profiles()) {
    auto chosen = options(profile.name, *parse_instant("2024-10-26T12:00:00Z"));
    chosen.period = 10s;
    Simulator simulator{chosen};
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (int i = 0; i < 8640; ++i) hash = fnv1a(hash, simulator.next());
    hashes.push_back(hash);
  }
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{3122140341303409870U, 13190344585284547248U,
                                                2501154669875172319U, 10716723759807561040U,
                                                5083457994126847220U}));
}

}  // namespace
}  // namespace p1meter
