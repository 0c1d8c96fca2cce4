// SPDX-License-Identifier: Apache-2.0
// Settings tests: which form of configuration a file is written in.
#include "settings/file_version.hpp"

#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;
using test::lines;

TEST(AVersion, need_not_be_given) {
  EXPECT_EQ(effective_yaml(good("version: 1\n")), effective_yaml(good("")));
  EXPECT_TRUE(contains(effective_yaml(good("")), "version: 1\n"));
}

TEST(AVersion, is_the_newest_that_the_definition_offers) {
  EXPECT_EQ(good("version: " + std::to_string(newest_version) + "\n").meters.size(), 1U);
}

TEST(AVersion, that_never_was_is_refused) {
  for (const std::string version : {"0", "-1", "1.0", "one", "true", "\"1\"", "[1]", "{}"}) {
    EXPECT_TRUE(contains(faults("version: " + version + "\n"), "1:10: version: found ")) << version;
  }
}

TEST(AFileOfANewerForm, is_told_of_with_nothing_else_that_is_unknown_in_it) {
  EXPECT_EQ(faults("version: 2\nmqtt: {hostname: a}\nnew_things: true\n"),
            "1:10: version: found '2': this p1meter is older than the file and knows version 1 at "
            "most; a newer p1meter understands it\n");
}

TEST(AFileOfANewerForm, may_be_a_preset) {
  const p1meter::test::TemporaryDirectory directory;
  const auto preset = directory.file("new.yaml", "version: 3\nnew_things: true\n");

  const auto loaded = test::load("preset: " + preset + "\nmqtt: {host: a}\n");

  EXPECT_EQ(lines(loaded.faults), preset +
                                      ":1:10: version: found '3': this p1meter is older than the "
                                      "file and knows version 1 at most; a newer p1meter "
                                      "understands it\n");
}

}  // namespace
}  // namespace p1meter::settings
