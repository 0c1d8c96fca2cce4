// SPDX-License-Identifier: Apache-2.0
// p1meter simulate | p1meter decode: what every simulated meter says is what is read.
#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "program.hpp"
#include "support/link_frames.hpp"
#include "support/random_seed.hpp"
#include "support/simulated_meters.hpp"

namespace p1meter::test {
namespace {

constexpr std::size_t telegrams = 20;
constexpr const char* start = "2024-10-27T00:59:20Z";  // over an hour and the end of summer

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string without_leading_zeros(const std::string& number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size() - 1));
}

bool is_hex(const std::string& text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789ABCDEF") == std::string::npos;
}

/// How one value may stand in JSON: a number, a text, the text that hex digits spell (ids), or the
/// number of a tariff, whose zeros count for nothing.
std::vector<std::string> spellings(const SimulatedValue& value) {
  std::vector<std::string> found{value.value, '"' + value.value + '"'};
  if (is_hex(value.value)) found.push_back('"' + hex_octets(value.value) + '"');
  if (value.obis == "0-0:96.14.0") found.push_back(without_leading_zeros(value.value));
  return found;
}

/// Compared as text: a JSON reader would round the numbers.
bool says(const std::string& line, const SimulatedValue& value) {
  const std::string unit = value.unit.empty() ? "" : ",\"unit\":\"" + value.unit + '"';
  const auto spelled = spellings(value);
  return std::ranges::any_of(spelled, [&](const std::string& written) {
    const std::string text = "\"obis\":\"" + value.obis + "\",\"value\":" + written + unit;
    return contains(line, text + '}') || contains(line, text + ",\"time\"") ||
           contains(line, text + ",\"device\"");
  });
}

/// The digits that count, whatever the scale.
std::string digits_of(std::string number) {
  std::erase(number, '.');
  while (number.size() > 1 && number.back() == '0') number.pop_back();
  return without_leading_zeros(number);
}

/// A number whose scale nothing tells is kept as it came, and it is said why, once.
bool keeps_unscaled(const std::string& line, const SimulatedValue& value) {
  const std::string named = "{\"obis\":\"" + value.obis + "\",\"text\":\"";
  const auto at = line.find(named);
  if (at == std::string::npos) return false;
  const auto begin = at + named.size();
  const std::string quoted = '"' + value.obis + '"';
  const auto problem = line.find(quoted, line.find("\"code\":\"scale_unknown\""));
  return digits_of(line.substr(begin, line.find('"', begin) - begin)) == digits_of(value.value) &&
         problem != std::string::npos && line.find(quoted, problem + 1) == std::string::npos;
}

/// Denmark's list has no scales, and its operators' settings are not known.
bool leaves_scales_open(std::string_view profile) { return profile == "kamstrup-dk"; }

class ARoundTrip : public testing::TestWithParam<SimulatorProfile> {};

TEST_P(ARoundTrip, brings_back_every_value_in_its_unit) {
  const SimulatorProfile& profile = GetParam();
  const std::uint32_t seed = 1 + random_seed() % 1'000'000;
  std::string keys;
  if (!profile.key.empty()) keys += " --key " + std::string{profile.key};
  if (!profile.authentication_key.empty()) {
    keys += " --auth-key " + std::string{profile.authentication_key};
  }

  const Outcome run =
      shell("$P1METER simulate " + std::string{profile.name} + " --speed max --count " +
            std::to_string(telegrams) + " --start " + start + " --seed " + std::to_string(seed) +
            " | $P1METER decode --format json --units meter" + keys + " -");

  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), telegrams);
  SimulatorOptions options;
  options.profile = profile.name;
  options.seed = seed;
  options.start = *parse_instant(start);
  Simulator simulator{options};
  for (const std::string& line : lines) {
    static_cast<void>(simulator.next());
    const std::string integrity = lacks_checksum(profile.name) ? "absent" : "ok";
    EXPECT_TRUE(contains(line, "\"integrity\":\"" + integrity + '"')) << line;
    ASSERT_FALSE(simulator.values().empty());
    for (const SimulatedValue& value : simulator.values()) {
      const bool kept = leaves_scales_open(profile.name) && keeps_unscaled(line, value);
      EXPECT_TRUE(kept || says(line, value))
          << value.obis << ' ' << value.value << ' ' << value.unit << " in " << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, ARoundTrip, testing::ValuesIn(all_simulated_meters()),
                         name_of_simulated_meter);

}  // namespace
}  // namespace p1meter::test
