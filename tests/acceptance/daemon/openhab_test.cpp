// SPDX-License-Identifier: Apache-2.0
// Acceptance: p1meter openhab: reviewed files, each topic of which the daemon publishes.
#include <array>
#include <cstdlib>
#include <set>

#include "daemon_fixture.hpp"
#include "support/source_tree.hpp"

namespace p1meter::test {
namespace {

constexpr std::array file_names{"p1meter.things", "p1meter.items", "p1meter.sitemap",
                                "p1meter.yaml"};

std::string content(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// All topics that a .things file names.
std::set<std::string> topics_of(const std::string& things) {
  std::set<std::string> topics;
  for (const std::string start : {"stateTopic=\"", "availabilityTopic=\""}) {
    for (auto at = things.find(start); at != std::string::npos; at = things.find(start, at)) {
      at += start.size();
      topics.insert(things.substr(at, things.find('"', at) - at));
    }
  }
  return topics;
}

class OpenhabFiles : public TheDaemon {
 protected:
  Process& openhab(std::vector<std::string> more = {}) {
    std::vector<std::string> command{P1METER_PROGRAM, "--config", configuration(),
                                     "openhab",       "--out",    out_path().string()};
    command.insert(command.end(), more.begin(), more.end());
    process_ = std::make_unique<Process>(
        Process::Setup{.command = std::move(command), .environment = environment()});
    return *process_;
  }
  int write_files(std::vector<std::string> more = {}) {
    return openhab(std::move(more)).wait(30s).value_or(-1);
  }
  [[nodiscard]] std::filesystem::path out_path() const { return directory_.path() / "openhab"; }
  [[nodiscard]] std::string file(const char* name) const { return content(out_path() / name); }
  [[nodiscard]] std::string error() { return process_->err(); }

  std::unique_ptr<Process> process_{};
};

std::string configuration_for(const std::string& telegram, int port, const std::string& more = {}) {
  return "mqtt: {host: 127.0.0.1, port: " + std::to_string(port) +
         "}\nmeters: [{name: home, source: \"file:" + source_path("tests/data/" + telegram) +
         "\"}]\n" + more;
}

class OpenhabGolden : public OpenhabFiles, public testing::WithParamInterface<std::string> {};

TEST_P(OpenhabGolden, is_what_was_reviewed) {
  configure(configuration_for(GetParam() + ".telegram", 1883));
  ASSERT_EQ(write_files(), 0) << error();
  for (const char* name : file_names) {
    const std::string golden = "tests/data/golden/openhab/" + GetParam() + "/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(std::filesystem::path{source_path(golden)}.parent_path());
      std::ofstream{source_path(golden), std::ios::binary} << file(name);
    }
    EXPECT_EQ(file(name), source_text(golden)) << golden;
  }
}

TEST_P(OpenhabGolden, names_no_topic_that_is_not_published) {
  const Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  start(configuration_for(GetParam() + ".telegram", broker.port()));
  ASSERT_EQ(write_files(), 0) << error();
  const auto topics = topics_of(file("p1meter.things"));
  EXPECT_GT(topics.size(), 15U);
  for (const auto& topic : topics) {
    EXPECT_TRUE(subscriber.sees_start(topic + " ", 5s)) << topic;
  }
}

INSTANTIATE_TEST_SUITE_P(Meters, OpenhabGolden, testing::Values("dsmr5", "fluvius", "sweden"),
                         [](const auto& meter) { return meter.param; });

TEST_F(OpenhabFiles, follow_the_rules_for_readings) {
  configure(
      configuration_for("dsmr5.telegram", 1883,
                        "readings:\n"
                        "  power_import: {topic: house/power, unit: kW, name: \"Grid [in]\"}\n"
                        "  energy_import_total: {topic: total}\n"
                        "  power_export: {publish: false}\n"));
  ASSERT_EQ(write_files(), 0) << error();
  const std::string things = file("p1meter.things");
  EXPECT_NE(things.find("[ stateTopic=\"house/power\", unit=\"kW\" ]"), std::string::npos);
  EXPECT_NE(things.find("stateTopic=\"p1meter/home/total\""), std::string::npos);
  EXPECT_EQ(things.find("power_export \""), std::string::npos);
  EXPECT_NE(file("p1meter.items").find("\"Grid (in) [%.3f %unit%]\""), std::string::npos);
}

TEST_F(OpenhabFiles, leave_out_what_comes_in_a_unit_that_is_not_known) {
  configure(
      "mqtt: {host: 127.0.0.1, topics: {keys: {payload: raw}}}\n"
      "meters: [{name: home, source: \"file:" +
      source_path("tests/data/dsmr5.telegram") + "\"}]\n");
  ASSERT_EQ(write_files(), 0) << error();
  const std::string things = file("p1meter.things");
  EXPECT_EQ(things.find("unit="), std::string::npos) << things;
  EXPECT_NE(things.find("p1meter/home/equipment_id"), std::string::npos);
  EXPECT_NE(error().find("the payload raw is in the meter's own unit"), std::string::npos)
      << error();
}

TEST_F(OpenhabFiles, hold_what_the_daemon_remembers_of_a_meter_that_is_silent_now) {
  const Mosquitto broker;
  const std::string yaml =
      configuration_for("dsmr5.telegram", broker.port(),
                        "readings: {power_import: {unit: kW, topic: p1meter/other}}\n");
  Process& daemon = start(yaml);
  Subscriber subscriber{broker.port(), "p1meter/#"};
  ASSERT_TRUE(subscriber.sees_start("p1meter/other "));
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(10s), 0);
  configure("mqtt: {host: 127.0.0.1}\nmeters: [{name: home, source: tcp://127.0.0.1:1}]\n");
  ASSERT_EQ(write_files(), 0) << error();
  EXPECT_EQ(file("p1meter.items"), source_text("tests/data/golden/openhab/dsmr5/p1meter.items"));
  EXPECT_NE(file("p1meter.things").find("stateTopic=\"p1meter/home/power_import\""),
            std::string::npos)
      << "the former rule is forgotten";
}

TEST_F(OpenhabFiles, are_not_written_over_those_of_others) {
  configure(configuration_for("dsmr5.telegram", 1883));
  ASSERT_EQ(write_files(), 0) << error();
  ASSERT_EQ(write_files(), 0) << "its own: " << error();
  std::ofstream{out_path() / "p1meter.items"} << "Group mine\n";
  EXPECT_EQ(write_files(), 73);
  EXPECT_NE(error().find("p1meter.items was not written by this command"), std::string::npos);
  EXPECT_EQ(file("p1meter.items"), "Group mine\n");
  EXPECT_EQ(write_files({"--force"}), 0);
}

TEST_F(OpenhabFiles, need_a_telegram_a_broker_and_plain_values) {
  directory_.file("empty", "");
  configure("mqtt: {host: 127.0.0.1}\nmeters: [{name: home, source: \"file:" +
            (directory_.path() / "empty").string() + "\"}]\n");
  EXPECT_EQ(write_files(), 69);
  EXPECT_NE(error().find("meter home: nothing is remembered of it"), std::string::npos) << error();
  configure("{}\n");
  EXPECT_EQ(write_files(), 78);
  EXPECT_NE(error().find("mqtt.host is not set"), std::string::npos) << error();
  configure("mqtt: {host: 127.0.0.1, topics: {keys: {enabled: false}}}\n");
  EXPECT_EQ(write_files(), 78);
  EXPECT_NE(error().find("mqtt.topics.keys is switched off"), std::string::npos) << error();
}

TEST_F(OpenhabFiles, say_of_each_meter_that_it_has_shown_no_energies_yet) {
  configure(
      "mqtt: {host: 127.0.0.1}\n"
      "meters: [{name: house, source: 'simulator:aidon-no'},\n"
      "         {name: barn, source: 'simulator:kaifa-no'},\n"
      "         {name: garage, source: \"file:" +
      source_path("tests/data/dsmr5.telegram") + "\"}]\n");
  ASSERT_EQ(write_files(), 0) << error();
  const std::string sentence = ": it has shown no energies or volumes yet";
  EXPECT_NE(error().find("meter house" + sentence), std::string::npos) << error();
  EXPECT_NE(error().find("meter barn" + sentence), std::string::npos) << error();
  EXPECT_NE(error().find("run this command again when the service has run for an hour"),
            std::string::npos);
  EXPECT_EQ(error().find("meter garage"), std::string::npos) << error();
}

TEST_F(OpenhabFiles, say_nothing_of_energies_that_are_not_wanted) {
  configure(configuration_for("dsmr5.telegram", 1883,
                              "readings: {\"{energy,gas}_*\": {publish: false}}\n"));
  ASSERT_EQ(write_files(), 0) << error();
  EXPECT_EQ(error(), "");
}

TEST_F(OpenhabFiles, leave_out_what_openhab_cannot_read_and_say_so) {
  configure(configuration_for("dsmr5.telegram", 1883,
                              "readings: {power_import: {payload: json}, "
                              "power_export: {payload: \"{value} {unit}\"}}\n"));
  ASSERT_EQ(write_files(), 0) << error();
  EXPECT_NE(error().find("meter home: 2 readings are left out: openHAB reads plain values only"),
            std::string::npos)
      << error();
  EXPECT_EQ(file("p1meter.things").find("power_import\""), std::string::npos);
  configure(configuration_for("dsmr5.telegram", 1883, "readings: {\"*\": {payload: json}}\n"));
  EXPECT_EQ(write_files(), 78);
  EXPECT_NE(error().find("meter home: no reading is left for openHAB"), std::string::npos)
      << error();
}

TEST_F(OpenhabFiles, have_the_equipment_id_of_the_telegram_in_their_topics_or_say_it_is_missing) {
  const auto with_id = [&](const std::string& path) {
    return "mqtt: {host: 127.0.0.1, topics: {keys: {topic: \"p1/{equipment_id}/{topic}\"}}}\n"
           "meters: [{name: home, source: \"file:" +
           path + "\"}]\n";
  };
  configure(with_id(source_path("tests/data/dsmr5.telegram")));
  ASSERT_EQ(write_files(), 0) << error();
  EXPECT_NE(file("p1meter.things").find("stateTopic=\"p1/"), std::string::npos);
  EXPECT_EQ(file("p1meter.things").find("{equipment_id}"), std::string::npos);
  configure(with_id(directory_.file("nameless",
                                    "/ISk5MT174-0001\r\n\r\n1-0:1.8.1(00001.2*kWh)\r\n"
                                    "1-0:1.7.0(00.5*kW)\r\n!\r\n")));
  EXPECT_EQ(write_files(), 78);
  EXPECT_NE(error().find("the topic holds {equipment_id}, and the meter's is not known"),
            std::string::npos)
      << error();
  EXPECT_EQ(error().find("payload"), std::string::npos) << error();
}

}  // namespace
}  // namespace p1meter::test
