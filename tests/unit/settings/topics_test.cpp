// SPDX-License-Identifier: Apache-2.0
// Settings tests: who publishes to which topic, classes and messages.
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/presets.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::lines;

std::string message(std::string_view topic, std::string_view on = "state") {
  return "{on: " + std::string{on} + ", topic: '" + std::string{topic} + "'}";
}

std::string with_messages(const std::string& list, const std::string& rest = "") {
  return "mqtt: {messages: [" + list + "]}\n" + rest;
}

std::string with_class(const std::string& text, const std::string& rest = "") {
  return "mqtt: {topics: {" + text + "}}\n" + rest;
}

TEST(AMessage, has_no_topic_of_p1meters_own) {
  for (const std::string_view own :
       {"{base}/status", "{base}/statistics", "{base}/log", "{base}/response", "{base}/set/publish",
        "{base}/{meter}/state", "p1meter/home/status", "{base}/home/events", "{base}/{meter}/raw"})
    EXPECT_TRUE(contains(
        faults(with_messages(message(own))),
        "1:38: mqtt.messages[0].topic: found '" + std::string{own} + "', expected another: "))
        << own;
  EXPECT_EQ(faults(with_messages(message("{base}/{meter}/state"))),
            "1:38: mqtt.messages[0].topic: found '{base}/{meter}/state', expected another: it is "
            "the topic of mqtt.topics.state\n");
  EXPECT_EQ(faults(with_messages(message("{base}/{meter}/summary"))), "");
}

TEST(AMessage, may_have_what_a_class_has_left) {
  EXPECT_EQ(faults("mqtt: {topics: {state: {enabled: false}}, messages: [" +
                   message("{base}/{meter}/state") + "]}\n"),
            "");
  EXPECT_EQ(faults("mqtt: {topics: {state: {topic: 'x/{meter}'}}, messages: [" +
                   message("{base}/{meter}/state") + "]}\n"),
            "");
}

TEST(AMessage, has_no_topic_of_another) {
  EXPECT_EQ(faults("mqtt:\n  messages:\n    - " + message("{base}/a") + "\n    - " +
                   message("p1meter/a", "statistics") + "\n"),
            "4:31: mqtt.messages[1].topic: found 'p1meter/a', expected another: it is the topic of "
            "mqtt.messages[0]\n");
  EXPECT_EQ(faults(with_messages(message("sys/{hostname}/a", "statistics") + ", " +
                                 message("sys/{hostname}/b", "statistics"))),
            "");
  EXPECT_TRUE(contains(faults(with_messages(message("sys/{client_id}", "statistics") + ", " +
                                            message("sys/{client_id}", "statistics"))),
                       "mqtt.messages[1].topic"));
}

TEST(AMessage, has_no_topic_of_a_reading) {
  EXPECT_TRUE(contains(faults(with_messages(message("{base}/{meter}/power_import"))),
                       "it is the topic of the key power_import"));
  EXPECT_TRUE(contains(faults(with_messages(message("{base}/{meter}/gas_volume_time"))),
                       "it is the topic of the key gas_volume"));
  EXPECT_TRUE(contains(faults(with_messages(message("a/b"), "readings: {tariff: {topic: a/b}}\n")),
                       "it is the topic of the key tariff"));
  EXPECT_EQ(
      faults(with_messages(message("{base}/{meter}/tariff"), "readings: {tariff: {topic: t}}\n")),
      "");
  EXPECT_EQ(faults("mqtt: {topics: {keys: {enabled: false}}, messages: [" +
                   message("{base}/{meter}/tariff") + "]}\n"),
            "");
}

TEST(AMessage, may_have_the_topic_of_a_reading_that_is_not_published) {
  EXPECT_EQ(faults(with_messages(message("{base}/{meter}/equipment_id"),
                                 "readings: {equipment_id: {publish: false}}\n")),
            "");
  EXPECT_EQ(faults("preset: dsmr-reader\n" +
                   with_messages(message("{base}/reading/electricity_currently_delivered"),
                                 "readings: {power_import: {publish: false}}\n")),
            "");
  const std::string only_export =
      "readings: {'*': {publish: false}, power_export: {publish: true}}\n";
  EXPECT_EQ(faults(with_messages(message("{base}/{meter}/power_import"), only_export)), "");
  EXPECT_EQ(faults(with_messages(message("{base}/{meter}/power_import_time"), only_export)), "");
  EXPECT_TRUE(contains(faults(with_messages(message("{base}/{meter}/power_export"), only_export)),
                       "it is the topic of the key power_export"));
}

TEST(AMessage, has_no_topic_of_a_reading_that_looks_like_a_time) {
  EXPECT_TRUE(contains(faults("mqtt: {topics: {keys: {topic: '{base}/{key}_time'}}, messages: [" +
                              message("{base}/tariff_time") + "]}\n"),
                       "it is the topic of the key tariff"));
}

TEST(AMessage, is_compared_for_every_meter) {
  const std::string two = "meters: [{name: a, source: '-'}, {name: b, source: 'file:x'}]\n";

  EXPECT_TRUE(contains(faults(two + with_messages(message("p1meter/b/state", "statistics"))),
                       "it is the topic of mqtt.topics.state"));
  EXPECT_TRUE(contains(faults(two + with_messages(message("p1meter/b/tariff", "statistics"))),
                       "it is the topic of the key tariff"));
  EXPECT_EQ(faults(two + with_messages(message("p1meter/c/tariff", "statistics"))), "");
  EXPECT_EQ(
      faults(two + with_messages(message("{base}/{meter}/x") + ", " + message("{base}/{meter}/y"))),
      "");
}

TEST(AClass, has_no_topic_of_another) {
  EXPECT_EQ(faults(with_class("state: {topic: '{base}/{meter}/status'}")),
            "1:32: mqtt.topics.state.topic: found '{base}/{meter}/status', expected another: it is "
            "the topic of mqtt.topics.status\n");
  EXPECT_TRUE(contains(faults(with_class("raw: {topic: '{base}/status'}")), "mqtt.topics.status"));
  EXPECT_TRUE(contains(faults(with_class("statistics: {topic: '{base}/log'}")), "publishes"));
  EXPECT_TRUE(contains(faults(with_class("keys: {topic: '{base}/set/{topic}'}")), "commands"));
  EXPECT_TRUE(contains(faults(with_class("events: {topic: '{base}/{meter}/tariff'}")),
                       "it is the topic of the key tariff"));
  EXPECT_EQ(faults(with_class("state: {topic: '{base}/{meter}/status'}, "
                              "status: {meter_topic: '{base}/{meter}/state'}")),
            "");
}

TEST(HomeAssistantsTopics, are_its_own) {
  EXPECT_EQ(faults(with_messages(message("homeassistant/status", "statistics"))),
            "1:43: mqtt.messages[0].topic: found 'homeassistant/status', expected another: Home "
            "Assistant says on homeassistant/status that it has started\n");
  EXPECT_TRUE(contains(faults(with_class("raw: {topic: 'homeassistant/{meter}/config'}")),
                       "announcements of devices"));
  EXPECT_TRUE(contains(faults(with_class("keys: {topic: 'homeassistant/sensor/{key}/config'}")),
                       "announcements of devices"));
  for (const std::string_view topic : {"homeassistant/status", "homeassistant/sensor/x/config"})
    EXPECT_TRUE(contains(faults("readings: {tariff: {topic: " + std::string{topic} + "}}\n"),
                         "readings.tariff.topic: found '" + std::string{topic} +
                             "', expected another: Home Assistant"))
        << topic;
  EXPECT_EQ(faults("mqtt: {base_topic: homeassistant}\n"),
            "1:20: mqtt.base_topic: found 'homeassistant', expected another: it gives "
            "mqtt.topics.status.topic the topic homeassistant/status, and Home Assistant says on "
            "homeassistant/status that it has started\n");
  EXPECT_TRUE(contains(faults("home_assistant: {birth_topic: p1meter/status}\n"),
                       "1:31: home_assistant.birth_topic: found 'p1meter/status'"));
}

TEST(HomeAssistantsTopics, are_free_where_it_is_not_told_of_anything) {
  EXPECT_EQ(faults(with_messages(message("homeassistant/sensor/x/config", "statistics"),
                                 "home_assistant: {discovery: \"off\"}\n")),
            "");
  EXPECT_EQ(faults(with_messages(message("homeassistant/status", "statistics"),
                                 "home_assistant: {birth_topic: hass/status}\n")),
            "");
  EXPECT_EQ(faults(with_messages(message("homeassistant/status", "statistics"),
                                 "home_assistant: {discovery: \"off\"}\n")),
            "");
}

TEST(KeysOnOneTopic, are_told_of_it_and_so_is_a_reading_whose_topic_has_no_place_there) {
  EXPECT_EQ(faults("mqtt: {topics: {keys: {topic: fixed}}}\nreadings: {tariff: {topic: x}, "
                   "power_net: {topic: a/b}}\n"),
            "1:31: mqtt.topics.keys.topic: expected {topic}, {key} or {obis} in it: all readings "
            "that have no whole topic (with a '/') of their own would share this one\n"
            "2:28: readings.tariff.topic: found 'x', expected a whole topic, with a '/': this is a "
            "last level, and mqtt.topics.keys.topic ('fixed') has no {topic}, where it would "
            "stand\n");
}

/// A preset and a user's file that meet on a topic.
class ATopicOfAPreset : public testing::Test {
 protected:
  std::string faults_with(const std::string& preset, const std::string& users) {
    const auto path = directory_.file("own.yaml", preset);
    return lines(
        load_text("preset: own.yaml\n" + users, directory_.file("p1meter.yaml", "")).faults);
  }
  p1meter::test::TemporaryDirectory directory_{};
};

TEST_F(ATopicOfAPreset, that_the_user_takes_is_a_fault_of_the_users_file) {
  const std::string preset = with_messages(message("{base}/x"));

  for (const auto& users :
       {with_messages(message("p1meter/x")), with_class("state: {topic: '{base}/x'}"),
        std::string{"readings: {tariff: {topic: p1meter/x}}\n"}}) {
    const std::string told = faults_with(preset, users);
    EXPECT_TRUE(contains(told, "p1meter.yaml:2:")) << told;
    EXPECT_TRUE(contains(told, "it is the topic of mqtt.messages[0] in ")) << told;
    EXPECT_FALSE(contains(told, "own.yaml:1:")) << told;
  }
}

TEST_F(ATopicOfAPreset, is_free_when_the_user_has_moved_the_class) {
  EXPECT_EQ(faults_with(with_class("state: {topic: '{base}/x'}"),
                        "mqtt: {topics: {state: {topic: '{base}/y'}}, messages: [" +
                            message("{base}/x") + "]}\n"),
            "");
}

TEST_F(ATopicOfAPreset, to_which_the_user_moves_the_keys_is_a_fault_of_their_topic) {
  const std::string keys = "keys: {topic: '{base}/x/{key}'}";
  for (const auto& preset :
       {with_messages(message("{base}/x/tariff")), with_class("events: {topic: '{base}/x/tariff'}"),
        with_messages(message("{base}/x/t"), "readings: {tariff: {topic: t}}\n")}) {
    const std::string moved =
        contains(preset, "readings") ? "keys: {topic: '{base}/x/{topic}'}" : keys;
    const std::string told = faults_with(preset, with_class(moved));
    EXPECT_TRUE(contains(told, "p1meter.yaml:2:")) << told;
    EXPECT_TRUE(contains(told, ": mqtt.topics.keys.topic: found '{base}/x/")) << told;
    EXPECT_TRUE(contains(told, "with it the key tariff and mqtt.")) << told;
    EXPECT_TRUE(contains(told, "own.yaml have the same topic, p1meter/x/t")) << told;
    EXPECT_FALSE(contains(told, "own.yaml:1:")) << told;
  }
  EXPECT_TRUE(contains(faults_with("", "mqtt: {topics: {" + keys + "}, messages: [" +
                                           message("{base}/x/tariff") + "]}\n"),
                       "mqtt.messages[0].topic: found '{base}/x/tariff'"))
      << "both are the user's";
}

TEST_F(ATopicOfAPreset, to_which_the_users_base_topic_leads_is_a_fault_of_that) {
  const std::string told =
      faults_with(with_messages(message("a/home/tariff")), "mqtt: {base_topic: a}\n");
  EXPECT_TRUE(contains(told,
                       "p1meter.yaml:2:20: mqtt.base_topic: found 'a', expected another: "
                       "with it the key tariff and mqtt.messages[0] in "))
      << told;
  EXPECT_FALSE(contains(told, "own.yaml:1:")) << told;

  const std::string presets_own =
      faults_with(with_messages(message("{base}/home/tariff")), "mqtt: {base_topic: a}\n");
  EXPECT_TRUE(contains(presets_own, "own.yaml:1:")) << "any base would: " << presets_own;
}

TEST(AShippedPreset, that_the_users_keys_meet_is_no_fault_of_its_own) {
  EXPECT_EQ(faults("preset: dsmr-reader\n" + with_class("keys: {topic: '{base}/reading/{key}'}")),
            "2:31: mqtt.topics.keys.topic: found '{base}/reading/{key}', expected another: with it "
            "the key timestamp and mqtt.messages[1] in preset dsmr-reader have the same topic, "
            "dsmr/reading/timestamp\n");
}

TEST(AShippedPreset, is_right_as_it_is) {
  for (const std::string_view name : preset_names()) {
    EXPECT_EQ(faults("preset: " + std::string{name} + "\nmqtt: {host: h}\n"), "") << name;
    EXPECT_EQ(faults("preset: " + std::string{name} +
                     "\nmqtt: {host: h, topics: {raw: {enabled: true}, keys: {enabled: true}, "
                     "state: {enabled: true}}}\n"),
              "")
        << name;
  }
}

}  // namespace
}  // namespace p1meter::settings
