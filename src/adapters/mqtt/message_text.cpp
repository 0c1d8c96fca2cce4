// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what messages say, by the form of their payload.
#include "adapters/mqtt/message_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "adapters/mqtt/influx_line.hpp"
#include "adapters/mqtt/placeholders.hpp"
#include "adapters/mqtt/state_json.hpp"

namespace p1meter::mqtt {
namespace {

bool asks_for_digits(const settings::JsonTemplate& element) {
  bool asks = false;
  element.for_each_leaf(
      [&asks](const settings::TextTemplate& leaf) { asks = asks || leaf.asks_for_digits(); });
  return asks;
}

/// A text around a value that is not there says nothing: " W".
bool lacks_its_value(const settings::TextTemplate& text, const Lookup& lookup) {
  return std::ranges::any_of(text.pieces, [&](const settings::TemplatePiece& piece) {
    const bool of_value = piece.word == settings::Word::value || piece.word == settings::Word::raw;
    return of_value && lookup(piece).kind == Answer::Kind::null;
  });
}

}  // namespace

std::optional<std::string> MessageText::of_state(const settings::Payload& payload,
                                                 const MeterView& meter,
                                                 const MeterTopics& topics) const {
  const StateSubject subject{meter, base_, topics};
  std::string text;
  bool says_something = true;
  if (payload.form == settings::Payload::Form::json) {
    text.reserve(topics.state_size);
    write_state(meter, topics, text);
  } else if (payload.form == settings::Payload::Form::influx) {
    text = influx_line(subject);
    says_something = !text.empty();
  } else {
    says_something = render(payload, lookup_in(subject), text);
  }
  return says_something ? std::optional{std::move(text)} : std::nullopt;
}

std::optional<std::string> MessageText::of_due(const settings::Payload& payload,
                                               const MeterView& meter, MeterTopics& topics,
                                               std::span<const DueReading> due) const {
  const settings::JsonTemplate& element = payload.tree.items.front();
  const bool wants_digits = asks_for_digits(element);
  std::string text{'['};
  for (const DueReading& reading : due) {
    if (!meter.published(reading.key)) continue;
    if (wants_digits && is_list(reading.value)) continue;  // it has none
    const auto before = text.size();
    if (before > 1) text += ',';
    if (!add_element(element, meter, topics, reading, text)) text.resize(before);
  }
  if (text.size() == 1) return std::nullopt;
  return text + ']';
}

bool MessageText::add_element(const settings::JsonTemplate& element, const MeterView& meter,
                              MeterTopics& topics, const DueReading& reading,
                              std::string& text) const {
  const KeyStyle style = keys_.style_of(topics, meter, reading.key);
  const auto own = key_topic(settings_.templates.keys, base_,
                             KeyTopics::subject(topics, meter, reading.key), rules_);
  const std::string word =
      topic_word(base_, KeyTopics::subject(topics, meter, reading.key), rules_);
  const ReadingSubject subject{
      meter, base_, topics.equipment_id, reading, style, own ? *own : std::string_view{}, word};
  return render_json(element, lookup_in(subject), text);
}

std::optional<std::string> MessageText::of_reading(const MeterView& meter,
                                                   const MeterTopics& topics,
                                                   const MeterTopics::Key& key,
                                                   const DueReading& reading,
                                                   const KeyStyle& style) const {
  const std::string word =
      topic_word(base_, KeyTopics::subject(topics, meter, reading.key), rules_);
  const ReadingSubject subject{meter, base_, topics.equipment_id, reading, style, *key.value, word};
  const settings::Payload& payload = style.says();
  std::string text;
  switch (payload.form) {
    case settings::Payload::Form::raw:
      return reading.raw.empty() ? scalar_text(rounded(reading.value, style.decimals()),
                                               meter.keys()[reading.key].kind)
                                 : std::string{reading.raw};
    case settings::Payload::Form::json:
      return reading_json(subject);
    case settings::Payload::Form::influx:
      text = influx_line(subject);
      return text.empty() ? std::nullopt : std::optional{std::move(text)};
    case settings::Payload::Form::text:
      if (lacks_its_value(payload.text, lookup_in(subject))) return std::string{};
      [[fallthrough]];
    default:
      return render(payload, lookup_in(subject), text) ? std::optional{std::move(text)}
                                                       : std::nullopt;
  }
}

}  // namespace p1meter::mqtt
