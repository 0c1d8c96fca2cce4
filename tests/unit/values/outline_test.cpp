// SPDX-License-Identifier: Apache-2.0
// Values: lines that explain bytes.
#include "p1meter/values/outline.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

OutlineLine line(std::uint32_t offset, std::uint32_t size, std::uint16_t depth = 0) {
  return {.offset = offset, .size = size, .depth = depth};
}

TEST(AnOutline, is_sound_when_every_byte_is_explained_once) {
  EXPECT_TRUE(is_sound({}, 0));
  EXPECT_TRUE(is_sound({line(0, 2), line(2, 3), line(2, 1, 1), line(4, 1, 1)}, 5));
}

TEST(AnOutline, is_not_sound_with_a_byte_left_out_or_explained_twice) {
  EXPECT_FALSE(is_sound({}, 1));
  EXPECT_FALSE(is_sound({line(0, 2), line(3, 2)}, 5));
  EXPECT_FALSE(is_sound({line(0, 3), line(2, 3)}, 5));
  EXPECT_FALSE(is_sound({line(0, 5)}, 4));
}

TEST(AnOutline, is_not_sound_with_lines_that_overlap_or_leave_the_line_above) {
  EXPECT_FALSE(is_sound({line(0, 5), line(0, 3, 1), line(2, 2, 1)}, 5));
  EXPECT_FALSE(is_sound({line(0, 3), line(2, 2, 1), line(3, 2)}, 5));
  EXPECT_FALSE(is_sound({line(0, 5), line(0, 3, 2)}, 5));
}

TEST(AnOutline, lets_bytes_be_explained_again_and_remarks_stand_anywhere) {
  OutlineLine again = line(1, 3);
  again.again = true;
  EXPECT_TRUE(is_sound({line(0, 5), line(4, 0, 1), line(0, 2, 1), again, line(1, 1, 1)}, 5));
}

TEST(AnOutlineWriter, describes_what_is_there_and_says_where_it_is_cut) {
  Outline outline;
  OutlineWriter writer{"abc", outline, 10};
  const auto all = writer.open("all");
  writer.take(2, "two");
  writer.take(2, "two more");
  writer.take(2, "never");
  writer.close(all);

  ASSERT_EQ(outline.size(), 3U);
  EXPECT_EQ(outline[0].octets, "abc");
  EXPECT_EQ(outline[1].octets, "ab");
  EXPECT_EQ(outline[2].text, "two more (cut off)");
  EXPECT_EQ(outline[2].offset, 12U);
  EXPECT_EQ(outline[2].depth, 1U);
}

TEST(TextOfAMeter, steers_no_terminal) {
  EXPECT_EQ(outline_text("a\x1b[31m\xff"), "a\\x1B[31m\\xFF");
}

}  // namespace
}  // namespace p1meter
