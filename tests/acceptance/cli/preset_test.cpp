// SPDX-License-Identifier: Apache-2.0
// Acceptance: presets and templates as the program shows and checks them.
#include <gtest/gtest.h>

#include "program.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

TEST(AConfigurationWithAPreset, is_checked_and_shown_as_a_whole) {
  const TemporaryDirectory directory;
  const std::string file = directory.file(
      "p1meter.yaml",
      "preset: mosibi\n"
      "mqtt: {messages: [{on: state, topic: '{base}/m', payload: '{power_net}'}]}\n");

  const Outcome checked = p1meter({"check", "--config", file});
  const Outcome shown = p1meter({"show", "config", "--config", file});

  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_NE(checked.out.find("preset mosibi"), std::string::npos) << checked.out;
  EXPECT_NE(shown.out.find("preset: mosibi"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("base_topic: house/0/hallway/smartmeter"), std::string::npos);
  EXPECT_NE(shown.out.find("# preset: voltage_l1: {topic: \"{base}/l1_voltage\"}"),
            std::string::npos);
  EXPECT_NE(shown.out.find("- {on: state, topic: \"{base}/m\""), std::string::npos) << shown.out;
  const std::string again = directory.file("again.yaml", shown.out);
  EXPECT_EQ(p1meter({"show", "config", "--config", again}).out, shown.out);
}

TEST(AConfigurationWithAPreset, is_refused_with_the_place_of_what_is_wrong) {
  const TemporaryDirectory directory;
  const std::string file = directory.file(
      "p1meter.yaml", "preset: mosibi\nmqtt: {topics: {raw: {topic: '{mter}/r'}}}\n");

  const Outcome checked = p1meter({"check", "--config", file});

  EXPECT_EQ(checked.status, 78);
  EXPECT_NE(checked.err.find("p1meter.yaml:2:31: mqtt.topics.raw.topic: unknown placeholder "
                             "{mter}; did you mean 'meter'?"),
            std::string::npos)
      << checked.err;
}

}  // namespace
}  // namespace p1meter::test
