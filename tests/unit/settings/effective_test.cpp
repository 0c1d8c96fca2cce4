// SPDX-License-Identifier: Apache-2.0
// Settings tests: the configuration in force, shown.
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::good;

/// Rules without the lines they stood in.
std::vector<ReadingRule> rules_of(const Settings& settings) {
  auto rules = settings.readings.rules();
  for (auto& rule : rules) rule.line = 0;
  return rules;
}

void expect_the_same_after_showing(std::string_view yaml) {
  Settings settings = good(yaml);
  const Settings again = good(effective_yaml(settings));

  EXPECT_EQ(again.meters, settings.meters) << effective_yaml(settings);
  EXPECT_EQ(again.mqtt, settings.mqtt) << effective_yaml(settings);
  EXPECT_EQ(rules_of(again), rules_of(settings)) << effective_yaml(settings);
  EXPECT_EQ(again.obis, settings.obis) << effective_yaml(settings);
  EXPECT_EQ(again.log.level, settings.log.level);
  EXPECT_EQ(effective_yaml(again), effective_yaml(settings));
}

TEST(TheEffectiveConfiguration, gives_the_same_settings_when_it_is_loaded) {
  expect_the_same_after_showing("");
  expect_the_same_after_showing(
      "meters:\n"
      "  - {name: a, source: \"tcp://[::1]:2000\", zone: Europe/Lisbon, crc: off, verify_tag: "
      "false}\n"
      "  - {name: b, source: \"simulator:dsmr5\", live: true, telegram_limit: 2000}\n"
      "  - {name: c, source: \"file:/tmp/with space: # and more\"}\n"
      "  - {name: d, source: \"-\", serial: {baud: 9600, parity: even, data_bits: 7, stop_bits: "
      "1}}\n"
      "mqtt:\n"
      "  host: [a, \"::1\", \"[::2]:99\"]\n"
      "  port: 1000\n"
      "  username: \"üser: \\\"quoted\\\"\"\n"
      "  version: 5\n"
      "  base_topic: \"my home/p1\"\n"
      "  client_id: \"5\"\n"
      "  keep_alive: 90s\n"
      "  tls: {alpn: [x, \"y z\"], insecure: true}\n"
      "  topics: {raw: {enabled: true, qos: 1}, state: {retain: false}}\n"
      "readings:\n"
      "  default: {interval: 1s, refresh: off, every: 3}\n"
      "  \"*_l1\": {deadband: 1.50%, aggregate: max, on_change: false}\n"
      "  \"*_l?\": {deadband: 0.5, publish: false}\n"
      "  voltage_l1: {topic: \"u 1\", unit: kV, name: \"Spannung – Küche\"}\n"
      "  \"1-0:1.7.0\": {topic: p, interval: 0s}\n"
      "log: {level: warning}\n");
}

TEST(TheEffectiveConfiguration, shows_the_users_objects_as_they_are_understood) {
  expect_the_same_after_showing(
      "obis:\n"
      "  \"1-0:94.99.9\": {key: pump_hours, unit: h, factor: 0.01, kind: cumulative}\n"
      "  \"1-0:1.7.0\": {name: Verbrauch, unit: kW}\n"
      "  \"0-n:24.9.*\": {key: \"{medium}_extra{e}\", unit: V, when_device: other}\n"
      "  \"1-0:94.98.1..4*7\": [{key: a, when_unit: V, group: 2}, {key: b, form: ignored}]\n"
      "  \"1-0:94.97.1**\": {key: c, nines_are_unlimited: true, device_class: none}\n");
}

TEST(TheEffectiveConfiguration, masks_the_password) {
  const auto shown = effective_yaml(good("mqtt: {password: hunter2}\n"));

  EXPECT_FALSE(contains(shown, "hunter2"));
  EXPECT_TRUE(contains(shown, "password: \"****************\""));
}

TEST(TheEffectiveConfiguration, shows_the_built_in_rules_as_comments) {
  EXPECT_TRUE(contains(effective_yaml(good("")), "# built in: energy_*: {interval: 60s}"));
}

}  // namespace
}  // namespace p1meter::settings
