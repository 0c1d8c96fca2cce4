// SPDX-License-Identifier: Apache-2.0
// Foreign bytes that are shown to people.
#include "json/harmless.hpp"

#include <gtest/gtest.h>

namespace p1meter::json {
namespace {

TEST(HarmlessText, escapes_what_steers_a_terminal) {
  EXPECT_EQ(harmless("XXX5\x1b[31mT"), "XXX5\\u001b[31mT");
  EXPECT_EQ(harmless("a\r\n\x7f"), "a\\r\\n\\u007f");
  EXPECT_EQ(harmless("\xc2\x9b"
                     "2J"),
            "\\u009b2J");  // the one-character form of ESC [
}

TEST(HarmlessText, replaces_what_is_no_utf8) { EXPECT_EQ(harmless("a\x9b!"), "a\xEF\xBF\xBD!"); }

TEST(HarmlessText, leaves_all_else_as_it_is) {
  EXPECT_EQ(harmless("FLU5\\253769484_A \"m³\""), "FLU5\\253769484_A \"m³\"");
  EXPECT_EQ(harmless(""), "");
}

}  // namespace
}  // namespace p1meter::json
