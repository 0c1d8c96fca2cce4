// SPDX-License-Identifier: Apache-2.0
// Acceptance: remote control and the log's other readers, with a real broker and real sockets.
#include <algorithm>
#include <filesystem>
#include <numeric>

#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_line.hpp"
#include "support/udp_socket.hpp"

namespace p1meter::test {
namespace {

using Json = nlohmann::json;

std::string telegram_with(int watts) {
  const std::string digits = std::to_string(1000 + watts).substr(1);
  return telegram()
      .with("1-3:0.2.8", "(50)")
      .with("0-0:1.0.0", "(241121120000W)")
      .with("1-0:1.7.0", "(00." + digits + "*kW)")
      .with("1-0:2.7.0", "(00." + digits + "*kW)")
      .text();
}

class RemoteControl : public TheDaemon {
 protected:
  /// A live meter behind a socket, beside what `more` says of mqtt.
  Process& start_with(const std::string& mqtt, const std::string& readings = "") {
    Process& daemon = start(
        "meters:\n  - {name: home, source: 'tcp://127.0.0.1:" + std::to_string(line_.port()) +
        "', zone: Europe/Brussels}\nreadings: {default: {interval: 0s}, 'power_*': {interval: 0s}" +
        readings + "}\n" + at(broker_) + mqtt);
    EXPECT_TRUE(line_.is_called()) << daemon.err();
    EXPECT_TRUE(subscriber_.sees("p1meter/status", "online")) << daemon.err();
    return daemon;
  }
  Process& start_allowed(const std::string& more = "") {
    return start_with("  topics: {set: {enabled: true}}\n" + more);
  }

  void publish(const std::string& topic, const std::string& payload, bool retained = false) const {
    std::vector<std::string> command{
        "mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-q", "1", "-t",
        topic,           "-m", payload};
    if (retained) command.emplace_back("-r");
    Process publisher{{.command = command}};
    ASSERT_EQ(publisher.wait(5s), 0) << publisher.err();
  }

  std::vector<std::string> answers() { return subscriber_.payloads("p1meter/response"); }
  /// What comes in answer to a command.
  Json ask(const std::string& command, const std::string& payload) {
    const std::size_t before = answers().size();
    publish("p1meter/set/" + command, payload);
    if (!eventually([&] { return answers().size() > before; }, 10s)) return {};
    return Json::parse(answers().at(before));
  }
  static Json done(const std::string& command, const Json& id) {
    return {{"id", id}, {"command", command}, {"ok", true}};
  }
  void expect_refused(const std::string& command, const std::string& payload,
                      const std::string& error, const Json& id) {
    const Json answer = ask(command, payload);
    ASSERT_TRUE(answer.is_object()) << command << ' ' << payload << daemon_->err();
    EXPECT_EQ(answer["ok"], false) << answer;
    EXPECT_EQ(answer["error"], error) << answer;
    EXPECT_EQ(answer["id"], id) << answer;
    EXPECT_EQ(answer["command"], command) << answer;
    EXPECT_TRUE(answer["reason"].is_string()) << answer;
  }

  std::size_t count(const std::string& topic) { return subscriber_.payloads(topic).size(); }
  /// The newest statistics that are newer than this call.
  Json statistics() {
    const std::size_t before = count("p1meter/statistics");
    EXPECT_EQ(ask("publish", R"({"id":"statistics"})")["ok"], true) << daemon_->err();
    EXPECT_TRUE(eventually([&] { return count("p1meter/statistics") > before; }, 10s));
    return Json::parse(subscriber_.payloads("p1meter/statistics").back());
  }
  bool power_is(int watts) {
    return subscriber_.sees("p1meter/home/power_import", std::to_string(watts));
  }

  Mosquitto broker_{};
  MqttSubscriber subscriber_{broker_.port()};
  TcpLine line_{};
};

TEST_F(RemoteControl, is_off_unless_configured) {
  Process& daemon = start_with("");
  publish("p1meter/set/publish", R"({"id":1})");
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();

  EXPECT_EQ(answers(), std::vector<std::string>{});
  EXPECT_EQ(broker_.log().find("p1meter/set"), broker_.log().find("p1meter/set/publish"))
      << "not even subscribed to";
  EXPECT_EQ(daemon.err().find("command"), std::string::npos) << daemon.err();
}

TEST_F(RemoteControl, publishes_everything_current) {
  Process& daemon = start_allowed();
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();
  const auto state = count("p1meter/home/state");
  const auto key = count("p1meter/home/power_import");
  const auto statistics = count("p1meter/statistics");

  EXPECT_EQ(ask("publish", R"({"id":"all"})"), done("publish", "all"));
  EXPECT_TRUE(eventually([&] { return count("p1meter/statistics") == statistics + 1; }, 5s));
  EXPECT_EQ(count("p1meter/home/state"), state + 1);
  EXPECT_EQ(count("p1meter/home/power_import"), key + 1);

  EXPECT_EQ(ask("publish", R"({"id":7,"meter":"home"})"), done("publish", 7));
  EXPECT_TRUE(eventually([&] { return count("p1meter/home/power_import") == key + 2; }, 5s));
  EXPECT_EQ(count("p1meter/statistics"), statistics + 1);
  for (const SeenMessage& message : subscriber_.messages()) {
    if (message.topic != "p1meter/response") continue;
    EXPECT_EQ(message.qos, 1);
    EXPECT_FALSE(message.retained);
  }
}

TEST_F(RemoteControl, changes_an_interval_until_the_program_restarts) {
  Process& daemon = start_allowed();
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();

  // The configuration's rules are more specific, and do not count.
  EXPECT_EQ(ask("interval", R"({"id":"i","key":"*","interval":"1h"})"), done("interval", "i"));
  EXPECT_EQ(ask("interval", R"({"id":"e","meter":"home","key":"1-0:2.7.0","interval":"0s"})"),
            done("interval", "e"));
  const auto silent_for_import = [&](int watts) {
    ASSERT_TRUE(line_.send(telegram_with(watts)));
    ASSERT_TRUE(subscriber_.sees("p1meter/home/power_export", std::to_string(watts)))
        << daemon.err();
    EXPECT_EQ(subscriber_.payloads("p1meter/home/power_import").back(), "101");
  };
  ASSERT_NO_FATAL_FAILURE(silent_for_import(102));

  EXPECT_EQ(ask("reload", R"({"id":"r"})"), done("reload", "r"));
  ASSERT_TRUE(daemon.shows("configuration reloaded", 5s)) << daemon.err();
  ASSERT_NO_FATAL_FAILURE(silent_for_import(103));

  EXPECT_EQ(ask("restart", R"({"id":"x"})"), done("restart", "x"));
  ASSERT_TRUE(line_.is_called()) << daemon.err();
  for (int watts = 104; watts < 106; ++watts) {
    ASSERT_TRUE(line_.send(telegram_with(watts)));
    EXPECT_TRUE(power_is(watts)) << daemon.err();
  }
}

TEST_F(RemoteControl, reloads_the_configuration_or_tells_its_faults) {
  Process& daemon = start_allowed();
  std::ifstream file{configuration()};
  const std::string good{std::istreambuf_iterator<char>{file}, {}};
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();

  configure(good + "nonsense: 1\nmeter: 2\n");
  const Json refused = ask("reload", R"({"id":"bad"})");
  EXPECT_EQ(refused["error"], "bad_configuration") << refused;
  ASSERT_EQ(refused["faults"].size(), 2U) << refused;
  EXPECT_NE(refused["faults"][0].get<std::string>().find("p1meter.yaml:"), std::string::npos);
  EXPECT_NE(refused["faults"][0].get<std::string>().find("unknown key"), std::string::npos);
  EXPECT_EQ(ask("restart", R"({"id":"no"})")["error"], "bad_configuration")
      << "it would not come back";

  // The answer comes although the connection is replaced.
  configure(good + "  client_id: another\n");
  EXPECT_EQ(ask("reload", R"({"id":"good"})"), done("reload", "good"));
  ASSERT_TRUE(broker_.logs("another")) << daemon.err();
  EXPECT_EQ(ask("publish", R"({"id":"there"})"), done("publish", "there")) << daemon.err();
}

TEST_F(RemoteControl, restarts_within_the_same_process) {
  Process& daemon = start_allowed();
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();
  const Json before = statistics();
  for (int round = 0; round < 2; ++round) {
    const auto greetings = std::string_view{"p1meter is up"};
    EXPECT_EQ(ask("restart", R"({"id":"again"})"), done("restart", "again"));
    ASSERT_TRUE(line_.is_called()) << daemon.err();
    ASSERT_TRUE(line_.send(telegram_with(102 + round)));
    ASSERT_TRUE(power_is(102 + round)) << daemon.err();
    EXPECT_NE(daemon.err().rfind(greetings), daemon.err().find(greetings)) << daemon.err();
  }
  EXPECT_EQ(daemon.wait(0s), std::nullopt) << "the process is another";
  const Json after = statistics();
  EXPECT_NE(after["started"], before["started"]);
  EXPECT_EQ(after["client_id"], before["client_id"]);
  EXPECT_EQ(after["meters"]["home"]["telegrams"], 1);
  EXPECT_EQ(daemon.err().find("cannot use the state directory"), std::string::npos);

  // Nothing is left open, and signals arrive as before.
  const auto descriptors = [&] {
    const std::filesystem::directory_iterator all{"/proc/" + std::to_string(daemon.pid()) + "/fd"};
    return std::distance(begin(all), end(all));
  };
  EXPECT_LT(descriptors(), 20);
  daemon.send(SIGHUP);
  EXPECT_TRUE(daemon.shows("configuration reloaded", 5s)) << daemon.err();
  daemon.send(SIGTERM);
  EXPECT_EQ(daemon.wait(4s), 0) << daemon.err();
  EXPECT_TRUE(subscriber_.sees("p1meter/status", "offline"));
}

TEST_F(RemoteControl, ends_when_a_signal_comes_while_it_restarts) {
  Process& daemon = start_allowed();
  broker_.pause();  // so that the goodbye takes its time
  ASSERT_TRUE(line_.send(telegram_with(101)));
  broker_.resume();
  ASSERT_TRUE(power_is(101)) << daemon.err();
  publish("p1meter/set/restart", R"({"id":1})");
  ASSERT_TRUE(daemon.shows("stopping, to start anew", 5s)) << daemon.err();
  daemon.send(SIGTERM);
  EXPECT_TRUE(daemon.wait(5s).has_value()) << daemon.err();
}

TEST_F(RemoteControl, names_what_is_wrong_with_a_command) {
  Process& daemon = start_allowed("  commands: [publish, interval]\n");
  expect_refused("publish", "now", "not_json", nullptr);
  expect_refused("publish", "[1]", "not_json", nullptr);
  expect_refused("publish", "{\"id\":\"\xFF\"}", "not_json", nullptr);
  expect_refused("publish", R"({"id":1,"metre":"home"})", "bad_member", 1);
  expect_refused("publish", R"({"id":1,"meter":5})", "bad_member", 1);
  expect_refused("publish", R"({"id":{}})", "bad_member", nullptr);
  expect_refused("publish", R"({"id":"m","meter":"shed"})", "unknown_meter", "m");
  expect_refused("publish", R"({"id":")" + std::string(5000, 'x') + R"("})", "too_long", nullptr);

  EXPECT_EQ(statistics()["mqtt"]["commands_refused"], 8);
  EXPECT_NE(daemon.err().find("error=unknown_meter"), std::string::npos) << daemon.err();
  // The second line of a kind within a minute is left out.
  const auto first = daemon.err().find("error=not_json");
  EXPECT_EQ(daemon.err().find("error=not_json", first + 1), std::string::npos) << daemon.err();
}

TEST_F(RemoteControl, refuses_what_it_does_not_know_and_what_is_not_allowed) {
  start_allowed("  commands: [publish, interval]\n");
  expect_refused("interval", R"({"id":"k","key":"power_imprt","interval":"5s"})", "unknown_key",
                 "k");
  expect_refused("interval", R"({"id":"g","key":"wind_*","interval":"5s"})", "unknown_key", "g");
  expect_refused("interval", R"({"id":"v","key":"power_import","interval":"soon"})", "bad_interval",
                 "v");
  expect_refused("interval", R"({"id":"v","key":"power_import"})", "bad_member", "v");
  expect_refused("reload", R"({"id":"r"})", "not_allowed", "r");
  expect_refused("restart", R"({"id":"r"})", "not_allowed", "r");
  expect_refused("dance", R"({"id":"d"})", "unknown_command", "d");

  EXPECT_EQ(statistics()["mqtt"]["commands_refused"], 7);
}

TEST_F(RemoteControl, ignores_what_the_broker_has_retained) {
  publish("p1meter/set/restart", R"({"id":"old"})", true);
  Process& daemon = start_allowed();
  ASSERT_TRUE(daemon.shows("a command that the broker has retained is not carried out", 10s));
  const Json now = statistics();
  EXPECT_EQ(now["mqtt"]["commands_refused"], 1);
  EXPECT_EQ(answers().size(), 1U) << "only that of our own question";
  EXPECT_EQ(daemon.err().find("stopping"), std::string::npos) << daemon.err();
}

TEST_F(RemoteControl, carries_out_once_what_is_published_retained_while_it_listens) {
  Process& daemon = start_allowed();
  publish("p1meter/set/publish", R"({"id":"kept"})", true);
  ASSERT_TRUE(eventually([&] { return answers().size() == 1; }, 10s)) << daemon.err();
  EXPECT_EQ(Json::parse(answers().front()), done("publish", "kept"));

  EXPECT_EQ(ask("restart", R"({"id":"anew"})"), done("restart", "anew"));
  ASSERT_TRUE(daemon.shows("a command that the broker has retained is not carried out", 20s));
  EXPECT_EQ(answers().size(), 2U) << "only that of the restart is new";
}

TEST_F(RemoteControl, lets_a_flood_pass_while_telegrams_are_counted) {
  Process& daemon = start_allowed();
  ASSERT_TRUE(line_.send(telegram_with(100)));
  ASSERT_TRUE(power_is(100)) << daemon.err();
  std::string flood;
  constexpr int commands = 1000;
  for (int i = 0; i < commands; ++i) flood += "{\"id\":" + std::to_string(i) + "}\n";

  Process publisher{
      {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-q",
                   "1", "-t", "p1meter/set/publish", "-l"},
       .input = flood}};
  // Each telegram is out before the next comes: none may wait for the flood.
  Clock::duration longest{};
  int watts = 101;
  for (; publisher.wait(0s) == std::nullopt || watts < 150; ++watts) {
    ASSERT_LT(watts, 999);
    const auto sent = Clock::now();
    ASSERT_TRUE(line_.send(telegram_with(watts)));
    ASSERT_TRUE(power_is(watts)) << daemon.err();
    longest = std::max(longest, Clock::now() - sent);
  }
  EXPECT_LT(longest, 2s);

  const auto is_answered = [&] {
    publish("p1meter/set/publish", R"({"id":"after"})");
    return eventually([&] { return answers().back().find("after") != std::string::npos; }, 200ms);
  };
  ASSERT_TRUE(eventually(is_answered, 30s)) << daemon.err();
  EXPECT_LT(answers().size(), 300U) << "ten a second";
  // Statistics follow the answer, after all that is announced.
  Json now;
  const auto tells_of_everything = [&] {
    now = Json::parse(subscriber_.payloads("p1meter/statistics").back());
    const std::size_t accounted_for = now["mqtt"]["commands_refused"].get<std::size_t>() +
                                      now["mqtt"]["unread"].get<std::size_t>() + answers().size();
    return now["meters"]["home"]["telegrams"] == watts - 100 && accounted_for >= commands;
  };
  EXPECT_TRUE(eventually(tells_of_everything, 10s)) << watts - 100 << " telegrams: " << now;
  EXPECT_LT(now["longest_turn"].get<double>(), 1.0) << "seconds in which nothing else was done";
  EXPECT_GT(now["mqtt"]["commands_refused"], 500) << now;
}

TEST_F(RemoteControl, harms_nothing_where_the_broker_keeps_commands_back) {
  const std::string acl = directory_.file(
      "acl",
      "topic readwrite p1meter/#\ntopic deny p1meter/set/+\ntopic readwrite subscriber/#\n"
      "topic readwrite homeassistant/#\n");
  Mosquitto guarded{{.lines = "acl_file " + acl}};
  MqttSubscriber witness{guarded.port()};
  Process& daemon = start(simulated("dsmr5") + at(guarded) + "  topics: {set: {enabled: true}}\n");
  EXPECT_TRUE(witness.sees("p1meter/status", "online")) << daemon.err();
  EXPECT_TRUE(witness.sees("p1meter/home/status", "online")) << daemon.err();
  EXPECT_EQ(daemon.err().find("broker lost"), std::string::npos) << daemon.err();
}

TEST_F(RemoteControl, of_simulated_meters_has_topics_of_its_own) {
  Process& daemon =
      start(simulated("dsmr5", false) + at(broker_) + "  topics: {set: {enabled: true}}\n");
  ASSERT_TRUE(subscriber_.sees("p1meter-test/home/status", "online")) << daemon.err();
  publish("p1meter-test/set/publish", R"({"id":1,"meter":"home"})");
  EXPECT_TRUE(
      subscriber_.sees("p1meter-test/response", R"({"id":1,"command":"publish","ok":true})"))
      << daemon.err();
  expect_refused("publish", R"({"id":2,"meter":"home"})", "unknown_meter", 2);
}

class TheLog : public RemoteControl {};

TEST_F(TheLog, is_a_topic_of_json_objects_when_asked_for) {
  Process& daemon = start_with("  topics: {log: {enabled: true}}\n");
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(4s), 0);

  std::vector<std::string> texts;
  for (const auto& payload : subscriber_.payloads("p1meter/log")) {
    const Json line = Json::parse(payload);
    texts.push_back(line["text"]);
    EXPECT_TRUE(line["time"].get<std::string>().ends_with("Z")) << line;
    EXPECT_TRUE(line["level"] == "info" || line["level"] == "warning") << line;
    if (line["text"] == "telegrams arrive") {
      EXPECT_EQ(line["meter"], "home");
    }
  }
  // What was said before there was a connection too, and no line about any of these lines.
  for (const char* text : {"p1meter is up", "connected to the MQTT broker", "telegrams arrive"})
    EXPECT_EQ(std::count(texts.begin(), texts.end(), text), 1) << text;
  EXPECT_LT(texts.size(), 12U);
  for (const SeenMessage& message : subscriber_.messages()) {
    if (message.topic != "p1meter/log") continue;
    EXPECT_EQ(message.qos, 0);
    EXPECT_FALSE(message.retained);
  }
}

TEST_F(TheLog, on_its_topic_begins_at_its_level) {
  Process& daemon = start_with("  topics: {log: {enabled: true}}\nlog: {topic_level: warning}\n");
  line_.hang_up();
  ASSERT_TRUE(line_.is_called());
  ASSERT_TRUE(daemon.shows("source lost", 5s)) << daemon.err();
  ASSERT_TRUE(eventually([&] { return count("p1meter/log") > 0; }, 5s)) << daemon.err();
  for (const auto& payload : subscriber_.payloads("p1meter/log"))
    EXPECT_EQ(Json::parse(payload)["level"], "warning") << payload;
}

TEST_F(TheLog, goes_as_datagrams_to_who_wants_it) {
  UdpSocket listener;
  Process& daemon =
      start_with("log: {level: error, udp: 'localhost:" + std::to_string(listener.port()) + "'}\n");
  ASSERT_TRUE(line_.send(telegram_with(101)));
  ASSERT_TRUE(power_is(101)) << daemon.err();
  EXPECT_TRUE(listener.hears("info: p1meter is up version=")) << listener.text();
  EXPECT_TRUE(listener.hears("info: telegrams arrive meter=home\n")) << listener.text();
  EXPECT_EQ(daemon.err(), "");
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(4s), 0);
  EXPECT_TRUE(listener.hears("info: p1meter has stopped\n")) << listener.text();
}

TEST_F(TheLog, survives_a_listener_that_is_not_there) {
  for (const char* nobody : {"127.0.0.1:9", "no-such-host.invalid:8888", "192.0.2.1:8888"}) {
    Process& daemon = start_with(std::string{"log: {udp: '"} + nobody + "'}\n");
    ASSERT_TRUE(line_.send(telegram_with(101)));
    EXPECT_TRUE(power_is(101)) << nobody << daemon.err();
    daemon.send(SIGTERM);
    ASSERT_EQ(daemon.wait(4s), 0) << nobody;
  }
}

}  // namespace
}  // namespace p1meter::test
