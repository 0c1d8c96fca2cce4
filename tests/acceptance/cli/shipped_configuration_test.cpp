// SPDX-License-Identifier: Apache-2.0
// Acceptance: the shipped configuration, as it is and with what it shows.
#include "support/shipped_configuration.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "program.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

TEST(TheShippedConfiguration, is_fine_as_it_is) {
  const Outcome checked = p1meter({"check", "--config", source_path("config/p1meter.yaml")});

  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_EQ(checked.err, "");
}

TEST(TheShippedConfiguration, is_fine_with_all_that_it_shows) {
  const TemporaryDirectory directory;
  const std::string password = directory.file("password", "secret\n");
  ASSERT_EQ(chmod(password.c_str(), 0640), 0);
  const std::string file =
      directory.file("p1meter.yaml", uncommented(source_text("config/p1meter.yaml"), password));

  const Outcome checked = p1meter({"check", "--config", file});

  EXPECT_EQ(checked.status, 0);
  EXPECT_EQ(checked.err, "");
  EXPECT_TRUE(contains(checked.out, "broker homeassistant.local port 1883, as user p1meter"))
      << checked.out;
}

}  // namespace
}  // namespace p1meter::test
