// SPDX-License-Identifier: Apache-2.0
// Settings tests: remote control, the log, and intervals that are asked for while the program runs.
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "settings/interval_rule.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;

using Commands = std::set<RemoteCommand>;
const Commands all{RemoteCommand::publish, RemoteCommand::interval, RemoteCommand::reload,
                   RemoteCommand::restart};

TEST(RemoteControlSettings, are_off_and_then_allow_all_unless_told_otherwise) {
  EXPECT_FALSE(good("").mqtt.remote_control);
  EXPECT_FALSE(good("").mqtt.log.enabled);
  EXPECT_EQ(good("").mqtt.commands, all);
  const auto some = good("mqtt: {topics: {set: {enabled: true}}, commands: [publish, interval]}");
  EXPECT_TRUE(some.mqtt.remote_control);
  EXPECT_EQ(some.mqtt.commands, (Commands{RemoteCommand::publish, RemoteCommand::interval}));
  EXPECT_EQ(good("mqtt: {commands: reload}").mqtt.commands, Commands{RemoteCommand::reload});
  EXPECT_EQ(good("mqtt: {commands: []}").mqtt.commands, Commands{});
}

TEST(RemoteControlSettings, that_are_wrong_are_faults) {
  EXPECT_TRUE(contains(faults("mqtt: {commands: [publish, dance]}"),
                       "mqtt.commands[1]: found 'dance', expected publish, interval, reload or "
                       "restart"));
  EXPECT_TRUE(contains(faults("mqtt: {topics: {set: {qos: 1}}}"), "mqtt.topics.set.qos: unknown"));
  EXPECT_TRUE(contains(faults("readings: {power_import: {topic: p1meter/set/restart}}"),
                       "p1meter takes what is on p1meter/set/... for commands"));
}

TEST(LogSettings, name_who_else_reads) {
  EXPECT_EQ(good("").log.udp, BrokerAddress{});
  const auto log = good("log: {udp: '[::1]:8888', udp_level: info, topic_level: error}").log;
  EXPECT_EQ(log.udp, (BrokerAddress{"::1", 8888}));
  EXPECT_EQ(log.udp_level, "info");
  EXPECT_EQ(log.topic_level, "error");
  EXPECT_EQ(log.level, "info");
  for (const std::string_view udp : {"host", "8888", "host:0", "host:99999", "udp://host:1"})
    EXPECT_TRUE(contains(faults("log: {udp: '" + std::string{udp} + "'}"), "expected a host and"))
        << udp;
}

TEST(TheEffectiveConfiguration, says_what_others_may_do_and_read) {
  const auto settings = good(
      "mqtt: {topics: {set: {enabled: true}, log: {enabled: true, qos: 1}}, commands: [reload]}\n"
      "log: {udp: 'host:8888', topic_level: debug}\n");
  const auto again = good(effective_yaml(settings));
  EXPECT_EQ(again.mqtt, settings.mqtt);
  EXPECT_EQ(again.log.udp, settings.log.udp);
  EXPECT_EQ(again.log.topic_level, "debug");
}

class AnIntervalRule : public testing::Test {
 protected:
  std::string fault(std::string_view key, std::string_view interval) {
    const auto rule = make_interval_rule(key, interval, known_);
    if (rule) return {};
    return (rule.error().of_key ? "key: " : "interval: ") + rule.error().message;
  }
  KnownKeys known_{make_obis_table()};
};

TEST_F(AnIntervalRule, is_an_entry_of_readings) {
  for (const std::string_view key : {"power_import", "energy_*", "1-0:1.7.0", "default", "*"}) {
    const auto rule = make_interval_rule(key, "90s", known_);
    ASSERT_TRUE(rule) << key;
    EXPECT_EQ(rule->pattern, key);
    EXPECT_EQ(rule->interval, seconds{90});
    EXPECT_FALSE(rule->on_change || rule->refresh || rule->publish);
  }
  EXPECT_EQ(make_interval_rule("power_import", "0", known_)->interval, seconds{0});
  EXPECT_EQ(make_interval_rule("power_import", "0s", known_)->interval, seconds{0});
}

TEST_F(AnIntervalRule, with_a_fault_says_what_the_configuration_would) {
  EXPECT_EQ(fault("powr_import", "5s"), "key: unknown key; did you mean 'power_import'?");
  EXPECT_EQ(fault("wind_*", "5s"), "key: matches no key that is known");
  EXPECT_TRUE(contains(fault("9-9:9.9.9", "5s"), "key: no entry of the OBIS table"));
  EXPECT_TRUE(contains(fault("Power", "5s"), "key: found "));
  EXPECT_TRUE(contains(fault("power_import", "soon"), "interval: found 'soon', expected a time"));
  EXPECT_TRUE(contains(fault("power_import", "-1s"), "interval: "));
  EXPECT_TRUE(contains(fault("power_import", "5"), "interval: "));
  EXPECT_TRUE(contains(fault("power_import", "1000h"), "interval: "));
  EXPECT_TRUE(contains(fault("{a,{b}}", "5s"), "key: "));
  EXPECT_TRUE(contains(fault(std::string(5000, 'a'), "5s"), "key: "));
}

TEST_F(AnIntervalRule, meets_the_keys_that_its_pattern_names) {
  const auto rule = make_interval_rule("power_{import,export}", "5s", known_);
  ASSERT_TRUE(rule);
  KeyInfo key;
  key.key = "power_export";
  EXPECT_TRUE(meets(*rule, key));
  key.key = "power_import_l1";
  EXPECT_FALSE(meets(*rule, key));
}

}  // namespace
}  // namespace p1meter::settings
