// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the names of topics.
#include "adapters/mqtt/topics.hpp"

#include <utility>

#include "settings/template_text.hpp"

namespace p1meter::mqtt {
namespace {

using settings::TextTemplate;
using settings::Word;

std::string obis_word(const KeyInfo& key) {
  if (!key.obis) return key.key;
  return to_string(*key.obis);
}

/// What a placeholder within a topic stands for; {base} may have several levels, the others one.
std::string level(const settings::TemplatePiece& piece, const BaseTopic& base,
                  const TopicSubject& subject, std::string_view topic_word) {
  switch (*piece.word) {
    case Word::base:
      return base.used;
    case Word::meter:
      return fitting_level(subject.meter);
    case Word::equipment_id:
      return fitting_level(subject.equipment_id);
    case Word::topic:
      return fitting_level(topic_word);
    case Word::key:
      return fitting_level(subject.key->key);
    case Word::device:
      return device_word(*subject.key);
    case Word::obis:
      return obis_word(*subject.key);
    default:
      return {};
  }
}

Topic made(std::optional<std::string> text) {
  return text ? std::make_shared<const std::string>(*std::move(text)) : nullptr;
}

}  // namespace

std::string fitting_level(std::string_view text) {
  std::string level{text};
  for (char& character : level) {
    const bool control = static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
    if (control || character == '+' || character == '#' || character == '/') character = '_';
  }
  return level;
}

std::string below_test_topic(std::string topic, const BaseTopic& base) {
  const std::string own = base.configured + '/';
  if (topic.starts_with(own)) topic.erase(0, own.size());
  return base.used + '/' + topic;
}

bool publishable(std::string_view topic) noexcept {
  constexpr std::size_t longest = 65'535;
  return !topic.empty() && topic.size() <= longest &&
         topic.find_first_of(std::string_view{"+#\0", 3}) == std::string_view::npos;
}

std::optional<std::string> fill_topic(const TextTemplate& topic, const BaseTopic& base,
                                      const TopicSubject& subject, std::string_view topic_word) {
  if (subject.equipment_id.empty() && topic.uses(Word::equipment_id)) return std::nullopt;
  std::string text;
  for (const auto& piece : topic.pieces) {
    text += piece.word ? level(piece, base, subject, topic_word) : piece.text;
  }
  if (base.used == base.configured || topic.begins_with(Word::base)) return text;
  return below_test_topic(std::move(text), base);
}

std::string topic_option(const KeyInfo& key, const settings::ReadingRules& rules) {
  if (!key.topic.empty()) return key.topic;
  return rules.topic(key).value_or(key.key);
}

std::string topic_word(const BaseTopic& base, const TopicSubject& subject,
                       const settings::ReadingRules& rules) {
  std::string option = topic_option(*subject.key, rules);
  if (option.find('{') == std::string::npos) return option;
  std::string word;
  for (const auto& piece : settings::own_topic_template(option).pieces) {
    word += piece.word ? level(piece, base, subject, {}) : piece.text;
  }
  return word;
}

std::optional<std::string> key_topic(const TextTemplate& keys, const BaseTopic& base,
                                     const TopicSubject& subject,
                                     const settings::ReadingRules& rules) {
  const std::string option = topic_option(*subject.key, rules);
  if (option.find('/') != std::string::npos)
    return fill_topic(settings::own_topic_template(option), base, subject);
  return fill_topic(keys, base, subject, topic_word(base, subject, rules));
}

Topic daemon_topic(const TextTemplate& topic, const BaseTopic& base) {
  return made(fill_topic(topic, base, {}));
}

MeterTopics::MeterTopics(const settings::MqttSettings& settings, const BaseTopic& base,
                         const TopicSubject& subject)
    : state{made(fill_topic(settings.templates.state, base, subject))},
      status{made(fill_topic(settings.templates.meter_status, base, subject))},
      raw{made(fill_topic(settings.templates.raw, base, subject))},
      events{made(fill_topic(settings.templates.events, base, subject))},
      equipment_id{subject.equipment_id} {
  for (const auto& message : settings.messages) {
    const bool on_state = message.on == settings::MqttMessage::On::state;
    messages.push_back(on_state ? made(fill_topic(message.topic, base, subject)) : nullptr);
  }
}

MeterTopics::MeterTopics(std::string_view base, std::string_view meter)
    : MeterTopics{settings::MqttSettings{},
                  {.used = std::string{base}, .configured = std::string{base}},
                  {.meter = meter}} {}

MeterTopics::Key& MeterTopics::key(KeyId id) {
  if (keys_.size() <= id) keys_.resize(std::size_t{id} + 1);
  return keys_[id];
}

void MeterTopics::set_style(KeyId id, settings::ReadingStyle style) {
  if (styles_.size() <= id) styles_.resize(std::size_t{id} + 1);
  styles_[id] = std::make_unique<settings::ReadingStyle>(std::move(style));
}

void MeterTopics::list_retained(const settings::MqttSettings& settings,
                                std::vector<std::string>& out) const {
  const auto list = [&](const Topic& topic, const settings::TopicClass& kind) {
    if (topic && kind.enabled && kind.retain) out.push_back(*topic);
  };
  list(state, settings.state);
  list(status, settings.status);
  list(raw, settings.raw);
  list(events, settings.events);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i] && settings.messages[i].retain) out.push_back(*messages[i]);
  }
  for (std::size_t i = 0; settings.keys.enabled && i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    const auto* const own = style(static_cast<KeyId>(i));
    const bool retain =
        own == nullptr ? settings.keys.retain : own->retain.value_or(settings.keys.retain);
    if (!retain || key.refused) continue;
    if (key.value) out.push_back(*key.value);
    if (key.time) out.push_back(*key.time);
  }
}

}  // namespace p1meter::mqtt
