// SPDX-License-Identifier: Apache-2.0
// Acceptance: what an earlier configuration left at the broker does not stay there.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

class TheRetainedTopics : public TheDaemon {
 protected:
  static std::string based_on(const std::string& base_topic, const Mosquitto& broker) {
    return at(broker) + "  base_topic: " + base_topic + "\n";
  }
  /// Runs until everything is published, then ends in order.
  void run_once(const std::string& yaml, const Mosquitto& broker, const std::string& base_topic) {
    Subscriber subscriber{broker.port(), base_topic + "/#"};
    Process& daemon = start(yaml);
    ASSERT_TRUE(subscriber.sees_start(base_topic + "/home/voltage_l1 ")) << daemon.err();
    ASSERT_TRUE(subscriber.sees_start(base_topic + "/statistics {")) << daemon.err();
    daemon.send(SIGTERM);
    ASSERT_EQ(daemon.wait(4s), 0) << daemon.err();
  }
  /// How many messages the broker keeps below a topic. What is retained comes before what is asked
  /// for later.
  static std::size_t kept(const Mosquitto& broker, const std::string& base_topic) {
    return Subscriber{broker.port(), base_topic + "/#"}.count_start(base_topic + "/");
  }
  static std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  /// True once the file names every topic below `base_topic` that the broker keeps, however late
  /// the last of them came.
  static bool remembers_all(const Mosquitto& broker, const std::string& base_topic,
                            const std::filesystem::path& list) {
    const auto complete = [&] {
      std::istringstream kept{Subscriber{broker.port(), base_topic + "/#"}.text()};
      const std::string remembered = text_of(list);
      std::size_t topics = 0;
      for (std::string line; std::getline(kept, line);) {
        if (!line.starts_with(base_topic + "/")) continue;
        const std::string item = " " + line.substr(0, line.find(' ')) + "\"";
        if (remembered.find(item) == std::string::npos) return false;
        ++topics;
      }
      return topics > 0;
    };
    return eventually(complete, 10s);
  }
  static bool keeps_nothing(const Mosquitto& broker, const std::string& base_topic) {
    return eventually([&] { return kept(broker, base_topic) == 0; }, 10s);
  }
};

TEST_F(TheRetainedTopics, of_another_base_topic_are_cleared_after_a_restart) {
  Mosquitto broker;
  run_once(simulated("dsmr5") + based_on("a/b", broker), broker, "a/b");
  ASSERT_GT(kept(broker, "a/b"), 10U);

  Subscriber subscriber{broker.port(), "a-b/#"};
  Process& daemon = start(simulated("dsmr5") + based_on("a-b", broker));

  ASSERT_TRUE(subscriber.sees("a-b/status online")) << daemon.err();
  EXPECT_TRUE(keeps_nothing(broker, "a/b"));
  EXPECT_GT(kept(broker, "a-b"), 10U);
}

TEST_F(TheRetainedTopics, of_another_base_topic_are_cleared_after_a_reload) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(subscriber.sees_start("p1meter/home/voltage_l1 ")) << daemon.err();

  configure(simulated("dsmr5") + based_on("house", broker));
  daemon.send(SIGHUP);

  ASSERT_TRUE(subscriber.sees("house/status online", 20s)) << daemon.err();
  EXPECT_TRUE(keeps_nothing(broker, "p1meter"));
  EXPECT_GT(kept(broker, "house"), 10U);
}

TEST_F(TheRetainedTopics, are_cleared_only_at_the_broker_that_has_them_from_us) {
  Mosquitto first;
  Mosquitto second;
  run_once(simulated("dsmr5") + at(first), first, "p1meter");
  const auto left = kept(first, "p1meter");
  Process other{
      {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(second.port()), "-r",
                   "-t", "p1meter/home/state", "-m", "of another p1meter"}}};
  ASSERT_EQ(other.wait(5s), 0);

  run_once(simulated("dsmr5") + based_on("house", second), second, "house");
  EXPECT_EQ(kept(second, "p1meter"), 1U) << "it belongs to somebody else";
  EXPECT_EQ(kept(first, "p1meter"), left) << "nobody has been there since";

  run_once(simulated("dsmr5") + based_on("house", first), first, "house");
  EXPECT_TRUE(keeps_nothing(first, "p1meter")) << "remembered until we are back";
}

TEST_F(TheRetainedTopics, of_a_class_that_was_switched_off_are_cleared) {
  Mosquitto broker;
  run_once(simulated("dsmr5") + at(broker), broker, "p1meter");

  Subscriber subscriber{broker.port(), "p1meter/#"};
  ASSERT_TRUE(subscriber.sees("p1meter/status offline"));
  start(simulated("dsmr5") + at(broker) +
        "  topics: {status: {enabled: false}, statistics: {enabled: false}}\n");

  EXPECT_TRUE(subscriber.sees("p1meter/status (null)")) << daemon_->err();
  EXPECT_TRUE(subscriber.sees("p1meter/home/status (null)"));
  EXPECT_TRUE(subscriber.sees("p1meter/statistics (null)"));
}

TEST_F(TheRetainedTopics,
       of_the_last_simulated_meter_are_cleared_by_a_reload_and_its_connection_ends) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter-test/#"};
  const std::string own_name = at(broker) + "  client_id: live\n";
  Process& daemon = start(simulated("dsmr5", false) + own_name);
  ASSERT_TRUE(subscriber.sees_start("p1meter-test/home/voltage_l1 ")) << daemon.err();
  ASSERT_TRUE(subscriber.sees_start("p1meter-test/statistics {")) << daemon.err();

  configure(simulated("dsmr5", true) + own_name);
  daemon.send(SIGHUP);

  EXPECT_TRUE(keeps_nothing(broker, "p1meter-test")) << daemon.err();
  const auto connections = [&](const std::string& event) {
    const std::string log = broker.log();
    std::size_t count = 0;
    for (auto at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) ++count;
    return count;
  };
  EXPECT_TRUE(eventually(
      [&] {
        return connections("Sending CONNACK to p1meter-") > 0 &&
               connections("Received DISCONNECT from p1meter-") ==
                   connections("Sending CONNACK to p1meter-");
      },
      10s))
      << broker.log();
  EXPECT_EQ(daemon.wait(0ms), std::nullopt) << "it runs on";
}

TEST_F(TheRetainedTopics, of_the_last_simulated_meter_are_cleared_after_a_restart) {
  Mosquitto broker;
  run_once(simulated("dsmr5", false) + at(broker), broker, "p1meter-test");
  ASSERT_GT(kept(broker, "p1meter-test"), 10U);

  start(simulated("dsmr5", true) + at(broker));

  EXPECT_TRUE(keeps_nothing(broker, "p1meter-test")) << daemon_->err();
}

TEST_F(TheRetainedTopics, come_back_with_a_simulated_meter_that_comes_back) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter-test/#"};
  Process& daemon = start(simulated("dsmr5", false) + at(broker));
  ASSERT_TRUE(subscriber.sees_start("p1meter-test/home/voltage_l1 ")) << daemon.err();
  configure(simulated("dsmr5", true) + at(broker));
  daemon.send(SIGHUP);
  ASSERT_TRUE(keeps_nothing(broker, "p1meter-test")) << daemon.err();

  Subscriber again{broker.port(), "p1meter-test/#"};
  configure(simulated("dsmr5", false) + at(broker));
  daemon.send(SIGHUP);

  EXPECT_TRUE(again.sees("p1meter-test/status online", 20s)) << daemon.err();
  EXPECT_TRUE(again.sees_start("p1meter-test/home/voltage_l1 "));
}

TEST_F(TheRetainedTopics, are_remembered_until_the_broker_lets_us_clear_them) {
  const std::string list = directory_.file("acl", "topic readwrite #\n");
  // mosquitto 2.0 disconnects who publishes what is denied when its queues have no bound.
  Mosquitto broker{{.lines = "acl_file " + list + "\nmax_queued_messages 1000"}};
  run_once(simulated("dsmr5") + based_on("first", broker), broker, "first");

  directory_.file("acl", "topic read #\ntopic readwrite second/#\ntopic readwrite subscriber/#\n");
  broker.reload();
  ASSERT_TRUE(broker.logs("Reloading config."));
  run_once(simulated("dsmr5") + based_on("second", broker), broker, "second");
  EXPECT_NE(daemon_->err().find("first/home/current_l1: not authorised"), std::string::npos)
      << daemon_->err();
  ASSERT_GT(kept(broker, "first"), 10U);

  directory_.file("acl", "topic readwrite #\n");
  broker.reload();
  start(simulated("dsmr5") + based_on("second", broker));
  EXPECT_TRUE(keeps_nothing(broker, "first")) << daemon_->err();
}

TEST_F(TheRetainedTopics, are_remembered_through_a_sudden_end) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "first/#"};
  Process& daemon = start(simulated("dsmr5") + based_on("first", broker));
  ASSERT_TRUE(subscriber.sees("first/status online")) << daemon.err();
  const auto list = directory_.path() / "state" / "retained-live.json";
  ASSERT_TRUE(subscriber.sees_start("first/home/voltage_l1 ")) << daemon.err();
  ASSERT_TRUE(remembers_all(broker, "first", list)) << daemon.err();
  daemon.send(SIGKILL);
  ASSERT_NE(daemon.wait(4s), std::nullopt);

  start(simulated("dsmr5") + based_on("second", broker));
  EXPECT_TRUE(keeps_nothing(broker, "first")) << daemon_->err();
}

TEST_F(TheRetainedTopics, of_a_meter_that_a_reload_brought_are_remembered_through_a_sudden_end) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  const std::string homie = "homie: {version: 4}\n";
  Process& daemon = start(simulated("dsmr5") + at(broker) + homie);
  ASSERT_TRUE(subscriber.sees_start("p1meter/home/voltage_l1 ")) << daemon.err();
  configure(
      "meters:\n  - {name: home, source: \"simulator:dsmr5\", live: true}\n"
      "  - {name: cellar, source: \"simulator:fluvius\", live: true}\n" +
      at(broker) + homie);
  daemon.send(SIGHUP);
  ASSERT_TRUE(subscriber.sees_start("p1meter/cellar/voltage_l1 ", 20s)) << daemon.err();
  Subscriber devices{broker.port(), "homie/#"};
  ASSERT_TRUE(devices.sees("homie/p1meter-home/$state ready")) << daemon.err();
  ASSERT_TRUE(devices.sees("homie/p1meter-cellar/$state ready")) << daemon.err();
  const auto state = directory_.path() / "state";
  EXPECT_TRUE(remembers_all(broker, "p1meter/cellar", state / "retained-live.json"));
  EXPECT_TRUE(remembers_all(broker, "homeassistant", state / "retained-live.json"));
  EXPECT_TRUE(remembers_all(broker, "homie", state / "retained-homie.json"));
  daemon.send(SIGKILL);
  ASSERT_NE(daemon.wait(4s), std::nullopt);

  start(simulated("dsmr5") + at(broker));
  EXPECT_TRUE(keeps_nothing(broker, "p1meter/cellar")) << daemon_->err();
  EXPECT_TRUE(keeps_nothing(broker, "homie")) << daemon_->err();
  EXPECT_TRUE(eventually(
      [&] {
        Subscriber discovery{broker.port(), "homeassistant/#"};
        return discovery.text().find("cellar") == std::string::npos;
      },
      10s))
      << daemon_->err();
}

}  // namespace
}  // namespace p1meter::test
