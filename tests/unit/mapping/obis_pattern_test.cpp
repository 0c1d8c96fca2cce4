// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "p1meter/mapping/obis_table.hpp"

namespace p1meter {
namespace {

bool takes(const char* pattern, const char* code) {
  return parse_obis_pattern(pattern).value().matches(parse_obis(code).value());
}

TEST(AnObisPattern, takes_its_own_code_and_no_other) {
  EXPECT_TRUE(takes("1-0:1.8.0", "1-0:1.8.0"));
  EXPECT_TRUE(takes("1-0:1.8.0", "1-0:1.8.0*255"));
  EXPECT_FALSE(takes("1-0:1.8.0", "1-1:1.8.0"));
  EXPECT_FALSE(takes("1-0:1.8.0", "0-0:1.8.0"));
  EXPECT_FALSE(takes("1-0:1.8.0", "1-0:1.8.1"));
  EXPECT_FALSE(takes("1-0:1.8.0", "1-0:1.8.0*1"));
}

TEST(AnObisPattern, takes_ranges_with_both_ends) {
  EXPECT_TRUE(takes("1-0:1.8.1..4", "1-0:1.8.1"));
  EXPECT_TRUE(takes("1-0:1.8.1..4", "1-0:1.8.4"));
  EXPECT_FALSE(takes("1-0:1.8.1..4", "1-0:1.8.0"));
  EXPECT_FALSE(takes("1-0:1.8.1..4", "1-0:1.8.5"));
  EXPECT_TRUE(takes("0..1-0..1:32.36.0", "0-1:32.36.0"));
}

TEST(AnObisPattern, takes_anything_for_an_asterisk) {
  EXPECT_TRUE(takes("1-0:1.8.*", "1-0:1.8.255"));
  EXPECT_TRUE(takes("*-*:*.*.***", "7-3:99.1.2*17"));
  EXPECT_TRUE(takes("1-0:1.8.0*0..99", "1-0:1.8.0*12"));
}

TEST(AnObisPattern, takes_channels_one_to_four_for_n) {
  const auto pattern = parse_obis_pattern("0-n:24.2.1").value();

  EXPECT_TRUE(pattern.b_is_channel);
  EXPECT_TRUE(pattern.matches(parse_obis("0-1:24.2.1").value()));
  EXPECT_TRUE(pattern.matches(parse_obis("0-4:24.2.1").value()));
  EXPECT_FALSE(pattern.matches(parse_obis("0-0:24.2.1").value()));
  EXPECT_FALSE(pattern.matches(parse_obis("0-5:24.2.1").value()));
}

TEST(AnObisPattern, is_refused_when_it_is_not_one) {
  for (const char* text :
       {"", "1", "1-0", "1-0:1.8", "1-0:1.8.", "1-0:1.8.0.", "1-0:1.8.0*", "1-0:1.8.0 ",
        " 1-0:1.8.0", "1-0:1.8.256", "1-0:1.8.-1", "1-0:1.8.4..1", "1-0:1.8.1..", "n-0:1.8.0",
        "1-0:n.8.0", "1-0:1.8.0*255*1", "a-b:c.d.e"}) {
    EXPECT_FALSE(parse_obis_pattern(text)) << text;
  }
}

}  // namespace
}  // namespace p1meter
