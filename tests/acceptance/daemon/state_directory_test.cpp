// SPDX-License-Identifier: Apache-2.0
// Acceptance: a state directory that cannot be used is no reason to stop, but one to speak.
#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Where the directory should be there is a file: nobody, not even root, can write there.
class AnUnusableStateDirectory : public TheDaemon {
 protected:
  AnUnusableStateDirectory() { directory_.file("state", "in the way\n"); }
};

TEST_F(AnUnusableStateDirectory, is_complained_about_once_and_at_the_start) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();

  const auto warning = daemon.err().find("cannot use the state directory");
  ASSERT_NE(warning, std::string::npos) << daemon.err();
  EXPECT_LT(warning, daemon.err().find("p1meter is up"));
  EXPECT_NE(daemon.err().find("a second p1meter is not noticed"), std::string::npos);
  EXPECT_NE(daemon.err().find("Not a directory"), std::string::npos) << daemon.err();

  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(4s), 0);
  EXPECT_EQ(count(daemon.err(), "cannot use the state directory"), 1U) << daemon.err();
  EXPECT_EQ(count(daemon.err(), "cannot save"), 0U) << "that has been said: " << daemon.err();
}

TEST_F(AnUnusableStateDirectory, is_complained_about_by_a_live_replay) {
  configure("");

  Process replay{
      {.command = {P1METER_PROGRAM, "--config", configuration(), "replay",
                   directory_.file("one.telegram", telegram().text()), "--live", "--speed", "max"},
       .environment = environment()}};

  EXPECT_EQ(replay.wait(10s), 0) << replay.err();
  EXPECT_NE(replay.err().find("cannot use the state directory ("), std::string::npos)
      << replay.err();
}

TEST_F(TheDaemon, does_not_complain_about_a_state_directory_that_it_can_use) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();

  EXPECT_EQ(daemon.err().find("state directory"), std::string::npos) << daemon.err();
}

}  // namespace
}  // namespace p1meter::test
