// SPDX-License-Identifier: Apache-2.0
// Settings tests: presets come before the user's configuration.
#include "settings/presets.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;
using test::lines;

KeyInfo key_named(const std::string& name) {
  KeyInfo key;
  key.key = name;
  key.kind = ReadingKind::instantaneous;
  key.unit = Unit::watt;
  return key;
}

/// A preset file of the test's own.
class APresetFile : public testing::Test {
 protected:
  Loaded load_with(const std::string& preset, const std::string& users) {
    const auto path = directory_.file("own.yaml", preset);
    return load_text("preset: " + path + "\n" + users, directory_.file("p1meter.yaml", ""));
  }
  Settings good_with(const std::string& preset, const std::string& users) {
    auto loaded = load_with(preset, users);
    EXPECT_EQ(lines(loaded.faults), "");
    return std::move(loaded.settings);
  }

  p1meter::test::TemporaryDirectory directory_{};
};

TEST(AShippedPreset, is_named_and_comes_before_the_users_file) {
  const auto settings = good("preset: mosibi\nmqtt: {topics: {keys: {qos: 2}}}\n");

  EXPECT_EQ(settings.preset, "mosibi");
  EXPECT_EQ(settings.mqtt.base_topic, "house/0/hallway/smartmeter");
  EXPECT_EQ(settings.mqtt.keys, (TopicClass{true, 2, false}));
  EXPECT_EQ(settings.readings.topic(key_named("voltage_l1")), "{base}/l1_voltage");
}

TEST(AShippedPreset, for_aws_has_tls_which_the_users_file_completes) {
  EXPECT_TRUE(good("preset: aws-iot\nmqtt: {host: h}\n").mqtt.tls);
  const auto completed = good("preset: aws-iot\nmqtt: {host: h, tls: {alpn: [a]}}\n");
  ASSERT_TRUE(completed.mqtt.tls);
  EXPECT_EQ(completed.mqtt.tls->alpn, std::vector<std::string>{"a"});
}

TEST(AShippedPreset, is_suggested_when_its_name_is_nearly_right) {
  EXPECT_EQ(faults("mqtt: {}\npreset: mosibbi\n"),
            "2:9: preset: found 'mosibbi', which is no preset; did you mean 'mosibi'?\n");
  EXPECT_TRUE(contains(faults("preset: qqqq\n"), "plan-d-value"));
  EXPECT_EQ(faults("preset: \"\"\n"), "");
}

TEST(Rules, are_asked_of_the_user_the_preset_and_the_program_in_turn) {
  const auto settings = good(
      "preset: mosibi\n"
      "readings: {default: {every: 7}, \"power_*\": {refresh: 1h}}\n");
  const auto policy = settings.readings.policy(key_named("power_import"));

  EXPECT_EQ(policy.every, 7U) << "the user's default before the preset's glob";
  EXPECT_EQ(policy.interval, milliseconds{0}) << "the preset's glob before the built-in default";
  EXPECT_EQ(policy.refresh, std::chrono::hours{1});
}

TEST_F(APresetFile, is_read_from_where_the_configuration_is) {
  directory_.file("own.yaml", "mqtt: {base_topic: own}\n");
  const auto loaded = load_text("preset: own.yaml\n", directory_.file("p1meter.yaml", ""));

  EXPECT_EQ(lines(loaded.faults), "");
  EXPECT_EQ(loaded.settings.mqtt.base_topic, "own");
  EXPECT_TRUE(loaded.settings.preset.ends_with("/own.yaml"));
}

TEST_F(APresetFile, may_begin_with_another) {
  const auto settings = good_with(
      "preset: mosibi\n"
      "mqtt: {topics: {keys: {qos: 1}}}\n"
      "readings: {default: {every: 3}}\n",
      "");

  EXPECT_EQ(settings.mqtt.base_topic, "house/0/hallway/smartmeter");
  EXPECT_EQ(settings.mqtt.keys.qos, 1);
  EXPECT_EQ(settings.readings.policy(key_named("power_import")).every, 3U);
}

TEST_F(APresetFile, that_leads_back_to_itself_is_one_fault) {
  EXPECT_TRUE(lines(load_with("preset: own.yaml\n", "").faults)
                  .ends_with("own.yaml:1:9: preset: found 'own.yaml', which leads back here; "
                             "expected a preset that does not name this file, neither itself nor "
                             "by way of others\n"));

  directory_.file("other.yaml", "preset: ./own.yaml\nmqtt: {fo: 1}\n");
  const auto told = load_with("preset: other.yaml\nmqtt: {host: h}\n", "").faults;
  ASSERT_EQ(told.size(), 3U) << lines(told);
  EXPECT_TRUE(
      contains(lines(told), "other.yaml:1:9: preset: found './own.yaml', which leads back"));

  const auto file = directory_.file("p1meter.yaml", "preset: p1meter.yaml\nmqtt: {host: h}\n");
  const auto own = load_file(file).faults;
  ASSERT_EQ(own.size(), 1U) << lines(own);
  EXPECT_TRUE(contains(lines(own), "p1meter.yaml:1:9: preset: found 'p1meter.yaml', which leads"));
}

TEST_F(APresetFile, names_four_others_at_most) {
  for (int i = 0; i < 5; ++i) {
    directory_.file(std::to_string(i) + ".yaml", "preset: " + std::to_string(i + 1) + ".yaml\n");
  }
  EXPECT_TRUE(contains(lines(load_with("preset: 0.yaml\n", "").faults),
                       "2.yaml:1:9: preset: more than 4 presets that name each other"));
}

constexpr std::string_view two_meters =
    "meters: [{name: a, source: '-'}, {name: b, source: 'file:x'}]\n";

TEST(AShippedPreset, for_one_meter_is_one_fault_where_the_user_names_it) {
  for (const std::string name : {"mosibi", "plan-d", "plan-d-plain", "p1ib", "p1ib-reduced"}) {
    const auto told = test::load("preset: " + name + "\n" + std::string{two_meters}).faults;
    ASSERT_EQ(told.size(), 1U) << lines(told);
    EXPECT_EQ(lines(told).rfind("test.yaml:1:9: preset: found '" + name +
                                    "', which is made for one meter: both meters would share '",
                                0),
              0U)
        << lines(told);
    EXPECT_TRUE(contains(told[0].message, "{meter}"));
  }
  EXPECT_EQ(faults("preset: aws-iot\n" + std::string{two_meters}), "");
}

TEST(AShippedPreset, for_one_meter_names_three_of_its_topics_and_both_ways_out) {
  EXPECT_TRUE(contains(
      faults("preset: tasmota\n" + std::string{two_meters}),
      "both meters would share 'tele/{base}/SENSOR'; expected a copy of it in a file of your own "
      "with {meter} in this topic (preset: ./mine.yaml), or for each meter a configuration, a "
      "base_topic and a state directory (STATE_DIRECTORY) of its own\n"));
  const std::string mosibi = faults(
      "preset: mosibi\nmeters: [{name: a, source: '-'}, {name: b, source: 'file:x'}, "
      "{name: c, source: 'file:y'}]\n");
  EXPECT_TRUE(contains(mosibi,
                       "all 3 meters would share '{base}/gasmeter', '{base}/t1_used_kWh', "
                       "'{base}/t2_used_kWh' and 22 more topics; expected"))
      << mosibi;
}

TEST_F(APresetFile, for_one_meter_tells_each_topic_for_it_is_the_users) {
  const auto told =
      load_with("preset: mosibi\nreadings: {tariff: {topic: a/t}, power_net: {topic: a/b}}\n",
                std::string{two_meters})
          .faults;
  ASSERT_EQ(told.size(), 3U) << lines(told);
  EXPECT_TRUE(contains(lines(told), "own.yaml:1:9: preset: found 'mosibi', which is made for one"));
  EXPECT_TRUE(contains(lines(told), "own.yaml:2:28: readings.tariff.topic"));
}

TEST_F(APresetFile, has_class_topics_that_the_users_replace) {
  EXPECT_EQ(
      lines(load_with("mqtt: {topics: {raw: {topic: a/raw}}}\n",
                      std::string{two_meters} + "mqtt: {topics: {raw: {topic: 'a/{meter}/raw'}}}\n")
                .faults),
      "");
}

TEST_F(APresetFile, holds_neither_meters_nor_secrets) {
  const auto loaded = load_with("meters: [{name: x}]\nmqtt: {password: y, host: z}\n", "");

  EXPECT_TRUE(contains(lines(loaded.faults), "own.yaml:1:9: meters: a preset holds no meters"));
  EXPECT_TRUE(contains(lines(loaded.faults), "mqtt.password: a preset holds no mqtt.password"));
  EXPECT_TRUE(contains(lines(loaded.faults), "mqtt.host: a preset holds no mqtt.host"));
}

TEST_F(APresetFile, tells_its_faults_under_its_own_name) {
  const auto loaded = load_with("mqtt:\n  topics: {keys: {topic: '{bse}/x'}}\n", "");

  EXPECT_TRUE(contains(lines(loaded.faults), "own.yaml:2:27: mqtt.topics.keys.topic: unknown"));
}

TEST_F(APresetFile, that_is_not_there_is_a_fault_of_the_users_file) {
  const auto loaded = load_text("preset: ./gone.yaml\n", directory_.file("p1meter.yaml", ""));

  EXPECT_TRUE(contains(lines(loaded.faults), "p1meter.yaml:1:9: preset: the file"));
}

TEST_F(APresetFile, has_messages_that_the_users_are_added_to) {
  const auto messages = good_with("mqtt: {messages: [{on: state, topic: of_preset}]}\n",
                                  "mqtt: {messages: [{on: state, topic: of_user}]}\n")
                            .mqtt.messages;

  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].topic.written, "of_user");
  EXPECT_EQ(messages[1].topic.written, "of_preset");
  EXPECT_TRUE(messages[1].from_preset);
}

TEST_F(APresetFile, leaves_a_topic_to_the_user_who_moves_its_key) {
  const std::string preset = "readings: {power_import: {topic: a/b}}\n";

  EXPECT_EQ(lines(load_with(preset,
                            "readings: {power_import: {topic: a/c}, power_export: {topic: a/b}}\n")
                      .faults),
            "");
  EXPECT_TRUE(contains(lines(load_with(preset, "readings: {power_export: {topic: a/b}}\n").faults),
                       "p1meter.yaml:2:34 has it already"));
}

TEST_F(APresetFile, defines_fields_that_the_users_payloads_may_use) {
  const auto settings = good_with("readings: {default: {fields: {room: cellar}}}\n",
                                  "mqtt: {topics: {keys: {payload: '{room}'}}}\n");

  EXPECT_EQ(settings.readings.style(key_named("power_import")).fields.at("room"), "cellar");
}

TEST_F(APresetFile, has_entries_of_the_obis_table_that_come_after_the_users) {
  const auto file = directory_.file("obis.yaml", "\"1-0:94.99.8\": {key: from_file, unit: h}\n");
  const auto settings =
      good_with("obis: {\"1-0:94.99.9\": {key: from_preset, unit: h}}\n",
                "obis_file: " + file + "\nobis: {\"1-0:94.99.9\": {key: from_user, unit: h}}\n");

  ASSERT_EQ(settings.obis.size(), 3U);
  EXPECT_EQ(settings.obis[0].key, "from_user");
  EXPECT_EQ(settings.obis[1].key, "from_file");
  EXPECT_EQ(settings.obis[2].key, "from_preset");
}

TEST_F(APresetFile, shows_in_the_effective_configuration_and_is_not_taken_twice) {
  const auto settings = good_with(
      "mqtt: {topics: {keys: {topic: '{base}/{topic}', payload: {v: '{value}'}}},\n"
      "       messages: [{on: state, topic: '{base}/m'}]}\n"
      "readings: {power_import: {topic: a/b, fields: {x: y}, decimals: 1, qos: 1, retain: "
      "false}}\n",
      "mqtt: {messages: [{on: statistics, topic: n, payload: '{rss}'}]}\n");

  const std::string shown = effective_yaml(settings);
  const Settings again = good(shown);

  EXPECT_EQ(again.mqtt, settings.mqtt) << shown;
  EXPECT_EQ(effective_yaml(again), shown);
  EXPECT_TRUE(contains(shown, "# preset: power_import: {topic: a/b, decimals: 1, "));
  EXPECT_TRUE(contains(shown, "# preset: {on: state, topic: \"{base}/m\""));
}

}  // namespace
}  // namespace p1meter::settings
