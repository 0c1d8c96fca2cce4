// SPDX-License-Identifier: Apache-2.0
// Acceptance: a state directory that cannot be used is no reason to stop, but one to speak.
#include <filesystem>

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

TEST_F(AnUnusableStateDirectory, is_used_and_locked_as_soon_as_it_is_mended) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();
  const auto state = directory_.path() / "state";

  std::filesystem::remove(state);

  EXPECT_TRUE(daemon.shows("what must survive a restart is saved again", 60s)) << daemon.err();
  EXPECT_TRUE(std::filesystem::exists(state / "meters" / "home.json"));
  Process second{{.command = {P1METER_PROGRAM, "--config", configuration(), "run"},
                  .environment = environment()}};
  EXPECT_EQ(second.wait(10s), 75) << second.err();
  EXPECT_NE(second.err().find("another p1meter is running with the state directory"),
            std::string::npos)
      << second.err();
}

TEST_F(AnUnusableStateDirectory, is_left_alone_when_another_p1meter_has_it_once_it_is_mended) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();
  std::filesystem::remove(directory_.path() / "state");

  Process second{{.command = {P1METER_PROGRAM, "--config", configuration(), "run"},
                  .environment = environment()}};
  ASSERT_TRUE(second.shows("telegrams arrive", 10s)) << second.err();
  EXPECT_FALSE(daemon.shows("is saved again", 15s)) << "it has tried meanwhile: " << daemon.err();
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(4s), 0);

  EXPECT_EQ(daemon.err().find("is saved again"), std::string::npos) << daemon.err();
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

/// A file system of 64 kB at the state directory, full from the start, in a mount namespace.
class AFullDisk : public TheDaemon {
 protected:
  static bool file_systems_are_to_be_had() {
    Process probe{{.command = {"unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"}}};
    return probe.wait(5s) == 0;
  }
  Process& start_on_full_disk(const std::string& yaml) {
    configure(yaml);
    const std::string state = (directory_.path() / "state").string();
    std::filesystem::create_directory(state);
    daemon_ = std::make_unique<Process>(
        Process::Setup{.command = {"unshare", "--mount", "sh", "-c",
                                   "mount -t tmpfs -o size=64k none \"$2\" && "
                                   "{ dd if=/dev/zero of=\"$2/filler\" bs=4k 2>/dev/null; "
                                   "exec \"$0\" --config \"$1\" run; }",
                                   P1METER_PROGRAM, configuration(), state},
                       .environment = environment()});
    return *daemon_;
  }
  /// The directory as the daemon sees it.
  [[nodiscard]] std::filesystem::path inside() const {
    return "/proc/" + std::to_string(daemon_->pid()) + "/root" +
           (directory_.path() / "state").string();
  }
};

TEST_F(AFullDisk, is_told_once_counted_and_written_to_as_soon_as_there_is_room) {
  if (!file_systems_are_to_be_had()) GTEST_SKIP() << "no mount namespace to be had here";
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/statistics"};
  Process& daemon = start_on_full_disk(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(daemon.shows("cannot save what must survive a restart", 20s)) << daemon.err();
  EXPECT_NE(daemon.err().find("No space left on device"), std::string::npos) << daemon.err();
  EXPECT_FALSE(std::filesystem::exists(inside() / "meters" / "home.json.new"))
      << "half a file is cleared away";

  std::filesystem::remove(inside() / "filler");

  ASSERT_TRUE(daemon.shows("what must survive a restart is saved again", 60s)) << daemon.err();
  EXPECT_TRUE(eventually(
      [&] {
        return std::filesystem::exists(inside() / "meters" / "home.json") &&
               std::filesystem::exists(inside() / "retained-live.json");
      },
      10s));
  EXPECT_EQ(count(daemon.err(), "cannot save"), 1U) << daemon.err();
  Process birth{
      {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-t",
                   "homeassistant/status", "-m", "online"}}};
  ASSERT_EQ(birth.wait(5s), 0);
  // The first statistics may be older than the first attempt to save.
  const auto counted = [&] {
    const std::string all = subscriber.text();
    const auto at = all.rfind("p1meter/statistics {");
    if (at == std::string::npos) return false;
    const std::string newest = all.substr(at);
    return newest.find(R"("state":{"saved":true,"failed":)") != std::string::npos &&
           newest.find(R"("failed":0})") == std::string::npos;
  };
  EXPECT_TRUE(eventually(counted, 90s)) << subscriber.text();
}

TEST_F(TheDaemon, does_not_complain_about_a_state_directory_that_it_can_use) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();

  EXPECT_EQ(daemon.err().find("state directory"), std::string::npos) << daemon.err();
}

}  // namespace
}  // namespace p1meter::test
