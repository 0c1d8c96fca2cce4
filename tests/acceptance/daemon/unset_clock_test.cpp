// SPDX-License-Identifier: Apache-2.0
// Acceptance: a machine whose clock says 1970 until it is set, by fifty years and more.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/sanitizers.hpp"

namespace p1meter::test {
namespace {

using Json = nlohmann::json;

class AnUnsetClock : public TheDaemon {
 protected:
  void SetUp() override {
    if (slow_build) GTEST_SKIP() << "sanitizers allow nothing to be loaded before them";
  }
  Process& start_in_1970(const std::string& yaml) {
    configure(yaml);
    auto variables = environment();
    variables["LD_PRELOAD"] = P1METER_UNSET_CLOCK;
    variables["UNSET_CLOCK_WHILE"] = directory_.file("unset", "");
    daemon_ = std::make_unique<Process>(
        Process::Setup{.command = {P1METER_PROGRAM, "--config", configuration(), "run"},
                       .environment = variables});
    return *daemon_;
  }
  void set_clock() const { std::filesystem::remove(directory_.path() / "unset"); }

  Json newest_statistics() {
    const auto payloads = subscriber_.payloads("p1meter/statistics");
    return payloads.empty() ? Json{} : Json::parse(payloads.back());
  }
  bool started_in(const std::string& years) {
    return eventually(
        [&] {
          const Json statistics = newest_statistics();
          return statistics.contains("started") &&
                 statistics["started"].get<std::string>().starts_with(years);
        },
        10s);
  }
  std::size_t powers() { return subscriber_.payloads("p1meter/home/power_import").size(); }

  Mosquitto broker_{};
  MqttSubscriber subscriber_{broker_.port()};
};

TEST_F(AnUnsetClock, changes_nothing_but_the_times_that_are_ours) {
  Process& daemon =
      start_in_1970(simulated("dsmr5") +
                    "readings: {power_import: {interval: 2s, on_change: false}}\n" + at(broker_));
  ASSERT_TRUE(subscriber_.sees("p1meter/home/status", "online")) << daemon.err();
  ASSERT_TRUE(started_in("1970-01-01")) << newest_statistics();
  ASSERT_TRUE(eventually([&] { return powers() >= 2; }, 20s)) << daemon.err();

  const auto before = powers();
  const auto begin = Clock::now();
  set_clock();
  ASSERT_TRUE(eventually([&] { return powers() >= before + 3; }, 20s)) << "the limits stand still";
  EXPECT_GE(Clock::now() - begin, 3s) << "three outputs, two of them 2 s apart";

  Process birth{
      {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-t",
                   "homeassistant/status", "-m", "online"}}};
  ASSERT_EQ(birth.wait(5s), 0);
  EXPECT_TRUE(started_in("20")) << newest_statistics();
  EXPECT_LT(newest_statistics()["uptime"].get<int>(), 120);
  EXPECT_EQ(subscriber_.payloads("p1meter/home/status").back(), "online");
  EXPECT_EQ(daemon.err().find("offline"), std::string::npos) << daemon.err();
}

}  // namespace
}  // namespace p1meter::test
