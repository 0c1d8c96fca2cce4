// SPDX-License-Identifier: Apache-2.0
// Values: OBIS codes, units, names.
#include <gtest/gtest.h>
#include <set>

#include "p1meter/values/obis.hpp"
#include "p1meter/values/problem.hpp"
#include "p1meter/values/telegram.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter {
namespace {

TEST(AnObisCode, is_read_in_every_spelling_that_meters_use) {
  EXPECT_EQ(parse_obis("1-0:1.8.1"), (Obis{1, 0, 1, 8, 1, 255}));
  EXPECT_EQ(parse_obis("1-0:1.8.0*255"), (Obis{1, 0, 1, 8, 0, 255}));
  EXPECT_EQ(parse_obis("1-0:31.7.0.255"), (Obis{1, 0, 31, 7, 0, 255}));
  EXPECT_EQ(parse_obis("1-0:72:32.0"), (Obis{1, 0, 72, 32, 0, 255}));
  EXPECT_EQ(parse_obis("0-1:24.2.1*7"), (Obis{0, 1, 24, 2, 1, 7}));
}

TEST(AnObisCode, is_refused_when_a_group_is_missing_or_too_large) {
  for (const char* text :
       {"", "1-0:1.8", "1-0:1.8.", "1.8.0", "1-0:1.8.0*", "1-0:1.8.256", "1-0:1.8.0 ", " 1-0:1.8.0",
        "1,0:1.8.0", "1-0:4:24.7.0", "1-0:1.8.0*255x", "1-0:1.8.1000", "1-0:a.8.0", "0:96.7.19"}) {
    EXPECT_FALSE(parse_obis(text)) << text;
  }
}

TEST(AnObisCode, is_written_without_the_unused_group) {
  EXPECT_EQ(to_string(Obis{0, 1, 24, 2, 1}), "0-1:24.2.1");
  EXPECT_EQ(to_string(Obis{1, 0, 1, 8, 0, 1}), "1-0:1.8.0*1");
}

TEST(AUnit, is_recognised_in_any_case_and_spelling) {
  EXPECT_EQ(parse_unit(" KVArh "), Unit::kilovar_hour);
  EXPECT_EQ(parse_unit("m3"), Unit::cubic_metre);
  EXPECT_EQ(parse_unit("M3"), Unit::cubic_metre);
  EXPECT_EQ(parse_unit("m\xC2\xB3"), Unit::cubic_metre);
  EXPECT_EQ(parse_unit("kw"), Unit::kilowatt);
  EXPECT_EQ(parse_unit("l"), Unit::litre);
  EXPECT_EQ(parse_unit(""), Unit::none);
  for (const char* text : {"kWx", "furlong", "kilowatts", "k W", "\xE2\x82\xAC", "m 3"}) {
    EXPECT_FALSE(parse_unit(text)) << text;
  }
  EXPECT_FALSE(parse_unit(std::string_view{"kW\0", 3}));
  EXPECT_FALSE(parse_unit(std::string_view{"\0kW", 3}));
}

TEST(AUnit, is_read_back_from_its_own_text) {
  for (int i = 0; i <= static_cast<int>(Unit::percent); ++i) {
    const auto unit = static_cast<Unit>(i);
    EXPECT_EQ(parse_unit(unit_text(unit)), unit) << unit_text(unit);
  }
}

TEST(AUnit, knows_its_family_and_power_of_ten) {
  EXPECT_EQ(family_of(Unit::kilowatt), family_of(Unit::watt));
  EXPECT_NE(family_of(Unit::kilowatt), family_of(Unit::kilovar));
  EXPECT_NE(family_of(Unit::gigajoule), family_of(Unit::kilowatt_hour));
  EXPECT_EQ(power_of_ten(Unit::gigajoule) - power_of_ten(Unit::megajoule), 3);
  EXPECT_EQ(power_of_ten(Unit::litre), -3);
}

TEST(AProblem, has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ProblemCode::cipher_malformed); ++i) {
    names.insert(problem_name(static_cast<ProblemCode>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ProblemCode::cipher_malformed) + 1);
  EXPECT_FALSE(names.contains(""));
}

TEST(ATelegram, keeps_its_memory_when_it_is_cleared) {
  Telegram telegram;
  telegram.objects.resize(50);
  telegram.version = "50";
  telegram.encrypted = true;
  const auto* memory = telegram.objects.data();

  telegram.clear();

  EXPECT_TRUE(telegram.objects.empty());
  EXPECT_TRUE(telegram.version.empty());
  EXPECT_FALSE(telegram.encrypted);
  telegram.objects.resize(50);
  EXPECT_EQ(telegram.objects.data(), memory);
  EXPECT_EQ(integrity_name(Integrity::bad), "bad");
}

}  // namespace
}  // namespace p1meter
