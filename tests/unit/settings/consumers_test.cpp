// SPDX-License-Identifier: Apache-2.0
// Configurations that are allowed, and do not do what their author hopes for.
#include <gtest/gtest.h>

#include "settings/settings.hpp"

namespace p1meter::settings {
namespace {

std::string warnings(const std::string& yaml) {
  std::string text;
  const Loaded loaded = load_text(yaml, "p1meter.yaml");
  for (const Fault& fault : loaded.faults) text += "FAULT " + to_string(fault) + "\n";
  for (const Fault& warning : loaded.warnings) text += to_string(warning) + "\n";
  return text;
}

TEST(Discovery, without_the_topic_that_it_reads_is_warned_of) {
  EXPECT_EQ(warnings("mqtt: {host: a, topics: {state: {enabled: false}}}\n"),
            "p1meter.yaml:1:7: home_assistant.discovery: nothing is announced to Home Assistant, "
            "because mqtt.topics.state, from which its entities read, is switched off\n");
  EXPECT_NE(warnings("mqtt: {host: a, topics: {state: {payload: influx}}}\n").find("of its own"),
            std::string::npos);
}

TEST(Discovery, is_not_warned_of_where_it_is_off_or_all_is_well) {
  EXPECT_EQ(warnings("mqtt: {host: a}\n"), "");
  EXPECT_EQ(warnings("mqtt: {host: a, topics: {state: {enabled: false}}}\n"
                     "home_assistant: {discovery: \"off\"}\n"),
            "");
}

TEST(AnAwsBroker, is_warned_of_topics_that_it_does_not_take) {
  EXPECT_EQ(warnings("mqtt:\n"
                     "  host: x-ats.iot.eu-west-1.amazonaws.com\n"
                     "  base_topic: a/b/c/d/e/f/g\n"
                     "  topics: {keys: {qos: 2, enabled: false}, statistics: {qos: 2}}\n"),
            "p1meter.yaml:2:3: mqtt.topics: the topic {base}/{meter}/status has 9 levels, and AWS "
            "IoT takes 8 at most\n"
            "p1meter.yaml:2:3: mqtt.topics: the topic {base}/{meter}/state has 9 levels, and AWS "
            "IoT takes 8 at most\n"
            "p1meter.yaml:2:3: mqtt.topics: QoS 2 of {base}/statistics is never acknowledged by "
            "AWS IoT; expected 0 or 1\n");
}

TEST(APayload, that_is_a_misspelt_form_is_a_fault) {
  EXPECT_EQ(warnings("mqtt: {topics: {keys: {payload: jsn}, state: {payload: jsom}}}\n"),
            "FAULT p1meter.yaml:1:33: mqtt.topics.keys.payload: found 'jsn', expected plain, raw, "
            "json, influx, a text with a placeholder or a mapping\n"
            "FAULT p1meter.yaml:1:56: mqtt.topics.state.payload: found 'jsom', expected json, "
            "influx, a text with a placeholder or a mapping\n");
}

TEST(TheTopicOfKeys, must_tell_readings_apart) {
  EXPECT_EQ(warnings("mqtt: {topics: {keys: {topic: \"{base}/{meter}/x\"}}}\n"),
            "FAULT p1meter.yaml:1:31: mqtt.topics.keys.topic: expected {topic}, {key} or {obis} in "
            "it: all readings that have no whole topic (with a '/') of their own would share "
            "this one\n");
}

}  // namespace
}  // namespace p1meter::settings
