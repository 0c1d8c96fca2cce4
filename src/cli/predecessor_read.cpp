// SPDX-License-Identifier: Apache-2.0
// CLI: the predecessors' configuration, read with all its faults.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "cli/predecessor.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::cli {
namespace {

using settings::FaultList;
using settings::join_path;
using settings::YamlNode;

constexpr std::array<std::string_view, 8> known_keys{
    "debug",           "mqtt_username", "mqtt_password",   "mqtt_host",
    "mqtt_topic_base", "serial_device", "serial_baudrate", "obis"};
constexpr std::array<std::string_view, 6> reading_keys{"description", "publish", "mqtt_topic",
                                                       "average",     "count",   "value_field"};
constexpr std::int64_t most_readings = 1'000'000;  // of one window, as `every` allows

/// One map of the file, whose members are asked for by name.
class Section {
 public:
  Section(const YamlNode& map, std::string path, FaultList& faults)
      : map_{map}, path_{std::move(path)}, faults_{faults} {}

  void refuse_others(std::span<const std::string_view> known) {
    for (const YamlNode& key : map_.keys) {
      if (std::ranges::find(known, key.text) != known.end()) continue;
      fault(key, key.text, "unknown key" + settings::suggest(key.text, known));
    }
  }
  [[nodiscard]] std::string text(std::string_view name) {
    const YamlNode* value = scalar(name);
    return value == nullptr ? std::string{} : value->text;
  }
  [[nodiscard]] std::string required_text(std::string_view name) {
    const YamlNode* value = map_.find(name);
    if (value == nullptr || is_empty(*value)) {
      fault(value == nullptr ? map_ : *value, name, "is missing");
      return {};
    }
    return text(name);
  }
  /// As required_text(), but one that is there and empty is only warned of.
  [[nodiscard]] std::string text_to_fill_in(std::string_view name) {
    const YamlNode* value = map_.find(name);
    if (value == nullptr || !is_empty(*value)) return required_text(name);
    faults_.warn(value->place, join_path(path_, name),
                 "is empty: fill it in in the new configuration");
    return {};
  }
  /// As YAML 1.1 spells it: true, Yes, off ...
  [[nodiscard]] bool flag(std::string_view name) {
    const YamlNode* value = scalar(name);
    if (value == nullptr) return false;
    std::string word = value->text;
    std::ranges::transform(word, word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (word == "true" || word == "yes" || word == "on") return true;
    if (word != "false" && word != "no" && word != "off") {
      fault(*value, name, "found '" + value->text + "', expected true or false");
    }
    return false;
  }
  [[nodiscard]] std::optional<std::uint32_t> number(std::string_view name, std::int64_t most) {
    const YamlNode* value = scalar(name);
    if (value == nullptr) return std::nullopt;
    const auto whole = settings::parse_whole(value->text);
    if (whole && *whole >= 1 && *whole <= most) return static_cast<std::uint32_t>(*whole);
    fault(*value, name,
          "found '" + value->text + "', expected a whole number from 1 to " + std::to_string(most));
    return std::nullopt;
  }
  [[nodiscard]] settings::Place place_of(std::string_view name) const {
    const YamlNode* value = map_.find(name);
    return value == nullptr ? map_.place : value->place;
  }

 private:
  [[nodiscard]] static bool is_empty(const YamlNode& value) {
    return value.kind == YamlNode::Kind::null ||
           (value.kind == YamlNode::Kind::scalar && value.text.empty());
  }
  [[nodiscard]] const YamlNode* scalar(std::string_view name) {
    const YamlNode* value = map_.find(name);
    if (value == nullptr || value->kind == YamlNode::Kind::null) return nullptr;
    if (value->kind == YamlNode::Kind::scalar && settings::is_printable(value->text)) return value;
    fault(*value, name, "expected one value on one line");
    return nullptr;
  }
  void fault(const YamlNode& at, std::string_view name, std::string message) {
    faults_.add(at.place, join_path(path_, name), std::move(message));
  }

  const YamlNode& map_;
  std::string path_;
  FaultList& faults_;
};

PredecessorReading read_reading(const YamlNode& name, const YamlNode& map, FaultList& faults) {
  const std::string path = join_path("obis", name.text);
  PredecessorReading reading{.code_text = name.text, .place = name.place};
  const auto code = parse_obis(name.text);
  if (!code) {
    faults.add(name.place, path,
               "found '" + name.text + "', expected an OBIS code such as 1-0:1.8.1");
  }
  reading.code = code.value_or(Obis{});
  if (map.kind != YamlNode::Kind::map) {
    faults.add(map.place, path, "expected publish, mqtt_topic, average or count");
    return reading;
  }
  Section section{map, path, faults};
  section.refuse_others(reading_keys);
  reading.description = section.text("description");
  reading.publish = section.flag("publish");
  reading.topic =
      reading.publish ? section.required_text("mqtt_topic") : section.text("mqtt_topic");
  reading.average = section.number("average", most_readings);
  reading.count = section.number("count", most_readings);
  constexpr std::int64_t most_groups = 100;
  reading.value_field = section.number("value_field", most_groups).value_or(1);
  return reading;
}

}  // namespace

PredecessorConfig read_predecessor(std::string_view yaml, FaultList& faults) {
  PredecessorConfig config;
  const YamlNode root = settings::parse_yaml(yaml, faults);
  if (!faults.empty()) return config;
  const YamlNode* obis = root.find("obis");
  if (obis == nullptr || obis->kind != YamlNode::Kind::map) {
    faults.add(root.place, "obis",
               "is missing: this is no configuration of Mosibi/p1-smartmeter or "
               "tribp/DSMR-Fluvius-MQTT-Openhab");
    return config;
  }
  Section section{root, "", faults};
  section.refuse_others(known_keys);
  config.debug = section.flag("debug");
  config.username = section.text("mqtt_username");
  config.password = section.text("mqtt_password");
  config.password_place = section.place_of("mqtt_password");
  config.host = section.text_to_fill_in("mqtt_host");
  config.base_topic = section.required_text("mqtt_topic_base");
  config.device = section.required_text("serial_device");
  constexpr std::int64_t fastest = 921'600;
  config.baud = section.number("serial_baudrate", fastest).value_or(config.baud);
  for (std::size_t i = 0; i < obis->items.size(); ++i) {
    config.readings.push_back(read_reading(obis->keys[i], obis->items[i], faults));
  }
  return config;
}

}  // namespace p1meter::cli
