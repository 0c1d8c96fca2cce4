// SPDX-License-Identifier: Apache-2.0
// Acceptance: meters as Homie devices, as a controller at a real broker sees them.
#include "daemon_fixture.hpp"
#include "support/homie4.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using Texts = std::vector<std::string>;

struct Version {
  std::string number{};
  std::string root{};  // of the device of the meter home
};

class AHomieDaemon : public TheDaemon {
 protected:
  static std::string homie(const Version& version) {
    return "homie:\n  version: " + version.number + "\n";
  }
  /// How many messages the broker keeps below a topic.
  static std::size_t kept(const Mosquitto& broker, const std::string& topic) {
    return Subscriber{broker.port(), topic + "/#"}.count_start(topic + "/");
  }
  static bool keeps_nothing(const Mosquitto& broker, const std::string& topic) {
    return eventually([&] { return kept(broker, topic) == 0; }, 10s);
  }

  Mosquitto broker_{};
  const Version four_{"4", "homie/p1meter-home"};
  const Version five_{"5", "homie/5/p1meter-home"};
};

TEST_F(AHomieDaemon, is_none_unless_asked) {
  MqttSubscriber witness{broker_.port()};
  start(simulated("dsmr5") + at(broker_));
  ASSERT_TRUE(witness.sees("p1meter/status", "online")) << daemon_->err();
  for (const auto& message : witness.messages())
    EXPECT_FALSE(message.topic.starts_with("homie/")) << message.topic;
}

TEST_F(AHomieDaemon, of_version_4_is_complete_and_in_order) {
  for (const char* profile : {"dsmr5", "fluvius", "sweden"}) {
    SCOPED_TRACE(profile);
    const Mosquitto broker;
    MqttSubscriber witness{broker.port()};
    start(simulated(profile) + at(broker) + homie(four_) + "readings: {default: {interval: 0s}}\n");
    ASSERT_TRUE(witness.sees(four_.root + "/$state", "ready", 30s)) << daemon_->err();
    ASSERT_TRUE(eventually(
        [&] { return witness.payloads(four_.root + "/electricity/voltage-l1").size() > 1; }, 30s));

    EXPECT_EQ(Homie4Judge::faults(witness.messages(), four_.root), Texts{});
    daemon_->send(SIGTERM);
    EXPECT_EQ(daemon_->wait(4s), 0);
    EXPECT_TRUE(witness.sees(four_.root + "/$state", "disconnected"));
  }
}

TEST_F(AHomieDaemon, is_lost_when_the_program_dies_and_comes_back_with_it) {
  for (const Version& version : {four_, five_}) {
    SCOPED_TRACE(version.number);
    MqttSubscriber witness{broker_.port()};
    const std::string yaml = simulated("dsmr5") + at(broker_) + homie(version);
    start(yaml);
    ASSERT_TRUE(witness.sees(version.root + "/$state", "ready", 30s)) << daemon_->err();
    daemon_->send(SIGKILL);
    EXPECT_TRUE(witness.sees(version.root + "/$state", "lost"));
    EXPECT_TRUE(witness.sees("p1meter/status", "offline"));

    start(yaml);
    EXPECT_TRUE(witness.sees(version.root + "/$state", "ready", 30s)) << daemon_->err();
  }
}

TEST_F(AHomieDaemon, is_disconnected_when_the_program_ends_in_order) {
  for (const Version& version : {four_, five_}) {
    SCOPED_TRACE(version.number);
    MqttSubscriber witness{broker_.port()};
    start(simulated("dsmr5") + at(broker_) + homie(version));
    ASSERT_TRUE(witness.sees(version.root + "/$state", "ready", 30s)) << daemon_->err();
    daemon_->send(SIGTERM);
    EXPECT_EQ(daemon_->wait(4s), 0);
    EXPECT_TRUE(witness.sees(version.root + "/$state", "disconnected"));
  }
}

TEST_F(AHomieDaemon, ends_within_two_seconds_beside_a_broker_that_hangs) {
  start(simulated("dsmr5") + at(broker_) + homie(five_));
  MqttSubscriber witness{broker_.port()};
  ASSERT_TRUE(witness.sees(five_.root + "/$state", "ready", 30s)) << daemon_->err();
  broker_.pause();
  daemon_->send(SIGTERM);
  EXPECT_EQ(daemon_->wait(4s), 0);
  broker_.resume();
}

TEST_F(AHomieDaemon, leaves_nothing_behind_when_it_is_switched_to_the_other_version_or_off) {
  MqttSubscriber witness{broker_.port()};
  start(simulated("dsmr5") + at(broker_) + homie(four_));
  ASSERT_TRUE(witness.sees(four_.root + "/$state", "ready", 30s)) << daemon_->err();

  configure(simulated("dsmr5") + at(broker_) + homie(five_));
  daemon_->send(SIGHUP);
  ASSERT_TRUE(witness.sees(five_.root + "/$state", "ready", 30s)) << daemon_->err();
  EXPECT_TRUE(keeps_nothing(broker_, four_.root)) << daemon_->err();
  EXPECT_GT(kept(broker_, five_.root), 10U);

  configure(simulated("dsmr5") + at(broker_));
  daemon_->send(SIGHUP);
  EXPECT_TRUE(keeps_nothing(broker_, "homie")) << daemon_->err();
  EXPECT_EQ(daemon_->wait(0ms), std::nullopt) << "it runs on";
}

TEST_F(AHomieDaemon, is_cleared_after_a_restart_without_it) {
  MqttSubscriber witness{broker_.port()};
  start(simulated("dsmr5") + at(broker_) + homie(four_));
  ASSERT_TRUE(witness.sees(four_.root + "/$state", "ready", 30s)) << daemon_->err();
  daemon_->send(SIGTERM);
  ASSERT_EQ(daemon_->wait(4s), 0);
  ASSERT_GT(kept(broker_, four_.root), 100U);

  start(simulated("dsmr5") + at(broker_));
  EXPECT_TRUE(keeps_nothing(broker_, "homie")) << daemon_->err();
}

TEST_F(AHomieDaemon, has_a_device_for_each_meter_and_none_for_one_that_is_simulated) {
  const std::string meters =
      "meters:\n"
      "  - {name: a_b, source: \"simulator:dsmr5\", live: true}\n"
      "  - {name: cellar, source: \"simulator:fluvius\", live: true}\n"
      "  - {name: test, source: \"simulator:dsmr5\"}\n";
  MqttSubscriber witness{broker_.port()};
  start(meters + at(broker_) + homie(five_));
  EXPECT_TRUE(witness.sees("homie/5/p1meter--a-5fb/$state", "ready", 30s)) << daemon_->err();
  EXPECT_TRUE(witness.sees("homie/5/p1meter-cellar/$state", "ready", 30s));
  ASSERT_TRUE(witness.sees("p1meter-test/test/status", "online", 30s));
  EXPECT_EQ(witness.payloads("homie/5/p1meter-test/$state"), Texts{});

  configure("meters:\n  - {name: a_b, source: \"simulator:dsmr5\", live: true}\n" + at(broker_) +
            homie(five_));
  daemon_->send(SIGHUP);
  EXPECT_TRUE(keeps_nothing(broker_, "homie/5/p1meter-cellar"));
  EXPECT_TRUE(eventually(
      [&] {
        const auto said = witness.payloads("homie/5/p1meter--a-5fb/$state");
        return !said.empty() && said.back() == "ready";
      },
      10s));
}

}  // namespace
}  // namespace p1meter::test
