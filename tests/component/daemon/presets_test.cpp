// SPDX-License-Identifier: Apache-2.0
// Every shipped preset against what its predecessor publishes: a telegram through the whole
// pipeline to a real broker. tests/data/presets/README.md tells where the expected messages come
// from.
#include "settings/presets.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "daemon/meter_runner.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/source_tree.hpp"

namespace p1meter::test {
namespace {

constexpr int telegrams = 60;  // as the expected messages want it
constexpr seconds gap{10};

struct Expected {
  std::string qos{};
  std::string retain{};
  std::string payload{};  // "*": any

  friend bool operator==(const Expected&, const Expected&) = default;
};
using Messages = std::map<std::string, Expected>;

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

/// Topic, qos, retain and payload of each line, between tabs.
Messages read_messages(const std::string& path) {
  Messages messages;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> parts;
    for (int i = 0; i < 3; ++i) {
      const auto tab = line.find('\t');
      parts.push_back(line.substr(0, tab));
      line.erase(0, tab + 1);
    }
    replace_all(parts[0], "{hostname}", "pi");
    messages[parts[0]] = {parts[1], parts[2], line};
  }
  return messages;
}

/// The telegram's first line without its '/'.
std::string identification_of(const std::string& telegram) {
  return telegram.substr(1, telegram.find_first_of("\r\n") - 1);
}

mqtt::Figures some_figures(const std::string& telegram) {
  mqtt::Figures figures;
  for (const char* name :
       {"uptime", "rss", "memory_free", "cpu_temperature", "published", "reconnects", "dropped"}) {
    figures.daemon[name] = Decimal{1, 0};
  }
  for (const char* name : {"version", "client_id", "address"}) {
    figures.daemon[name] = std::string{"x"};
  }
  figures.daemon["hostname"] = std::string{"pi"};
  figures.daemon["started"] = *parse_instant("2024-01-15T12:55:00Z");
  figures.daemon["now"] = *parse_instant("2024-06-12T08:10:00Z");
  mqtt::FigureMap meter;
  for (const char* name : {"telegrams", "crc_errors", "period"}) meter[name] = Decimal{1, 0};
  for (const char* name : {"meter_version", "equipment_id"}) meter[name] = std::string{"x"};
  meter["identification"] = identification_of(telegram);
  figures.meters.emplace_back("home", meter);
  return figures;
}

/// The broker of these tests has no certificate.
settings::MqttSettings without_tls(settings::MqttSettings mqtt) {
  mqtt.tls.reset();
  return mqtt;
}

/// What a preset publishes of one telegram.
class PresetRun {
 public:
  explicit PresetRun(const std::string& preset)
      : loaded_{settings::load_text("preset: " + preset + "\nmqtt: {host: \"127.0.0.1:" +
                                        std::to_string(broker_.port()) + "\"}\n",
                                    "test.yaml")},
        table_{settings::make_obis_table(loaded_.settings.obis)},
        sink_{without_tls(loaded_.settings.mqtt),
              {"p1meter-test", loaded_.settings.mqtt.base_topic, true},
              loaded_.settings.readings,
              {.changed = {}, .connected = [this] { connected_ = true; }}},
        pipeline_{
            table_,
            daemon::pipeline_options(loaded_.settings.meters.front(), loaded_.settings.readings,
                                     daemon::make_workbench(loaded_.settings)),
            daemon::policy_lookup(loaded_.settings.readings)} {
    pipeline_.add_sink(sink_);
  }

  void feed(const std::string& telegram) {
    sink_.start();
    ASSERT_TRUE(eventually([&] { return connected_.load(); }, 30s));
    sink_.announced();
    ASSERT_TRUE(eventually([&] { return sink_.statistics().connected; }, 30s));
    Moment now{milliseconds{0}, *parse_instant("2024-06-12T08:00:00Z")};
    for (int i = 0; i < telegrams; ++i) {
      pipeline_.run_timers_before(now);
      ASSERT_EQ(pipeline_.feed(telegram, now), 1U);
      ASSERT_TRUE(sink_.drain(20s));
      now.steady += gap;
      now.wall += gap;
    }
    sink_.publish_statistics("{}", some_figures(telegram), now.steady);
    ASSERT_TRUE(sink_.drain(20s));
    ASSERT_EQ(sink_.statistics().refused, 0U);
    ASSERT_EQ(sink_.statistics().dropped, 0U);
    const auto sent = sink_.statistics().published;
    ASSERT_TRUE(eventually([&] { return witness_.messages().size() >= sent; }, 30s))
        << witness_.messages().size() << " of " << sent;
  }

  /// The last message on each topic.
  [[nodiscard]] Messages last() {
    Messages messages;
    for (const auto& seen : witness_.messages()) {
      messages[seen.topic] = {std::to_string(seen.qos), seen.retained ? "1" : "0", seen.payload};
    }
    return messages;
  }
  [[nodiscard]] std::string first_on(const std::string& topic) {
    const auto all = witness_.payloads(topic);
    return all.empty() ? std::string{} : all.front();
  }
  [[nodiscard]] const std::string& base() const { return loaded_.settings.mqtt.base_topic; }

 private:
  Mosquitto broker_{};
  MqttSubscriber witness_{broker_.port()};
  settings::Loaded loaded_;
  ObisTable table_;
  std::atomic<bool> connected_{};
  mqtt::MqttSink sink_;
  MeterPipeline pipeline_;
};

/// Our own topics, which no predecessor has.
bool is_ours(const std::string& topic, const std::string& base, const Messages& all) {
  if (topic == base + "/status" || topic == base + "/statistics") return true;
  if (topic.starts_with(base + "/home/")) return true;
  constexpr std::string_view time = "_time";
  return topic.ends_with(time) && all.contains(topic.substr(0, topic.size() - time.size()));
}

class APreset : public testing::TestWithParam<std::string> {};

TEST_P(APreset, has_no_fault) {
  const auto loaded = settings::load_text("preset: " + GetParam() + "\n", "test.yaml");
  for (const auto& fault : loaded.faults) ADD_FAILURE() << to_string(fault);
  for (const auto& warning : loaded.warnings) ADD_FAILURE() << to_string(warning);
}

TEST_P(APreset, publishes_what_its_predecessor_does) {
  const std::string directory = source_path("tests/data/presets/" + GetParam());
  ASSERT_TRUE(std::filesystem::is_directory(directory));
  for (const auto& file : std::filesystem::directory_iterator{directory}) {
    if (file.path().extension() != ".messages") continue;
    const std::string name = file.path().stem().string();
    SCOPED_TRACE(name);
    const Messages expected = read_messages(file.path().string());
    PresetRun run{GetParam()};
    ASSERT_NO_FATAL_FAILURE(run.feed(source_text("tests/data/" + name + ".telegram")));

    Messages found = run.last();
    for (const auto& [topic, message] : expected) {
      const auto seen = found.find(topic);
      if (seen == found.end()) {
        ADD_FAILURE() << topic << " is missing";
        continue;
      }
      EXPECT_EQ(seen->second.qos, message.qos) << topic;
      EXPECT_EQ(seen->second.retain, message.retain) << topic;
      if (message.payload == "*") continue;
      EXPECT_EQ(seen->second.payload, message.payload) << topic;
    }
    for (const auto& [topic, message] : found) {
      EXPECT_TRUE(expected.contains(topic) || is_ours(topic, run.base(), expected))
          << topic << ' ' << message.payload;
    }
    std::ifstream elements{file.path().parent_path() / (name + ".elements")};
    for (std::string element; std::getline(elements, element);) {
      EXPECT_NE(run.first_on("p1_meter/json").find(element), std::string::npos)
          << element << "\nin " << run.first_on("p1_meter/json");
    }
  }
}

TEST(ThePresetOfPlanD, dates_what_it_says_of_the_dongle) {
  PresetRun run{"plan-d"};
  ASSERT_NO_FATAL_FAILURE(run.feed(source_text("tests/data/dsmr5.telegram")));
  EXPECT_EQ(run.first_on("sys/devices/pi/ip"),
            R"({"friendly_name":"IP","value":"x","entity":"pi","sensorId":"ip",)"
            R"("timestamp":1718179800})");
}

std::vector<std::string> all_presets() {
  std::vector<std::string> names;
  for (const auto name : settings::preset_names()) names.emplace_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Shipped, APreset, testing::ValuesIn(all_presets()),
                         [](const auto& preset) {
                           std::string name = preset.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace p1meter::test
