// SPDX-License-Identifier: Apache-2.0
// Settings: what is allowed, and does not do what its author hopes for.
#include "settings/check_consumers.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace p1meter::settings {
namespace {

Place place_of(const YamlNode& root, std::string_view section) {
  const YamlNode* const node = root.find(section);
  return node != nullptr ? node->place : root.place;
}

/// Home Assistant's entities read their values from the state.
void check_discovery(const YamlNode& root, const Settings& settings, FaultList& faults) {
  const MqttSettings& mqtt = settings.mqtt;
  if (mqtt.brokers.empty() || settings.home_assistant.discovery == Discovery::off) return;
  const bool off = !mqtt.state.enabled;
  if (!off && mqtt.templates.state_payload.form == Payload::Form::json) return;
  faults.warn(place_of(root, "mqtt"), "home_assistant.discovery",
              std::string{"nothing is announced to Home Assistant, because mqtt.topics.state, from "
                          "which its entities read, "} +
                  (off ? "is switched off" : "has a payload of its own"));
}

std::size_t slashes(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
}

std::size_t levels(const TextTemplate& topic, std::string_view base_topic) {
  std::size_t count = 1;
  for (const TemplatePiece& piece : topic.pieces) {
    if (piece.word == Word::base) count += slashes(base_topic);
    if (!piece.word) count += slashes(piece.text);
  }
  return count;
}

/// Source    AWS IoT Core, "Message broker and protocol limits": topics have at most 7 slashes, and
///           messages of QoS 2 are never acknowledged
void check_aws(const YamlNode& root, const Settings& settings, FaultList& faults) {
  constexpr std::size_t most_levels = 8;
  const MqttSettings& mqtt = settings.mqtt;
  const bool aws = std::any_of(mqtt.brokers.begin(), mqtt.brokers.end(), [](const auto& broker) {
    return broker.host.ends_with(".amazonaws.com");
  });
  if (!aws) return;
  const TopicTemplates& topics = mqtt.templates;
  const std::pair<const TopicClass&, const TextTemplate&> classes[] = {
      {mqtt.status, topics.status}, {mqtt.status, topics.meter_status},
      {mqtt.state, topics.state},   {mqtt.keys, topics.keys},
      {mqtt.raw, topics.raw},       {mqtt.statistics, topics.statistics}};
  const Place place = place_of(root, "mqtt");
  for (const auto& [kind, topic] : classes) {
    if (!kind.enabled) continue;
    if (const auto count = levels(topic, mqtt.base_topic); count > most_levels) {
      faults.warn(place, "mqtt.topics",
                  "the topic " + topic.written + " has " + std::to_string(count) +
                      " levels, and AWS IoT takes 8 at most");
    }
    if (kind.qos > 1) {
      faults.warn(
          place, "mqtt.topics",
          "QoS 2 of " + topic.written + " is never acknowledged by AWS IoT; expected 0 or 1");
    }
  }
}

}  // namespace

void warn_of_consumers(const YamlNode& root, const Settings& settings, FaultList& faults) {
  check_discovery(root, settings, faults);
  check_aws(root, settings, faults);
}

}  // namespace p1meter::settings
