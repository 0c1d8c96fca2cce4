// SPDX-License-Identifier: Apache-2.0
// Every simulated meter as a decoder sees it that shares nothing with this program: the corpus'
// reference decoder must find each value that the simulator says it sent.
#include "support/simulated_meters.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

using nlohmann::json;

std::filesystem::path reference_decoder() {
  const char* const given = std::getenv("P1METER_CORPUS");
  const std::filesystem::path corpus =
      given != nullptr ? given : P1METER_SOURCE_DIR "/../shared/corpus";
  return corpus / "tools/ref_decode.py";
}

bool python_has_cryptography() {
  Process python{{.command = {"python3", "-c", "import cryptography"}}};
  return python.wait(30s) == 0;
}

std::string text_of(const json& object, const char* member) {
  const auto found = object.find(member);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

constexpr std::size_t count = 50;

class ASimulatedMeter : public testing::TestWithParam<SimulatorProfile> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(reference_decoder())) {
      GTEST_SKIP() << "no " << reference_decoder() << " (set P1METER_CORPUS)";
    }
    if (!python_has_cryptography()) GTEST_SKIP() << "python3 has no module cryptography";
  }

  static std::vector<json> decoded(const std::string& bytes, const SimulatorProfile& profile) {
    const TemporaryDirectory directory;
    std::vector<std::string> command{"python3", reference_decoder().string(),
                                     directory.file("telegrams.bin", bytes)};
    for (const auto& [option, key] :
         {std::pair{"--key", profile.key}, std::pair{"--auth-key", profile.authentication_key}}) {
      if (!key.empty()) command.insert(command.end(), {option, std::string{key}});
    }
    Process python{{.command = command}};
    constexpr int some_were_bad = 65;
    const auto status = python.wait(60s);
    EXPECT_TRUE(status == 0 || status == some_were_bad) << python.err();
    std::vector<json> telegrams;
    std::istringstream lines{python.out()};
    for (std::string line; std::getline(lines, line);) telegrams.push_back(json::parse(line));
    return telegrams;
  }

  static void compare(const json& telegram, const std::vector<SimulatedValue>& values) {
    EXPECT_FALSE(values.empty());
    for (const auto& value : values) {
      const auto found = std::ranges::find_if(telegram["objects"], [&](const json& object) {
        return text_of(object, "obis") == value.obis;
      });
      ASSERT_NE(found, telegram["objects"].end()) << value.obis << " in " << telegram.dump();
      if (text_of(*found, "text") != value.value) {
        EXPECT_EQ(text_of(*found, "value"), value.value) << value.obis;
      }
      EXPECT_EQ(text_of(*found, "unit"), value.unit) << value.obis;
    }
  }
};

// What is not bare text; how text bears faults is a matter of tests/component/simulator.
class AFramedMeter : public ASimulatedMeter {};

TEST_P(ASimulatedMeter, says_what_the_reference_decoder_reads) {
  const SimulatorProfile& profile = GetParam();
  SimulatorOptions options;
  options.profile = profile.name;
  options.start = *parse_instant("2024-10-27T00:59:20Z");  // over an hour and the end of summer
  Simulator simulator{options};
  std::string bytes;
  std::vector<std::vector<SimulatedValue>> sent;
  std::vector<Instant> times;
  for (std::size_t i = 0; i < count; ++i) {
    bytes += simulator.next();
    sent.push_back(simulator.values());
    times.push_back(std::chrono::floor<seconds>(simulator.time()));
  }

  const auto telegrams = decoded(bytes, profile);

  ASSERT_EQ(telegrams.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(text_of(telegrams[i], "integrity"), lacks_checksum(profile.name) ? "absent" : "ok");
    compare(telegrams[i], sent[i]);
    const std::string time = text_of(telegrams[i], "time");
    constexpr std::size_t wall_time = 19;  // without offset there is nothing to compare
    if (time.size() > wall_time) {
      EXPECT_EQ(parse_instant(time), times[i]) << time;
    }
  }
}

TEST_P(AFramedMeter, is_known_to_be_damaged_where_it_was_damaged_and_nowhere_else) {
  const SimulatorProfile& profile = GetParam();
  SimulatorOptions options;
  options.profile = profile.name;
  Simulator sound{options};
  options.fault = SimulatorFault::crc;
  Simulator spoilt{options};
  std::string bytes;
  std::vector<bool> damaged;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view telegram = spoilt.next();
    bytes += telegram;
    damaged.push_back(telegram != sound.next());
  }

  const auto telegrams = decoded(bytes, profile);

  ASSERT_EQ(telegrams.size(), count);
  EXPECT_GT(std::ranges::count(damaged, true), 0);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(text_of(telegrams[i], "integrity") == "bad", damaged[i]) << i;
  }
}

TEST_P(AFramedMeter, is_heard_through_noise_between_its_telegrams) {
  const SimulatorProfile& profile = GetParam();
  SimulatorOptions options;
  options.profile = profile.name;
  options.fault = SimulatorFault::noise;
  Simulator simulator{options};
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += simulator.next();

  const auto telegrams = decoded(bytes, profile);

  ASSERT_EQ(telegrams.size(), count);
  for (const auto& telegram : telegrams) EXPECT_NE(text_of(telegram, "integrity"), "bad");
}

std::vector<SimulatorProfile> framed() {
  auto profiles = all_simulated_meters();
  std::erase_if(profiles, [](const SimulatorProfile& profile) {
    SimulatorOptions options;
    options.profile = profile.name;
    return Simulator{options}.next().starts_with('/');
  });
  return profiles;
}

INSTANTIATE_TEST_SUITE_P(Of, ASimulatedMeter, testing::ValuesIn(all_simulated_meters()),
                         name_of_simulated_meter);
INSTANTIATE_TEST_SUITE_P(Of, AFramedMeter, testing::ValuesIn(framed()), name_of_simulated_meter);

}  // namespace
}  // namespace p1meter::test
