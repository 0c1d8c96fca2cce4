// SPDX-License-Identifier: Apache-2.0
// Acceptance: a newer version in apt shows in the statistics and in Home Assistant. The program
// reads one fixed path, so it runs in a mount namespace with a /run of its own.
#include <filesystem>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/source_tree.hpp"

namespace p1meter::test {
namespace {

class AnUpdate : public TheDaemon {
 protected:
  static bool namespaces_are_to_be_had() {
    Process probe{{.command = {"unshare", "--mount", "sh", "-c", "mount -t tmpfs none /run"}}};
    return probe.wait(5s) == 0;
  }

  /// `prepare`: shell commands before the program starts.
  void start_with_own_run(const std::string& yaml, const std::string& prepare) {
    configure(simulated("dsmr5") + at(broker_) + yaml);
    daemon_ = std::make_unique<Process>(
        Process::Setup{.command = {"unshare", "--mount", "sh", "-c",
                                   "mount -t tmpfs none /run && mkdir /run/p1meter-candidate && " +
                                       prepare + " exec \"$0\" --config \"$1\" run",
                                   P1METER_PROGRAM, configuration()},
                       .environment = environment()});
  }
  /// As the package's units do while the program runs.
  void put_candidate(const std::string& version) const {
    std::ofstream{"/proc/" + std::to_string(daemon_->pid()) + "/root/run/p1meter-candidate/version"}
        << version << "\n";
  }
  /// Asks for everything anew, statistics included.
  void start_home_assistant() const {
    Process publisher{
        {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-t",
                     "homeassistant/status", "-m", "online"}}};
    ASSERT_EQ(publisher.wait(5s), 0);
  }
  bool any(const std::string& topic, const std::string& part, Clock::duration patience = 10s) {
    return eventually(
        [&] {
          const auto payloads = subscriber_.payloads(topic);
          return !payloads.empty() && payloads.back().find(part) != std::string::npos;
        },
        patience);
  }
  void expect_home_assistant_takes_it() const {
    Process check{
        {.command = {"/usr/bin/python3", "-B", source_path("tests/support/home_assistant/check.py"),
                     "--broker", "127.0.0.1:" + std::to_string(broker_.port()), "--until-quiet"}}};
    const auto status = check.wait(90s);
    if (status == 2) GTEST_SKIP() << check.err();
    EXPECT_EQ(status, 0) << check.out();
  }

  static constexpr const char* update = R"("update":{"platform":"update")";
  static constexpr const char* program = "homeassistant/device/p1meter_program_p1meter/config";
  Mosquitto broker_{};
  MqttSubscriber subscriber_{broker_.port()};
};

TEST_F(AnUpdate, is_told_as_soon_as_apts_version_is_known_and_stays_after_a_restart) {
  if (!namespaces_are_to_be_had()) GTEST_SKIP() << "no mount namespace to be had here";
  start_with_own_run("", "");
  ASSERT_TRUE(any("p1meter/status", "online")) << daemon_->err();
  ASSERT_TRUE(any("p1meter/statistics", "\"version\""));
  EXPECT_EQ(subscriber_.payloads("p1meter/statistics").back().find("latest_version"),
            std::string::npos);
  EXPECT_EQ(subscriber_.payloads(program).back().find(update), std::string::npos);

  put_candidate("9.9.9-1~deb12");
  start_home_assistant();

  EXPECT_TRUE(any("p1meter/statistics", R"("latest_version":"9.9.9")")) << daemon_->err();
  EXPECT_TRUE(any(program, update)) << subscriber_.payloads(program).back();
  EXPECT_TRUE(daemon_->shows("apt has a newer p1meter", 5s)) << daemon_->err();
  ASSERT_NO_FATAL_FAILURE(expect_home_assistant_takes_it());

  daemon_->send(SIGTERM);
  ASSERT_EQ(daemon_->wait(4s), 0) << daemon_->err();
  ASSERT_TRUE(any("p1meter/status", "offline"));
  const auto before = subscriber_.payloads(program).size();
  start_with_own_run("", "");
  ASSERT_TRUE(any("p1meter/status", "online")) << daemon_->err();
  const auto told = subscriber_.payloads(program);
  ASSERT_GT(told.size(), before);
  for (std::size_t i = before; i < told.size(); ++i) {
    EXPECT_NE(told[i].find(update), std::string::npos) << "a boot does not make it flicker";
  }
  ASSERT_NO_FATAL_FAILURE(expect_home_assistant_takes_it());
}

TEST_F(AnUpdate, is_never_to_an_older_version_and_has_a_single_form) {
  if (!namespaces_are_to_be_had()) GTEST_SKIP() << "no mount namespace to be had here";

  start_with_own_run("home_assistant: {discovery: single}\n",
                     "echo 0.0.1-1 > /run/p1meter-candidate/version &&");

  EXPECT_TRUE(any("homeassistant/update/p1meter_program_p1meter/update/config", "p1meter"))
      << daemon_->err();
  EXPECT_TRUE(any("p1meter/statistics", R"("latest_version":")" P1METER_VERSION R"(")"));
  EXPECT_EQ(daemon_->err().find("newer"), std::string::npos) << daemon_->err();
  ASSERT_NO_FATAL_FAILURE(expect_home_assistant_takes_it());
}

}  // namespace
}  // namespace p1meter::test
