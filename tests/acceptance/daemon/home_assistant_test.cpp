// SPDX-License-Identifier: Apache-2.0
// Acceptance: what Home Assistant sees of a running daemon, beyond the form of its messages (that
// is checked for every simulated meter by home_assistant_profiles.py).
#include <set>

#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/sanitizers.hpp"
#include "support/source_tree.hpp"

namespace p1meter::test {
namespace {

constexpr const char* program_topic = "homeassistant/device/p1meter_program_p1meter/config";

class HomeAssistant : public TheDaemon {
 protected:
  /// The topic of the meter's own device.
  static std::string meter_topic(MqttSubscriber& broker_says) {
    for (const auto& message : broker_says.messages()) {
      if (!message.topic.ends_with("/config") || message.topic == program_topic) continue;
      if (message.payload.find("\"Smart meter\"") != std::string::npos) return message.topic;
    }
    return {};
  }
  static bool sees_meter(MqttSubscriber& broker_says, Clock::duration patience = 10s) {
    return eventually([&] { return !meter_topic(broker_says).empty(); }, patience);
  }
  static void publish(const Mosquitto& broker, const std::string& topic, const std::string& payload,
                      bool retain = false) {
    std::vector<std::string> command{
        "mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-t",
        topic,           "-m", payload};
    if (retain) command.emplace_back("-r");
    Process process{{.command = command}};
    ASSERT_EQ(process.wait(5s), 0);
  }
  void stop() {
    daemon_->send(SIGTERM);
    ASSERT_EQ(daemon_->wait(4s), 0) << daemon_->err();
  }
};

TEST_F(HomeAssistant, is_told_everything_again_when_it_starts) {
  Mosquitto broker;
  MqttSubscriber seen{broker.port()};
  start(at(broker) + simulated("dsmr5"));
  ASSERT_TRUE(seen.sees("p1meter/status", "online"));
  const std::string topic = meter_topic(seen);
  const auto before = seen.payloads(topic).size();
  const auto statuses = seen.payloads("p1meter/status").size();

  publish(broker, "homeassistant/status", "online");

  EXPECT_TRUE(eventually([&] { return seen.payloads(topic).size() > before; }, 10s));
  EXPECT_TRUE(eventually([&] { return seen.payloads("p1meter/status").size() > statuses; }, 10s))
      << "and that we are there, last of all";
}

// The answer waits for a random while; the end does not wait for it.
TEST_F(HomeAssistant, does_not_keep_the_program_from_ending_when_it_has_just_started) {
  Mosquitto broker;
  MqttSubscriber seen{broker.port()};
  Process& daemon = start(at(broker) + simulated("dsmr5"));
  ASSERT_TRUE(seen.sees("p1meter/status", "online"));
  publish(broker, "homeassistant/status", "online");
  const auto before = Clock::now();
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(4s), 0) << daemon.err();
  const auto took = Clock::now() - before;
  if (!slow_build) {
    EXPECT_LT(took, 2s);
  }
}

// Its equipment id is remembered: the topics that hold it are the same from the first moment.
TEST_F(HomeAssistant, keeps_a_meter_whose_topics_hold_its_number_over_a_restart) {
  const std::string yaml = simulated("dsmr5") + "home_assistant: {birth_topic: \"\"}\n";
  Mosquitto broker;
  const std::string all = at(broker) +
                          "  topics:\n"
                          "    state: {topic: \"{base}/{equipment_id}/state\"}\n"
                          "    events: {topic: \"{base}/{equipment_id}/events\"}\n" +
                          yaml;
  {
    MqttSubscriber seen{broker.port()};
    start(all);
    ASSERT_TRUE(sees_meter(seen));
    ASSERT_TRUE(seen.sees("p1meter/status", "online"));
    stop();
  }
  MqttSubscriber seen{broker.port()};
  ASSERT_TRUE(sees_meter(seen));
  start(all);
  const auto is_online = [&] {
    const auto said = seen.payloads("p1meter/status");
    return !said.empty() && said.back() == "online";
  };
  ASSERT_TRUE(eventually(is_online, 10s));
  for (const auto& message : seen.messages()) {
    const bool matters = message.topic.ends_with("/config") || message.topic.ends_with("/state");
    EXPECT_FALSE(matters && message.payload.empty()) << message.topic << " was cleared";
  }
  EXPECT_NE(seen.payloads(meter_topic(seen)).back().find("/events"), std::string::npos);
}

TEST_F(HomeAssistant, is_answered_once_however_often_it_starts_in_a_moment) {
  Mosquitto broker;
  MqttSubscriber seen{broker.port()};
  start(at(broker) + simulated("dsmr5"));
  ASSERT_TRUE(seen.sees("p1meter/status", "online"));
  const auto before = seen.payloads(program_topic).size();

  for (int i = 0; i < 5; ++i) publish(broker, "homeassistant/status", "online");

  ASSERT_TRUE(eventually([&] { return seen.payloads(program_topic).size() > before; }, 10s));
  EXPECT_LE(seen.payloads(program_topic).size(), before + 2);
}

TEST_F(HomeAssistant, is_not_answered_when_something_else_comes_on_its_topic) {
  Mosquitto broker;
  publish(broker, "homeassistant/status", "online", true);  // from before, not news
  MqttSubscriber seen{broker.port()};
  Process& daemon = start(at(broker) + simulated("dsmr5"));
  ASSERT_TRUE(seen.sees("p1meter/status", "online"));
  const auto before = seen.payloads(program_topic).size();

  for (const std::string payload : {"", "offline", "{\"broken\":", "ONLINE"})
    publish(broker, "homeassistant/status", payload);

  // Long enough for the longest random delay.
  ASSERT_TRUE(eventually([&] { return seen.payloads("p1meter/home/state").size() > 1; }, 20s))
      << daemon.err();
  EXPECT_EQ(seen.payloads(program_topic).size(), before);
}

TEST_F(HomeAssistant, loses_an_entity_that_is_no_longer_published_after_a_restart) {
  Mosquitto broker;
  {
    MqttSubscriber seen{broker.port()};
    start(at(broker) + simulated("dsmr5"));
    ASSERT_TRUE(seen.sees("p1meter/status", "online"));
    ASSERT_TRUE(sees_meter(seen));
    stop();
  }
  MqttSubscriber seen{broker.port(), "homeassistant/#"};
  ASSERT_TRUE(sees_meter(seen)) << "kept by the broker";
  const std::string topic = meter_topic(seen);
  start(at(broker) + simulated("dsmr5") + "readings:\n  voltage_*: {publish: false}\n");

  const auto mentions = [](const std::string& payload) {
    return payload.find("\"voltage_l1\":{\"platform\":\"sensor\"}") != std::string::npos;
  };
  ASSERT_TRUE(eventually(
      [&] {
        const auto payloads = seen.payloads(topic);
        return std::any_of(payloads.begin(), payloads.end(), mentions);
      },
      10s))
      << "named once with its platform only";
  EXPECT_TRUE(eventually(
      [&] { return seen.payloads(topic).back().find("voltage_l1") == std::string::npos; }, 10s));
}

TEST_F(HomeAssistant, forgets_us_when_it_is_to_be_told_nothing_any_more) {
  Mosquitto broker;
  {
    MqttSubscriber seen{broker.port()};
    start(at(broker) + simulated("dsmr5"));
    ASSERT_TRUE(seen.sees("p1meter/status", "online"));
    ASSERT_TRUE(sees_meter(seen));
    stop();
  }
  start(at(broker) + simulated("dsmr5") + "home_assistant: {discovery: \"off\"}\n");
  EXPECT_TRUE(eventually(
      [&] {
        MqttSubscriber kept{broker.port(), "homeassistant/#"};
        return kept.messages().empty();
      },
      20s));
}

TEST_F(HomeAssistant, hears_nothing_of_a_meter_that_is_only_a_test) {
  Mosquitto broker;
  MqttSubscriber seen{broker.port()};
  start(at(broker) + simulated("dsmr5", false));
  ASSERT_TRUE(seen.sees("p1meter-test/status", "online"));
  EXPECT_TRUE(meter_topic(seen).empty());
}

/// Of everything that has been announced, in alphabetic order, a line each.
std::string unique_ids(MqttSubscriber& broker_says) {
  std::set<std::string> ids;
  for (const auto& message : broker_says.messages()) {
    if (!message.topic.ends_with("/config") || message.payload.empty()) continue;
    const auto config = nlohmann::json::parse(message.payload);
    for (const auto& [name, component] : config["components"].items()) {
      if (component.contains("unique_id")) ids.insert(component["unique_id"].get<std::string>());
    }
  }
  std::string lines;
  for (const std::string& id : ids) lines += id + '\n';
  return lines;
}

// Home Assistant knows an entity and its history by this id, for years.
class TheUniqueIds : public HomeAssistant, public testing::WithParamInterface<std::string> {};

TEST_P(TheUniqueIds, stay_as_they_are) {
  const std::string golden = source_text("tests/data/golden/unique_ids/" + GetParam());
  Mosquitto broker;
  MqttSubscriber seen{broker.port(), "homeassistant/#"};
  start(at(broker) + "meters: [{name: home, source: \"file:" +
        source_path("tests/data/" + GetParam() + ".telegram") + "\"}]\n");

  static_cast<void>(eventually([&] { return unique_ids(seen) == golden; }, 10s));

  EXPECT_EQ(unique_ids(seen), golden);
}

INSTANTIATE_TEST_SUITE_P(Meters, TheUniqueIds, testing::Values("dsmr5", "fluvius", "sweden"),
                         [](const auto& meter) { return meter.param; });

// A hundred meters, and the broker comes back: all are announced again, and meanwhile the read loop
// is never busy for long.
TEST_F(HomeAssistant, is_told_of_a_hundred_meters_while_telegrams_are_read) {
  constexpr int meters = 100;
  constexpr auto promised = 30s;
  Mosquitto broker;
  std::string yaml = at(broker) + "meters:\n";
  for (int i = 0; i < meters; ++i) {
    yaml += "  - {name: m" + std::to_string(i) + ", source: simulator:kaifa-no, live: true}\n";
  }
  start(yaml);
  const auto holds = [&](const std::string& filter) {
    MqttSubscriber kept{broker.port(), filter};
    return eventually([&] { return kept.messages().size() >= meters; }, 1s);
  };
  const auto announced = [&] {
    return holds("homeassistant/#") && holds("p1meter/+/status") && holds("p1meter/+/state");
  };
  ASSERT_TRUE(eventually(announced, 120s)) << daemon_->err();

  broker.restart();

  EXPECT_TRUE(eventually(announced, 2 * promised)) << daemon_->err();
  MqttSubscriber seen{broker.port(), "p1meter/statistics"};
  ASSERT_TRUE(eventually([&] { return !seen.payloads("p1meter/statistics").empty(); }, 90s));
  const auto statistics = nlohmann::json::parse(seen.payloads("p1meter/statistics").back());
  if (!slow_build) {
    EXPECT_LT(statistics["longest_turn"].get<double>(), 1.0) << "seconds in which nothing was read";
  }
}

}  // namespace
}  // namespace p1meter::test
