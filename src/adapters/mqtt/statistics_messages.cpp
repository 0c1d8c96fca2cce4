// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the messages of the settings that speak of p1meter itself.
#include "adapters/mqtt/statistics_messages.hpp"

#include <memory>

#include "adapters/mqtt/placeholders.hpp"
#include "adapters/mqtt/rendering.hpp"

namespace p1meter::mqtt {

void StatisticsMessages::collect(const std::string& json, const Figures& figures, milliseconds now,
                                 std::vector<Message>& batch) {
  for (std::size_t i = 0; i < settings_.messages.size(); ++i) {
    if (!is_due(i, now)) continue;
    if (settings_.messages[i].topic.uses(settings::Word::meter)) {
      for (const auto& [meter, values] : figures.meters) add(i, meter, json, figures, batch);
    } else {
      add(i, {}, json, figures, batch);
    }
  }
}

bool StatisticsMessages::is_due(std::size_t index, milliseconds now) {
  // asked every minute, and at each connect: the minute that is nearest
  constexpr milliseconds grace{30'000};
  const settings::MqttMessage& message = settings_.messages[index];
  if (message.on != settings::MqttMessage::On::statistics) return false;
  const auto [last, first] = collected_at_.emplace(index, now);
  if (!first && now + grace < last->second + message.interval) return false;
  last->second = now;
  return true;
}

void StatisticsMessages::add(std::size_t index, const std::string& meter, const std::string& json,
                             const Figures& figures, std::vector<Message>& batch) {
  const settings::MqttMessage& message = settings_.messages[index];
  const Lookup lookup = lookup_in(figures, base_, meter);
  const auto topic = fill_statistics_topic(message.topic, base_, lookup);
  std::string text;
  if (message.payload.form == settings::Payload::Form::json) {
    text = json;
  } else if (!render(message.payload, lookup, text)) {
    return;
  }
  if (!publishable(topic)) return;
  if (message.retain && std::exchange(retained_[{index, meter}], topic) != topic) ++given_;
  batch.push_back({.topic = std::make_shared<const std::string>(topic),
                   .payload = std::move(text),
                   .qos = static_cast<std::uint8_t>(message.qos),
                   .retain = message.retain});
}

std::vector<std::string> StatisticsMessages::release(std::string_view meter) {
  std::vector<std::string> topics;
  std::erase_if(retained_, [&](const auto& entry) {
    if (entry.first.second != meter) return false;
    topics.push_back(entry.second);
    return true;
  });
  return topics;
}

void StatisticsMessages::list_retained(std::vector<std::string>& out) const {
  for (const auto& [whose, topic] : retained_) out.push_back(topic);
}

}  // namespace p1meter::mqtt
