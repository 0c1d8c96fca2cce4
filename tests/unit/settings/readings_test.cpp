// SPDX-License-Identifier: Apache-2.0
// Settings tests: the readings and obis sections.
#include <gtest/gtest.h>
#include <map>

#include "loading_text.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;
using test::lines;
using test::warnings;

std::string with(std::string_view entry) { return "readings: {" + std::string{entry} + "}\n"; }

TEST(AReadingsEntry, is_named_by_default_key_glob_or_code) {
  const auto settings = good(
      "readings:\n"
      "  default: {}\n"
      "  power_import: {}\n"
      "  \"*_l{1,2}\": {}\n"
      "  \"1-0:1.7.0\": {}\n"
      "  gas2_volume:\n");
  std::map<std::string, ReadingRule::Match> found;
  for (const auto& rule : settings.readings.rules()) {
    if (!rule.built_in) found[rule.pattern] = rule.match;
  }

  using Match = ReadingRule::Match;
  EXPECT_EQ(found, (std::map<std::string, Match>{{"default", Match::fallback},
                                                 {"power_import", Match::key},
                                                 {"*_l{1,2}", Match::glob},
                                                 {"1-0:1.7.0", Match::obis},
                                                 {"gas2_volume", Match::key}}));
}

TEST(AReadingsEntry, with_another_name_is_a_fault) {
  for (const std::string_view name : {"Power", "power-import", "1-0:1.7", "1-0:*.7.0", "\"a b\"",
                                      "\"\"", "\"{a,{b}}\"", "\"a}\"", "\"{a\""}) {
    EXPECT_TRUE(contains(faults(with(std::string{name} + ": {}")), "expected ")) << name;
  }
  EXPECT_EQ(faults(with("Power: {topic: a}")),
            "1:12: readings.Power: found 'Power', expected default, a key (power_import), a glob "
            "(\"energy_*\") or an OBIS code (\"1-0:1.7.0\")\n");
}

TEST(AReadingsEntry, that_names_a_key_that_nothing_gives_is_a_fault) {
  EXPECT_EQ(faults(with("power_imprt: {}")),
            "1:12: readings.power_imprt: unknown key; did you mean 'power_import'?\n");
  EXPECT_EQ(faults(with("abcdefghi: {}")),
            "1:12: readings.abcdefghi: unknown key; p1meter show keys lists them\n");
  EXPECT_TRUE(
      contains(faults(with("\"9-9:9.9.9\": {}")), "no entry of the OBIS table takes this code"));
  EXPECT_TRUE(contains(warnings(with("foo*: {}")), "matches no key that is known"));
}

TEST(AReadingsEntry, may_name_any_key_of_the_table) {
  for (const std::string_view key :
       {"energy_import_tariff1", "energy_import_total", "power_net", "power_import_l3",
        "voltage_l1", "gas_volume", "gas4_volume", "water_volume", "heat_energy_gj", "tariff",
        "timestamp", "text_message", "power_failure_log", "demand_import_peak_history",
        "gas_equipment_id", "fuse_limit_l1", "breaker_state", "equipment_id"}) {
    EXPECT_EQ(faults(with(std::string{key} + ": {publish: false}")), "") << key;
  }
}

TEST(AReadingsEntry, may_name_a_key_of_the_users_own_table) {
  EXPECT_EQ(faults("obis: {\"1-0:94.99.9\": {key: pump_hours, unit: h}}\n"
                   "readings: {pump_hours: {every: 2}, \"1-0:94.99.9\": {publish: true}}\n"),
            "");
}

TEST(AReadingsEntry, asks_only_what_its_reading_can_have) {
  EXPECT_TRUE(contains(faults(with("energy_import_total: {aggregate: mean}")),
                       "1:45: readings.energy_import_total.aggregate: "));
  EXPECT_TRUE(contains(faults(with("text_message: {deadband: 1}")), "expected no deadband"));
  EXPECT_TRUE(contains(faults(with("tariff: {aggregate: max}")), "expected last"));
  EXPECT_TRUE(contains(faults(with("\"1-0:1.8.1\": {aggregate: min}")), "expected last"));
  EXPECT_TRUE(contains(faults(with("power_import: {unit: A}")),
                       "found A, expected a unit of the same kind as W"));
  EXPECT_TRUE(contains(faults(with("tariff: {unit: A}")), "tariff, which has none"));
  EXPECT_EQ(faults(with("energy_import_total: {aggregate: last, deadband: 0.1, unit: Wh}")), "");
  EXPECT_EQ(faults(with("text_message: {deadband: 0}")), "");
  EXPECT_EQ(faults(with("\"*\": {aggregate: mean, deadband: 1%, unit: kW}")), "");
}

TEST(AReadingsEntry, refuses_values_that_do_not_fit) {
  for (const std::string_view options :
       {"interval: 10", "interval: -1s", "interval: 1000h", "refresh: 0s", "on_change: yes",
        "deadband: -1", "deadband: 1e3", "deadband: x%", "deadband: \"\"", "aggregate: median",
        "every: 0", "every: 1.5", "unit: kX", "unit: \"\"", "topic: a//b", "topic: \"+\"",
        "name: \"\"", "publish: 1"}) {
    EXPECT_NE(faults(with("power_import: {" + std::string{options} + "}")), "") << options;
  }
}

TEST(AReadingsEntry, has_a_refresh_that_is_not_shorter_than_its_interval) {
  EXPECT_EQ(faults(with("default: {interval: 10min, refresh: 5min}")),
            "1:48: readings.default.refresh: found 5min, expected at least the interval, 10min\n");
  EXPECT_EQ(faults(with("default: {interval: 10min, refresh: 10min}")), "");
  EXPECT_EQ(faults(with("default: {interval: 10min, refresh: off}")), "");
  EXPECT_EQ(faults(with("default: {interval: 10min}")), "");
}

TEST(ATopicOfAReading, belongs_to_one_reading_only) {
  EXPECT_TRUE(contains(faults(with("default: {topic: x}")), "stands for many readings"));
  EXPECT_TRUE(contains(faults(with("energy_*: {name: x}")), "stands for many readings"));
  EXPECT_TRUE(contains(faults(with("power_import: {topic: x}, power_export: {topic: x}")),
                       "expected another: readings.power_import at 1:"));
  EXPECT_TRUE(
      contains(faults(with("power_import: {topic: p1meter/home/x}, power_export: {topic: x}")),
               "expected another: readings.power_import at 1:"));
  EXPECT_EQ(faults(with("power_import: {topic: x}, \"1-0:1.7.0\": {topic: x}")), "");
}

TEST(ATopicOfAReading, is_no_topic_of_p1meter_and_no_other_key) {
  for (const std::string_view topic : {"state", "status", "raw", "history", "p1meter/status",
                                       "p1meter/statistics", "p1meter/home/state"}) {
    EXPECT_TRUE(
        contains(faults(with("power_import: {topic: " + std::string{topic} + "}")), "publishes"))
        << topic;
  }
  EXPECT_TRUE(contains(faults(with("power_import: {topic: voltage_l1}")),
                       "it is the topic of the key voltage_l1"));
  EXPECT_TRUE(contains(faults(with("power_import: {topic: p1meter/home/voltage_l1}")),
                       "it is the topic of the key voltage_l1"));
  EXPECT_EQ(faults(with("power_import: {topic: power_import}")), "");
  EXPECT_EQ(
      faults(with("power_import: {topic: power_export}, power_export: {topic: power_import}")), "");
  EXPECT_EQ(faults(with("power_import: {topic: voltage_l1}, voltage_l1: {topic: u1}")), "");
}

TEST(ATopicOfAReading, is_free_when_its_key_is_not_published) {
  EXPECT_EQ(faults(with("power_import: {publish: false}, power_export: {topic: power_import}")),
            "");
  EXPECT_EQ(faults(with("\"*_import\": {publish: false}, power_export: {topic: power_import}")),
            "");
  EXPECT_EQ(faults(with("\"1-0:1.7.0\": {publish: false}, power_export: {topic: power_import}")),
            "");
  EXPECT_EQ(faults(with("power_import: {topic: x, publish: false}, power_export: {topic: x}")), "");
  EXPECT_EQ(faults(with("power_import: {topic: state, publish: false}")), "");
}

TEST(ATopicOfAReading, is_held_by_a_key_that_a_nearer_entry_publishes) {
  const std::string held = "it is the topic of the key power_import";

  EXPECT_TRUE(contains(faults(with("default: {publish: false}, power_import: {publish: true}, "
                                   "power_export: {publish: true, topic: power_import}")),
                       held));
  EXPECT_TRUE(contains(faults(with("power_import: {publish: false}, \"1-0:1.7.0\": {publish: "
                                   "true}, power_export: {topic: power_import}")),
                       held));
}

TEST(ATopicOfAReading, may_be_one_of_a_class_that_is_switched_off) {
  for (const std::string name : {"state", "status", "events"}) {
    const std::string reading = with("power_import: {topic: '{base}/{meter}/" + name + "'}");
    EXPECT_TRUE(contains(faults(reading), "publishes p1meter/home/" + name + " itself"));
    EXPECT_EQ(faults("mqtt: {topics: {" + name + ": {enabled: false}}}\n" + reading), "");
  }
  for (const std::string name : {"status", "statistics"}) {
    const std::string reading = with("power_import: {topic: '{base}/" + name + "'}");
    EXPECT_TRUE(contains(faults(reading), "publishes p1meter/" + name + " itself"));
    EXPECT_EQ(faults("mqtt: {topics: {" + name + ": {enabled: false}}}\n" + reading), "");
  }
  EXPECT_TRUE(contains(
      faults("mqtt: {topics: {raw: {enabled: false}}}\n" + with("power_import: {topic: raw}")),
      "publishes p1meter/home/raw itself"));
}

TEST(ATopicOfAReading, is_no_time_of_another_value) {
  EXPECT_TRUE(
      contains(faults(with("power_net: {topic: gas_volume_time}")), "does not end in _time"));
}

TEST(UsersObjects, in_a_file_are_judged_beside_what_is_written_twice) {
  const p1meter::test::TemporaryDirectory directory;
  directory.file("own.yaml",
                 "\"1-0:94.99.7\": {key: a, unit: parsec}\n"
                 "\"1-0:94.99.8\": {key: b}\n"
                 "\"1-0:94.99.8\": {key: c}\n");
  const auto loaded = load_file(directory.file("p1meter.yaml", "obis_file: own.yaml\n"));

  ASSERT_EQ(loaded.faults.size(), 2U) << lines(loaded.faults);
  EXPECT_TRUE(contains(lines(loaded.faults), "parsec"));
  EXPECT_TRUE(contains(lines(loaded.faults), "written twice"));
}

TEST(ATopicOfAReading, is_not_shared_by_several_meters) {
  const std::string two = "meters: [{name: a}, {name: b, source: \"tcp://h:1\"}]\n";

  EXPECT_TRUE(
      contains(faults(two + with("power_import: {topic: x/y}")), "both meters would share"));
  EXPECT_EQ(faults(two + with("power_import: {topic: x}")), "");
}

TEST(UsersObjects, come_from_the_configuration_and_from_a_file_of_their_own) {
  const p1meter::test::TemporaryDirectory directory;
  directory.file("own.yaml", "\"1-0:94.99.8\": {key: from_file, unit: V}\n");
  const auto path = directory.file("p1meter.yaml",
                                   "obis_file: own.yaml\n"
                                   "obis: {\"1-0:94.99.9\": {key: from_section}}\n"
                                   "readings: {from_file: {every: 2}, from_section: {every: 2}}\n");

  const auto loaded = load_file(path);

  EXPECT_EQ(lines(loaded.faults), "");
  ASSERT_EQ(loaded.settings.obis.size(), 2U);
  EXPECT_EQ(loaded.settings.obis[0].key, "from_section");
  EXPECT_EQ(loaded.settings.obis[1].key, "from_file");
}

TEST(UsersObjects, show_the_faults_of_both_files_at_once) {
  const p1meter::test::TemporaryDirectory directory;
  const auto own = directory.file("own.yaml", "\n\"1-0:94.99.8\": {unit: nonsense}\n");
  const auto path = directory.file("p1meter.yaml",
                                   "obis_file: own.yaml\n"
                                   "obis: {\"1-0:x\": {key: a}}\n"
                                   "log: {level: x}\n");

  const auto text = lines(load_file(path).faults);

  EXPECT_TRUE(contains(text, path + ":2:8: obis")) << text;
  EXPECT_TRUE(contains(text, path + ":3:14: log.level")) << text;
  EXPECT_TRUE(contains(text, own + ":2:23: ")) << text;
}

TEST(UsersObjects, are_not_read_from_files_that_are_none) {
  const p1meter::test::TemporaryDirectory directory;
  directory.file("recursive.yaml", "a: &r [*r]\n");
  directory.file("deep.yaml", std::string(100'000, '['));
  directory.file("binary.yaml", std::string(100, '\0'));
  directory.file("twice.yaml", "\"1-0:94.99.8\": {key: a}\n\"1-0:94.99.8\": {key: b}\n");

  for (const std::string name : {"absent", "recursive", "deep", "binary", "twice"}) {
    const auto path = directory.file("p1meter.yaml", "obis_file: " + name + ".yaml\n");
    const auto loaded = load_file(path);

    EXPECT_EQ(loaded.faults.size(), 1U) << name << '\n' << lines(loaded.faults);
    EXPECT_TRUE(loaded.settings.obis.empty()) << name;
  }
}

TEST(UsersObjects, that_are_written_twice_are_reported_once) {
  EXPECT_EQ(faults("obis:\n  \"1-0:94.99.8\": {key: a}\n  \"1-0:94.99.8\": {key: b}\n"),
            "3:3: obis.1-0:94.99.8: written twice: first at 2:3, again here\n");
}

}  // namespace
}  // namespace p1meter::settings
