// SPDX-License-Identifier: Apache-2.0
// Settings tests: whatever a file holds, loading it ends soon, without an exception.
#include <chrono>
#include <gtest/gtest.h>
#include <random>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "settings/fault_list.hpp"
#include "support/random_seed.hpp"
#include "support/sanitizers.hpp"

namespace p1meter::settings {
namespace {

std::string repeat(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

TEST(AHostileFile, is_refused_within_seconds) {
  constexpr std::size_t size = (p1meter::test::slow_build ? 64 : 256) * 1024;
  for (const std::string_view part :
       {"[",           "{",        "- ",       "? ",    "a: ",   "a\n",   "- a\n",
        "&a ",         "*a ",      "!a ",      "\"",    "'",     "|\n",   ">\n",
        "#",           "\n",       " ",        "\t",    "---\n", "...\n", "%YAML 1.2\n",
        "a: [b, c]\n", "[a, b], ", "\\",       ",",     ": ",    "a",     "\"a\\n\" ",
        "x: {",        "x: &x\n",  "<<: *x\n", "{a: [", "- - ",  "? - "}) {
    for (const std::string_view prefix : {"", "readings:\n  ", "meters: [", "a: \"", "a: |\n "}) {
      const auto start = std::chrono::steady_clock::now();

      const auto loaded = test::load(std::string{prefix} + repeat(part, size - prefix.size()));

      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      EXPECT_LT(took.count(), 20.0) << prefix << part;
      EXPECT_LE(loaded.faults.size(), fault_limit + 1);
    }
  }
}

TEST(AHostileFile, that_is_a_mutated_configuration_never_throws) {
  std::mt19937 random{p1meter::test::random_seed()};
  const std::string original = reference_yaml();
  constexpr std::string_view pieces[] = {"*",    "&a", "{", "}",    "[",  "]",  ":",    "\n",
                                         "  ",   "- ", "#", "\"",   "'",  "!",  "|",    "null",
                                         "true", "9",  "%", "\xC3", "\t", "? ", "---\n"};
  for (int round = 0; round < 300; ++round) {
    std::string text = original;
    for (int change = 0; change < 1 + round % 5; ++change) {
      const auto at = random() % text.size();
      const auto length = random() % 20;
      if (random() % 2 == 0) {
        text.erase(at, length);
      } else {
        text.insert(at, pieces[random() % std::size(pieces)]);
      }
    }
    EXPECT_NO_THROW({
      const auto loaded = test::load(text);
      EXPECT_FALSE(loaded.settings.meters.empty() && loaded.faults.empty());
    }) << text;
  }
}

TEST(AHostileFile, with_a_thousand_slips_is_answered_with_the_first_ones) {
  std::string text{"readings:\n"};
  for (int i = 0; i < 1000; ++i) text += "  power_imprt" + std::to_string(i) + ": {}\n";

  const auto faults = test::load(text).faults;

  ASSERT_EQ(faults.size(), fault_limit + 1);
  EXPECT_EQ(faults.back().message, "there are more faults than are shown here");
}

TEST(AHostileFile, with_globs_of_many_alternatives_is_judged_soon) {
  std::string text{"readings:\n"};
  for (int i = 0; i < 1000; ++i) {
    text += "  x{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}*a*b*c" + std::to_string(i) + ": {}\n";
  }

  EXPECT_TRUE(test::load(text).faults.empty());
}

TEST(AHostileFile, of_random_bytes_is_refused) {
  std::mt19937 random{p1meter::test::random_seed()};
  for (int round = 0; round < 1000; ++round) {
    std::string text(1 + random() % 200, ' ');
    for (auto& character : text) character = static_cast<char>(random());

    EXPECT_NO_THROW(static_cast<void>(test::load(text)));
  }
}

}  // namespace
}  // namespace p1meter::settings
