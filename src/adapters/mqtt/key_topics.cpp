// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: which key has which topic, and how it is published.
#include "adapters/mqtt/key_topics.hpp"

#include <algorithm>
#include <utility>

namespace p1meter::mqtt {
namespace {

std::string owner(const MeterView& meter, KeyId id) {
  return meter.keys()[id].key + " of " + std::string{meter.name()};
}

void clear(const Topic& topic, const KeyStyle& style, std::vector<Message>& out) {
  if (!style.retain() || !publishable(*topic)) return;
  out.push_back({.topic = topic, .payload = {}, .qos = 1, .retain = true, .takes_back = true});
}

}  // namespace

KeyTopics::KeyTopics(const settings::MqttSettings& settings, const BaseTopic& base,
                     const settings::ReadingRules& rules,
                     std::function<void(const std::string&)> taken)
    : settings_{settings},
      base_{base},
      rules_{rules},
      taken_{std::move(taken)},
      own_templates_{settings.templates != settings::TopicTemplates{}} {
  look_at_rules();
}

void KeyTopics::look_at_rules() {
  any_style_ = rules_.any_style();
  // two topics can be the same only where the configuration says something about them
  topics_may_meet_ = rules_.any_topic() || own_templates_;
  wants_equipment_id_ = topics_may_meet_ || any_style_ || !settings_.messages.empty();
  topics_have_equipment_id_ = wants_equipment_id_ && any_topic_has_equipment_id();
}

bool KeyTopics::any_topic_has_equipment_id() const {
  const auto has = [](const settings::TextTemplate& topic) {
    return topic.uses(settings::Word::equipment_id);
  };
  const auto& own = settings_.templates;
  return has(own.meter_status) || has(own.state) || has(own.keys) || has(own.raw) ||
         has(own.events) ||
         std::any_of(settings_.messages.begin(), settings_.messages.end(),
                     [&](const auto& message) { return has(message.topic); }) ||
         std::any_of(rules_.rules().begin(), rules_.rules().end(), [](const auto& rule) {
           return rule.topic && rule.topic->find("{equipment_id}") != std::string::npos;
         });
}

MeterTopics::Key* KeyTopics::topic_of(MeterTopics& topics, const MeterView& meter, KeyId id) {
  auto& key = topics.key(id);
  if (!key.value) {
    const auto text =
        key_topic(settings_.templates.keys, base_, subject(topics, meter, id), rules_);
    if (!text) return nullptr;
    key.value = std::make_shared<const std::string>(*text);
    ++given_;
    key.refused = topics_may_meet_ && !claim(meter, id, *key.value);
  }
  if (key.refused) ++refused_;
  return !key.refused && publishable(*key.value) ? &key : nullptr;
}

bool KeyTopics::claim(const MeterView& meter, KeyId id, const std::string& topic) {
  const auto [place, fresh] = owners_.emplace(topic, owner(meter, id));
  if (fresh || place->second == owner(meter, id)) return true;
  taken_(topic + " has " + place->second + ", " + owner(meter, id) + " is not published there");
  return false;
}

void KeyTopics::release(const MeterTopics& topics) {
  for (const auto& key : topics.keys()) {
    if (key.value && !key.refused) owners_.erase(*key.value);
  }
}

bool KeyTopics::stays(const MeterView& meter, const MeterTopics& topics, KeyId id) const {
  const auto& key = topics.keys()[id];
  return meter.published(id) && settings_.keys.enabled && !key.refused &&
         key_topic(settings_.templates.keys, base_, subject(topics, meter, id), rules_) ==
             *key.value;
}

void KeyTopics::move(const MeterView& meter, MeterTopics& topics, std::vector<Message>& out) {
  for (std::size_t i = 0; i < topics.keys().size() && i < meter.keys().size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    auto& key = topics.key(id);
    if (!key.value || stays(meter, topics, id)) continue;
    if (!key.refused) {
      const KeyStyle style = style_of(topics, meter, id);
      clear(key.value, style, out);
      if (key.time) clear(key.time, style, out);
      owners_.erase(*key.value);
    }
    key.value.reset();
    key.time.reset();
    key.refused = false;
  }
  topics.forget_styles();
}

KeyStyle KeyTopics::style_of(MeterTopics& topics, const MeterView& meter, KeyId id) const {
  if (any_style_ && topics.style(id) == nullptr)
    topics.set_style(id, rules_.style(meter.keys()[id]));
  return {.kind = &settings_.keys,
          .payload = &settings_.templates.keys_payload,
          .own = topics.style(id)};
}

void KeyTopics::learn_styles(MeterTopics& topics, const MeterView& meter) const {
  if (!any_style_) return;
  const auto count = static_cast<KeyId>(meter.keys().size());
  for (KeyId id = 0; id < count; ++id) static_cast<void>(style_of(topics, meter, id));
}

}  // namespace p1meter::mqtt
