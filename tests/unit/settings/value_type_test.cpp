// SPDX-License-Identifier: Apache-2.0
// Settings tests: how single values are read and written.
#include "settings/value_type.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace p1meter::settings {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(ADuration, is_read_with_its_unit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds{500});
  EXPECT_EQ(parse_duration("10s"), seconds{10});
  EXPECT_EQ(parse_duration("10 s"), seconds{10});
  EXPECT_EQ(parse_duration("5min"), minutes{5});
  EXPECT_EQ(parse_duration("1h"), hours{1});
  EXPECT_EQ(parse_duration("0s"), milliseconds{0});
  EXPECT_EQ(parse_duration("0"), milliseconds{0});
}

TEST(ADuration, is_refused_without_a_unit_or_with_anything_else) {
  for (const std::string_view text :
       {"", "s", "10", "1.5s", "-1s", "+1s", "10S", "10m", "10sec", "1h30min", " 10s", "10s ",
        "10  s", "0x10s", "9999999999999999999s", "999999999999999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(ADuration, is_written_in_the_largest_unit_that_is_exact_and_read_back) {
  const std::vector<std::pair<milliseconds, std::string>> cases{
      {milliseconds{0}, "0s"}, {milliseconds{500}, "500ms"},  {seconds{10}, "10s"},
      {seconds{60}, "60s"},    {seconds{90}, "90s"},          {minutes{5}, "5min"},
      {hours{1}, "1h"},        {milliseconds{1001}, "1001ms"}};
  for (const auto& [duration, text] : cases) {
    EXPECT_EQ(write_duration(duration), text);
    EXPECT_EQ(parse_duration(text), duration);
  }
}

TEST(ASize, is_read_with_and_without_a_unit_and_written_back) {
  EXPECT_EQ(parse_size("16384"), 16384);
  EXPECT_EQ(parse_size("16KiB"), 16384);
  EXPECT_EQ(parse_size("16 KiB"), 16384);
  EXPECT_EQ(parse_size("64kB"), 64000);
  EXPECT_EQ(parse_size("1MiB"), 1048576);
  EXPECT_EQ(parse_size("1GiB"), std::nullopt);
  EXPECT_EQ(parse_size("KiB"), std::nullopt);
  EXPECT_EQ(write_size(16384), "16KiB");
  EXPECT_EQ(write_size(64000), "64000");
  EXPECT_EQ(write_size(1048576), "1MiB");
}

YamlNode scalar(std::string_view text, bool plain = true) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.plain = plain;
  node.text = text;
  return node;
}

TEST(AValue, must_lie_within_the_range_of_its_type) {
  EXPECT_TRUE(read_value(number(1, 2), scalar("2")));
  EXPECT_FALSE(read_value(number(1, 2), scalar("3")));
  EXPECT_FALSE(read_value(number(1, 2), scalar("0")));
  EXPECT_FALSE(read_value(number(1, 2), scalar("2", false)));
  EXPECT_TRUE(read_value(number(1, 2, "auto"), scalar("auto"))->word);
  EXPECT_FALSE(read_value(choice("a|b"), scalar("c")));
  EXPECT_FALSE(read_value(choice("a|b"), scalar("a|b")));
  EXPECT_FALSE(read_value(text("a text", 3), scalar("long")));
}

TEST(AValue, is_true_or_false_only_when_it_says_so_without_quotes) {
  EXPECT_TRUE(read_value(flag(), scalar("true"))->flag);
  EXPECT_FALSE(read_value(flag(), scalar("false"))->flag);
  for (const std::string_view text : {"yes", "no", "on", "off", "1", "0", ""}) {
    EXPECT_FALSE(read_value(flag(), scalar(text))) << text;
  }
  EXPECT_FALSE(read_value(flag(), scalar("true", false)));
  EXPECT_FALSE(read_value(text("a text", 9), scalar("true")));
  EXPECT_TRUE(read_value(text("a text", 9), scalar("true", false)));
}

TEST(AText, is_the_same_after_writing_it_as_yaml_and_reading_it) {
  for (const std::string_view text :
       {"",     "plain", "with space", "a: b", "a #b",    "#",          "*x",          "true",
        "null", "~",     "5",          "-",    "- a",     "\"quoted\"", "back\\slash", "m³",
        "{a}",  "[a]",   "a,b",        "'",    "!x",      "&x",         "%x",          "@x",
        "`",    "x:",    ":x",         "yes",  "C:\\new", "?",          "x*"}) {
    FaultList faults{"f"};
    const auto root = parse_yaml("{k: " + yaml_text(text) + "}", faults);

    EXPECT_TRUE(faults.empty()) << text;
    ASSERT_NE(root.find("k"), nullptr) << text;
    EXPECT_EQ(root.find("k")->text, text);
    EXPECT_EQ(root.find("k")->kind, YamlNode::Kind::scalar) << text;
  }
}

}  // namespace
}  // namespace p1meter::settings
