// SPDX-License-Identifier: Apache-2.0
// Settings tests: patterns for keys, and what somebody may have meant.
#include "settings/glob.hpp"

#include <gtest/gtest.h>

#include "settings/nearest.hpp"

namespace p1meter::settings {
namespace {

TEST(AGlob, matches_stars_question_marks_and_braces) {
  EXPECT_TRUE(match_glob("*", ""));
  EXPECT_TRUE(match_glob("energy_*", "energy_import_total"));
  EXPECT_TRUE(match_glob("*_l?", "voltage_l1"));
  EXPECT_TRUE(match_glob("power_{import,export,net}*", "power_net"));
  EXPECT_TRUE(match_glob("power_{import,export}_l{1,2}", "power_export_l2"));
  EXPECT_TRUE(match_glob("gas{,2}_volume", "gas_volume"));
  EXPECT_TRUE(match_glob("*a*a*b", "xaxaxab"));
  EXPECT_FALSE(match_glob("energy_*", "power_import"));
  EXPECT_FALSE(match_glob("*_l?", "voltage_l"));
  EXPECT_FALSE(match_glob("power_{import,export}*", "power_net"));
  EXPECT_FALSE(match_glob("a", "ab"));
  EXPECT_FALSE(match_glob("ab", "a"));
}

TEST(AGlob, counts_the_literal_characters_of_the_alternative_that_matches) {
  EXPECT_EQ(match_glob("power_{import,net}*", "power_net"), 9U);
  EXPECT_EQ(match_glob("power_{import,net}*", "power_import"), 12U);
  EXPECT_EQ(match_glob("*", "power_import"), 0U);
}

TEST(AGlob, is_refused_with_braces_that_are_open_nested_or_too_many) {
  for (const std::string_view glob : {"{", "}", "a{b", "a}b", "{a,{b}}", "}{"}) {
    EXPECT_FALSE(expand_braces(glob)) << glob;
  }
  EXPECT_TRUE(expand_braces("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}"));
  EXPECT_FALSE(expand_braces("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}"));
}

TEST(AGlob, is_decided_quickly_however_many_stars_it_has) {
  std::string stars;
  for (int i = 0; i < 60; ++i) stars += "*a";

  EXPECT_FALSE(match_glob(stars + 'b', std::string(10'000, 'a')));
}

TEST(AnEditDistance, counts_a_swap_of_neighbours_as_one) {
  EXPECT_EQ(edit_distance("baud", "baud"), 0U);
  EXPECT_EQ(edit_distance("buad", "baud"), 1U);
  EXPECT_EQ(edit_distance("bau", "baud"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(ASuggestion, names_what_is_near_or_lists_what_there_is) {
  const std::string_view known[] = {"baud", "parity"};

  EXPECT_EQ(suggest("buad", known), "; did you mean 'baud'?");
  EXPECT_EQ(suggest("colour", known), "; expected baud or parity");
  EXPECT_EQ(suggest("x", known), "; expected baud or parity");
}

}  // namespace
}  // namespace p1meter::settings
