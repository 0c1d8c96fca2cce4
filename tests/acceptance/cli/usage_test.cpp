// SPDX-License-Identifier: Apache-2.0
// The command line: what is understood, and how the rest is refused.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "program.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

/// Expects a refusal with 64 whose message holds a text.
void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const Outcome run = p1meter(arguments);
  EXPECT_EQ(run.status, 64) << message;
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(contains(run.err, message)) << run.err;
  EXPECT_TRUE(contains(run.err, "--help'") || contains(run.err, "p1meter show")) << run.err;
}

TEST(TheCommandLine, suggests_the_nearest_command_option_and_word) {
  expect_refused({"decod"}, "unknown command 'decod'; did you mean 'decode'?");
  expect_refused({"deco"}, "unknown command 'deco'; did you mean 'decode'?\n");
  expect_refused({"decode", "--fromat", "json"},
                 "unknown option '--fromat'; did you mean '--format'?");
  expect_refused({"decode", "--format=jsn"}, "did you mean 'json'?");
  expect_refused({"show", "profile"}, "unknown command 'profile'; did you mean 'profiles'?");
  expect_refused({"simulate", "fluvus"}, "unknown profile 'fluvus'; did you mean 'fluvius'?");
  expect_refused({"simulate", "dsmr5", "--fault", "crcs"}, "did you mean 'crc'?");
}

TEST(TheCommandLine, lists_the_choices_of_an_option_once) {
  const Outcome run = p1meter({"decode", "--format", "xml"});
  EXPECT_EQ(run.status, 64);
  EXPECT_EQ(count(run.err, "yaml"), 1U) << run.err;
}

TEST(TheCommandLine, refuses_what_it_does_not_understand) {
  expect_refused({}, "a command is missing");
  expect_refused({"show"}, "a command is missing");
  expect_refused({"--nonsense"}, "unknown option '--nonsense'");
  expect_refused({"decode", "a", "b"}, "unexpected argument 'b'");
  expect_refused({"simulate"}, "PROFILE is required");
  expect_refused({"check", "--config"}, "--config");
  for (const char* count : {"0", "-1", "x", "1.5", "99999999999999999999"}) {
    expect_refused({"simulate", "dsmr5", "--count", count}, "is no number of telegrams");
  }
  expect_refused({"simulate", "dsmr5", "--period", "0s"}, "is no time such as");
  expect_refused({"simulate", "dsmr5", "--speed", "fast"}, "is no speed");
  expect_refused({"simulate", "dsmr5", "--start", "2024-02-30"}, "is no time");
}

TEST(TheCommandLine, explains_itself) {
  const Outcome help = p1meter({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const std::string command :
       {"run", "decode", "replay", "simulate", "monitor", "check", "show"}) {
    EXPECT_TRUE(contains(help.out, "\n  " + command + " ")) << command;
    const Outcome own = p1meter({command, "--help"});
    EXPECT_EQ(own.status, 0) << command;
    EXPECT_TRUE(contains(own.out, "Exit status: 0 ")) << own.out;
  }
  EXPECT_TRUE(contains(p1meter({"replay", "--help"}).out, "65 no telegram found"));
  EXPECT_TRUE(contains(p1meter({"simulate", "--help"}).out, "73 the target cannot be opened"));
  EXPECT_TRUE(contains(p1meter({"run", "--help"}).out, "75 another p1meter"));
  EXPECT_EQ(p1meter({"--version"}).out.substr(0, 8), "p1meter ");
}

TEST(TheCommandLine, fails_with_74_when_help_cannot_be_written) {
  EXPECT_EQ(shell("\"$P1METER\" --help > /dev/full").status, 74);
}

// ---- check and show -----------------------------------------------------------------------------
TEST(Check, shows_all_faults_with_their_places_and_ends_with_78) {
  const TemporaryDirectory directory;
  const std::string file = directory.file(
      "bad.yaml", "mqtt:\n  hots: broker\n  port: 70000\nmeters:\n  - name: HOME!\n");
  const Outcome run = p1meter({"check", "--config", file});

  EXPECT_EQ(run.status, 78);
  EXPECT_TRUE(contains(run.err, file + ":2:3: mqtt.hots: ")) << run.err;
  EXPECT_TRUE(contains(run.err, "did you mean 'host'")) << run.err;
  EXPECT_TRUE(contains(run.err, file + ":3:9: mqtt.port: ")) << run.err;
  EXPECT_TRUE(contains(run.err, file + ":5:11: meters[0].name: ")) << run.err;
}

TEST(Check, says_what_a_good_configuration_will_do) {
  const TemporaryDirectory directory;
  const std::string file = directory.file("good.yaml",
                                          "mqtt: {host: broker, username: me, password: secret}\n"
                                          "meters:\n"
                                          "  - {name: house, source: 'tcp://ser2net:2000'}\n"
                                          "  - {name: toy, source: 'simulator:fluvius'}\n");
  for (const auto& arguments : {std::vector<std::string>{"--config", file, "check"},
                                std::vector<std::string>{"check", "--config", file}}) {
    const Outcome run = p1meter(arguments);
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(contains(run.out,
                         "meter house: reads tcp://ser2net:2000, publishes under "
                         "p1meter/house/\n"))
        << run.out;
    EXPECT_TRUE(contains(run.out, "publishes under p1meter-test/toy/\n")) << run.out;
    EXPECT_TRUE(contains(run.out, "mqtt: broker broker port 1883, as user me\n")) << run.out;
    EXPECT_FALSE(contains(run.out, "secret"));
  }
}

TEST(Check, refuses_a_named_configuration_that_is_not_there) {
  const Outcome run = p1meter({"check", "--config", "/nonexistent.yaml"});
  EXPECT_EQ(run.status, 78);
  EXPECT_TRUE(contains(run.err, "/nonexistent.yaml")) << run.err;
}

TEST(Show, lists_profiles_with_their_names_first_and_each_can_be_simulated) {
  std::string profiles = p1meter({"show", "profiles"}).out;
  ASSERT_GE(count(profiles, "\n"), 2U);
  EXPECT_TRUE(contains(profiles, "key 000102030405060708090A0B0C0D0E0F"));
  for (std::size_t end = 0; !profiles.empty(); profiles.erase(0, end + 1)) {
    end = profiles.find('\n');
    const std::string name = profiles.substr(0, profiles.find(' '));
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
    const std::string begin =
        p1meter({"simulate", name, "--count", "1", "--speed", "max"}).out.substr(0, 1);
    EXPECT_TRUE(begin == "/" || begin == "\x7E" || begin == "\x68" || begin == "\xDB") << name;
  }
}

TEST(Show, lists_keys_and_the_table_with_the_users_entries_first) {
  const TemporaryDirectory directory;
  const std::string file = directory.file(
      "own.yaml", "obis:\n  \"1-0:94.99.9\": {key: pump_hours, unit: h, kind: cumulative}\n");

  const std::string keys = p1meter({"show", "keys"}).out;
  for (const std::string key : {"energy_import_tariff1..16 ", "energy_import_total ", "power_net ",
                                "gas_volume ", "water_volume ", "voltage_l3 "}) {
    EXPECT_TRUE(contains("\n" + keys, "\n" + key)) << key;
  }
  EXPECT_EQ(p1meter({"show", "obis", "--config", file}).out.substr(0, 11), "1-0:94.99.9");
  EXPECT_EQ(p1meter({"show", "keys", "--config", file}).out.substr(0, 11), "pump_hours ");
}

TEST(Show, masks_secrets_in_the_configuration_which_can_be_loaded_again) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.file("secret.yaml", "mqtt: {host: broker, username: me, password: hunter2}\n");
  const Outcome run = p1meter({"show", "config", "--config", file});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_FALSE(contains(run.out, "hunter2"));
  const std::string again = directory.file("again.yaml", run.out);
  EXPECT_EQ(p1meter({"check", "--config", again}).status, 0);
  EXPECT_EQ(p1meter({"show", "config", "--config", "/nonexistent"}).status, 78);
  EXPECT_EQ(shell("\"$P1METER\" show keys > /dev/full").status, 74);
}

}  // namespace
}  // namespace p1meter::test
