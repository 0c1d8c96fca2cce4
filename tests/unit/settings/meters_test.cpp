// SPDX-License-Identifier: Apache-2.0
// Settings tests: the meters section.
#include <gtest/gtest.h>

#include "loading_text.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;
using test::warnings;

TEST(AConfiguration, is_the_defaults_when_it_is_empty) {
  for (const std::string_view text : {"", "# nothing\n", "meters:\nmqtt:\nreadings:\nlog:\n"}) {
    const Settings settings = good(text);

    EXPECT_EQ(settings.meters, std::vector<MeterSettings>{MeterSettings{}}) << text;
    EXPECT_EQ(settings.mqtt, MqttSettings{}) << text;
    EXPECT_EQ(settings.log.level, "info") << text;
  }
}

TEST(AConfiguration, must_be_a_mapping) {
  EXPECT_EQ(faults("just a text\n"),
            "1:1: found a text, expected a mapping ('key: value' lines)\n");
  EXPECT_EQ(faults("- a\n"), "1:1: found a list, expected a mapping ('key: value' lines)\n");
  EXPECT_TRUE(contains(faults("meters: {}\n"), "1:9: meters: found a mapping, expected a list"));
  EXPECT_TRUE(contains(faults("mqtt: []\n"), "1:7: mqtt: found a list, expected a mapping"));
  EXPECT_TRUE(contains(faults("meters: [x]\n"), "meters[0]: found a text, expected a mapping"));
}

TEST(AConfiguration, names_the_keys_there_are_when_one_is_unknown) {
  EXPECT_EQ(faults("meter: []\n"), "1:1: meter: unknown key; did you mean 'meters'?\n");
  EXPECT_EQ(
      faults("zzzzzz: 1\n"),
      "1:1: zzzzzz: unknown key; expected version, preset, meters, mqtt, home_assistant, homie, "
      "readings, obis, obis_file, layouts "
      "or log\n");
}

TEST(AMeter, takes_every_key) {
  const Settings settings = good(
      "meters:\n"
      "  - name: house-1\n"
      "    source: tcp://[::1]:2000\n"
      "    serial: {baud: 9600, parity: even, data_bits: 7, stop_bits: 2}\n"
      "    crc: strict\n"
      "    zone: Europe/Brussels\n"
      "    telegram_limit: 64KiB\n"
      "  - {name: b, source: \"simulator:dsmr5\", crc: off, zone: auto, live: true}\n");

  ASSERT_EQ(settings.meters.size(), 2U);
  const auto& meter = settings.meters[0];
  EXPECT_EQ(meter.name, "house-1");
  EXPECT_EQ(meter.source, (Source{TcpSource{"::1", 2000}}));
  EXPECT_EQ(meter.serial, (SerialSettings{9600, link::Parity::even, 7, 2}));
  EXPECT_EQ(meter.crc, CrcMode::strict);
  EXPECT_EQ(meter.zone, parse_zone("Europe/Brussels"));
  EXPECT_EQ(meter.telegram_limit, 65536U);
  EXPECT_EQ(settings.meters[1].crc, CrcMode::off);
  EXPECT_TRUE(settings.meters[1].live);
  EXPECT_FALSE(settings.meters[1].zone);
}

TEST(AMeter, takes_the_ratios_of_its_transformers_and_scales_exactly) {
  const Settings settings = good(
      "meters:\n"
      "  - name: a\n"
      "    source: \"tcp://a:1\"\n"
      "    transformer: {current: 200/5, voltage: 0.1}\n"
      "    energy_scale: 10\n"
      "    unscaled: publish\n"
      "  - {name: b, source: \"tcp://b:1\", transformer: {current: meter}, unscaled: drop}\n");

  const auto& meter = settings.meters[0];
  EXPECT_EQ(meter.transformer.current, (Ratio{40, 1}));
  EXPECT_EQ(meter.transformer.voltage, (Ratio{1, 10}));
  EXPECT_FALSE(meter.transformer.current_from_meter);
  EXPECT_EQ(to_string(meter.energy_scale.value()), "10");
  EXPECT_TRUE(meter.publish_unscaled);
  EXPECT_TRUE(settings.meters[1].transformer.current_from_meter);
  EXPECT_FALSE(settings.meters[1].transformer.voltage_from_meter);
  EXPECT_FALSE(settings.meters[1].energy_scale);
}

TEST(AMeter, refuses_ratios_and_scales_that_are_none) {
  for (const std::string wrong : {"0", "200/0", "-5", "1e3", "200:5", "1000001", "0.0000001"}) {
    EXPECT_TRUE(
        contains(faults("meters: [{transformer: {current: \"" + wrong + "\"}}]\n"),
                 "meters[0].transformer.current: found \"" + wrong + "\", expected a ratio"))
        << faults("meters: [{transformer: {current: \"" + wrong + "\"}}]\n");
  }
  EXPECT_TRUE(contains(faults("meters: [{energy_scale: 0}]\n"), "greater than 0"));
  EXPECT_TRUE(contains(faults("meters: [{unscaled: maybe}]\n"), "expected drop or publish"));
}

TEST(AMeter, shows_all_its_faults_at_once_with_their_places) {
  EXPECT_EQ(
      faults("meters:\n"
             "  - name: Home\n"
             "    serial: {baud: fast, parity: evn}\n"
             "    crc: no\n"
             "    zonee: x\n"
             "    zone: Mars/Base\n"
             "    telegram_limit: 1GiB\n"),
      "2:11: meters[0].name: found 'Home', expected 1 to 32 of the characters a-z, 0-9, _ and -\n"
      "3:20: meters[0].serial.baud: found 'fast', expected a number from 300 to 921600, or auto\n"
      "3:34: meters[0].serial.parity: found 'evn', expected auto, none, even or odd\n"
      "4:10: meters[0].crc: found 'no', expected auto, strict or off\n"
      "5:5: meters[0].zonee: unknown key; did you mean 'zone'?\n"
      "6:11: meters[0].zone: found 'Mars/Base', expected a European time zone like "
      "Europe/Brussels, UTC, or an offset like +01:00\n"
      "7:21: meters[0].telegram_limit: found '1GiB', expected a size from 1KiB to 1MiB\n");
}

TEST(AMeter, needs_a_name_that_no_other_meter_and_no_topic_has) {
  EXPECT_EQ(faults("meters:\n  - {}\n  - source: auto\n"),
            "3:5: meters[1].name: two meters are named 'home': meters[0] at 2:5 and this one\n"
            "3:13: meters[1].source: two meters read source 'auto': meters[0] at 2:5 and this "
            "one, expected a cable of its own for each\n");
  EXPECT_TRUE(contains(faults("meters: [{name: a}, {name: a}]\n"),
                       "1:28: meters[1].name: two meters are named 'a': meters[0] at "
                       "1:17 and this one"));
  for (const std::string_view name : {"status", "statistics", "set", "log", "response"}) {
    EXPECT_TRUE(contains(faults("meters: [{name: " + std::string{name} + "}]\n"),
                         "are topics of p1meter itself"))
        << name;
  }
  EXPECT_NE(faults("meters: [{name: \"\"}]\n"), "");
  EXPECT_NE(faults("meters: [{name: " + std::string(33, 'a') + "}]\n"), "");
  EXPECT_EQ(faults("meters: [{name: " + std::string(32, 'a') + "}]\n"), "");
}

TEST(AMeter, has_a_device_of_its_own) {
  EXPECT_EQ(faults("meters: [{name: a, source: serial:/dev/ttyUSB0}, "
                   "{name: b, source: serial:/dev/ttyUSB0}]\n"),
            "1:68: meters[1].source: two meters read /dev/ttyUSB0: meters[0] at 1:28 and this one, "
            "expected a cable of its own for each\n");
  EXPECT_TRUE(contains(faults("meters: [{name: a}, {name: b}]\n"),
                       "meters[1].source: two meters read source 'auto'"));
  EXPECT_EQ(faults("meters: [{name: a, source: simulator:dsmr5}, "
                   "{name: b, source: simulator:dsmr5}]\n"),
            "");
}

TEST(AMeter, is_there_when_meters_are_named_at_all) {
  EXPECT_EQ(faults("meters: []\n"),
            "1:9: meters: found an empty list, expected a meter (or no 'meters' at all)\n");
}

TEST(AMeter, that_is_real_is_warned_about_a_key_for_simulators) {
  EXPECT_TRUE(contains(warnings("meters: [{live: true}]\n"), "the source is no simulator"));
  EXPECT_EQ(warnings("meters: [{source: \"simulator:dsmr5\", live: true}]\n"), "");
}

TEST(ALog, takes_its_level) {
  EXPECT_EQ(good("log: {level: debug}\n").log.level, "debug");
  EXPECT_TRUE(contains(faults("log: {level: warn}\n"), "expected debug, info, warning or error"));
}

}  // namespace
}  // namespace p1meter::settings
