// SPDX-License-Identifier: Apache-2.0
// Acceptance: configurations with credentials of systemd, where systemd has passed none.
#include <gtest/gtest.h>

#include "program.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

class ACredential : public testing::Test {
 protected:
  Outcome run_with(const std::string& command, const std::string& credentials_directory) {
    return outcome_of({.command = {P1METER_PROGRAM, command, "--config", file_},
                       .environment = {{"CREDENTIALS_DIRECTORY", credentials_directory},
                                       {"STATE_DIRECTORY", directory_.path().string()}}});
  }

  TemporaryDirectory directory_{};
  std::string file_{directory_.file(
      "p1meter.yaml",
      "meters: [{source: \"simulator:dsmr5\"}]\n"
      "mqtt: {host: 127.0.0.1, password_file: \"%d/mqtt\", tls: {ca: \"%d/ca\"}}\n")};
};

TEST_F(ACredential, that_was_not_passed_is_a_warning_of_check) {
  const Outcome checked = run_with("check", "");

  EXPECT_EQ(checked.status, 0);
  EXPECT_EQ(count(checked.err, "CREDENTIALS_DIRECTORY=/run/credentials/p1meter.service"), 2U)
      << checked.err;
}

TEST_F(ACredential, that_was_not_passed_keeps_the_daemon_from_starting) {
  const Outcome ran = run_with("run", "");

  EXPECT_EQ(ran.status, 78);
  EXPECT_TRUE(contains(ran.err, "'LoadCredential=mqtt:/path/of/the/file' under [Service]"))
      << ran.err;
  EXPECT_TRUE(contains(ran.err, "'LoadCredential=ca:/path/of/the/file' under [Service]"))
      << ran.err;
}

TEST_F(ACredential, is_read_where_it_was_passed) {
  directory_.file("mqtt", "secret\n");
  directory_.file("ca", "x\n");

  const Outcome checked = run_with("check", directory_.path().string());

  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_FALSE(contains(checked.err, "not read")) << checked.err;
}

}  // namespace
}  // namespace p1meter::test
