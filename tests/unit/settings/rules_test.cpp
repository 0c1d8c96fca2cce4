// SPDX-License-Identifier: Apache-2.0
// Settings tests: which rule holds for a key.
#include <gtest/gtest.h>

#include "loading_text.hpp"

namespace p1meter::settings {
namespace {

using std::chrono::minutes;
using test::good;

KeyInfo key(std::string name, ReadingKind kind = ReadingKind::instantaneous, Unit unit = Unit::watt,
            std::optional<Obis> obis = std::nullopt) {
  KeyInfo info;
  info.key = std::move(name);
  info.kind = kind;
  info.unit = unit;
  info.obis = obis;
  return info;
}

TEST(ReadingRules, are_the_built_in_ones_when_nothing_is_said) {
  const ReadingRules rules;

  EXPECT_EQ(rules.policy(key("voltage_l1")),
            (LimitPolicy{.interval = seconds{10}, .refresh = minutes{5}, .on_change = true}));
  EXPECT_EQ(rules.policy(key("power_import_l2")), (LimitPolicy{.interval = seconds{10},
                                                               .refresh = minutes{5},
                                                               .on_change = false,
                                                               .aggregate = Aggregate::mean}));
  EXPECT_EQ(rules.policy(key("energy_import_total", ReadingKind::cumulative)),
            (LimitPolicy{.interval = seconds{60}, .refresh = minutes{5}, .on_change = true}));
}

TEST(ReadingRules, take_each_option_from_the_most_specific_entry_that_sets_it) {
  const auto rules = good(
                         "readings:\n"
                         "  default: {interval: 1s, every: 2, refresh: 1h}\n"
                         "  power_*: {interval: 2s, every: 3}\n"
                         "  power_import*: {interval: 3s}\n"
                         "  power_import: {interval: 4s}\n"
                         "  \"1-0:1.7.0\": {interval: 5s}\n")
                         .readings;
  const Obis obis{1, 0, 1, 7, 0};

  EXPECT_EQ(rules.policy(key("power_import", {}, {}, obis)).interval, seconds{5});
  EXPECT_EQ(rules.policy(key("power_import")).interval, seconds{4});
  EXPECT_EQ(rules.policy(key("power_import_l1")).interval, seconds{3});
  EXPECT_EQ(rules.policy(key("power_export")).interval, seconds{2});
  EXPECT_EQ(rules.policy(key("voltage_l1")).interval, seconds{1});
  EXPECT_EQ(rules.policy(key("power_import", {}, {}, obis)).every, 3U);
  EXPECT_EQ(rules.policy(key("voltage_l1")).every, 2U);
  EXPECT_EQ(rules.policy(key("power_import", {}, {}, obis)).refresh, std::chrono::hours{1});
}

TEST(ReadingRules, ask_all_entries_of_the_user_before_the_built_in_ones) {
  const auto rules = good("readings: {default: {interval: 1s, on_change: true}}\n").readings;

  EXPECT_EQ(rules.policy(key("energy_import_total", ReadingKind::cumulative)).interval, seconds{1});
  EXPECT_TRUE(rules.policy(key("power_import")).on_change);
  EXPECT_EQ(rules.policy(key("power_import")).aggregate, Aggregate::mean);
}

TEST(ReadingRules, prefer_the_later_of_two_equally_specific_globs) {
  const auto first = good("readings:\n  \"*_l1\": {every: 2}\n  \"voltag?_*\": {every: 3}\n");
  const auto tie = good(
      "readings: {\"voltage_*\": {every: 2}, \"*voltage_\": {every: 9}, \"voltage_?1\": {every: "
      "4}, \"voltage_1?\": {every: 5}, \"voltage_l?\": {every: 6}, \"voltage_?*1\": {every: 7}}");

  EXPECT_EQ(first.readings.policy(key("voltage_l1")).every, 3U);
  // voltage_l? and voltage_?*1 and voltage_?1 have nine literal characters each
  EXPECT_EQ(tie.readings.policy(key("voltage_l1")).every, 7U);
}

TEST(ReadingRules, take_a_deadband_as_on_change_and_zero_as_none) {
  const auto rules = good(
                         "readings:\n"
                         "  \"power_*\": {deadband: 5%, on_change: false}\n"
                         "  power_import: {deadband: 0}\n"
                         "  voltage_l1: {deadband: 0.5}\n")
                         .readings;

  EXPECT_EQ(rules.policy(key("power_export")).deadband, (Deadband{{5, 0}, true}));
  EXPECT_TRUE(rules.policy(key("power_export")).on_change);
  EXPECT_EQ(rules.policy(key("power_import")).deadband, std::nullopt);
  EXPECT_FALSE(rules.policy(key("power_import")).on_change);
  EXPECT_EQ(rules.policy(key("voltage_l1")).deadband, (Deadband{{5, -1}, false}));
}

TEST(ReadingRules, switch_the_refresh_off) {
  const auto rules = good("readings: {default: {refresh: off}}\n").readings;

  EXPECT_EQ(rules.policy(key("voltage_l1")).refresh, std::nullopt);
}

TEST(ReadingRules, ignore_what_a_glob_asks_of_readings_that_cannot_have_it) {
  const auto rules = good("readings: {\"*\": {aggregate: mean, deadband: 1}}\n").readings;

  EXPECT_EQ(rules.policy(key("voltage_l1")).aggregate, Aggregate::mean);
  for (const auto kind : {ReadingKind::cumulative, ReadingKind::counter}) {
    EXPECT_EQ(rules.policy(key("x", kind)).aggregate, Aggregate::last);
    EXPECT_TRUE(rules.policy(key("x", kind)).deadband);
  }
  for (const auto kind : {ReadingKind::state, ReadingKind::info, ReadingKind::time,
                          ReadingKind::text, ReadingKind::failure_log, ReadingKind::peak_history}) {
    EXPECT_EQ(rules.policy(key("x", kind)).aggregate, Aggregate::last);
    EXPECT_FALSE(rules.policy(key("x", kind)).deadband);
  }
}

TEST(ReadingRules, give_topic_name_and_unit) {
  const auto rules = good(
                         "readings:\n"
                         "  default: {unit: kW}\n"
                         "  \"1-0:1.7.0\": {topic: actual_power, name: Verbrauch}\n")
                         .readings;
  const auto power = key("power_import", {}, Unit::watt, Obis{1, 0, 1, 7, 0});

  EXPECT_EQ(rules.topic(power), "actual_power");
  EXPECT_EQ(rules.name(power), "Verbrauch");
  EXPECT_EQ(rules.unit(power), Unit::kilowatt);
  EXPECT_EQ(rules.unit(key("voltage_l1", {}, Unit::volt)), std::nullopt);
  EXPECT_EQ(rules.topic(key("power_import")), std::nullopt);
}

TEST(ReadingRules, keep_a_reading_from_being_published) {
  const auto rules = good("readings: {text_message: {publish: false}}\n").readings;

  EXPECT_FALSE(rules.policy(key("text_message", ReadingKind::text)).publish);
  EXPECT_TRUE(rules.policy(key("tariff", ReadingKind::state)).publish);
}

}  // namespace
}  // namespace p1meter::settings
