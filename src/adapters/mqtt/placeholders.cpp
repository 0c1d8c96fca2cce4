// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what placeholders stand for.
#include "adapters/mqtt/placeholders.hpp"

#include <chrono>
#include <utility>

#include "adapters/mqtt/state_json.hpp"
#include "json/json_text.hpp"

namespace p1meter::mqtt {
namespace {

using settings::TemplatePiece;
using settings::Word;
using settings::WordForm;

Answer answer(const Value& value, ReadingKind kind) {
  if (is_null(value)) return {Answer::Kind::null, {}};
  std::string text = scalar_text(value, kind);
  if (std::holds_alternative<Decimal>(value)) return Answer::of_number(std::move(text));
  if (std::holds_alternative<std::string_view>(value)) return Answer::of_text(std::move(text));
  return {Answer::Kind::json, std::move(text)};
}

/// A list has no digits of its own.
Answer raw_answer(const DueReading& reading, ReadingKind kind) {
  if (is_null(reading.value) || is_list(reading.value)) return {Answer::Kind::null, {}};
  return Answer::of_text(reading.raw.empty() ? scalar_text(reading.value, kind)
                                             : std::string{reading.raw});
}

/// The meter's own digits where they say the value as it is published: in its unit, and neither
/// multiplied nor rounded.
Answer value_in_own_digits(const DueReading& reading, ReadingKind kind,
                           std::optional<int> decimals) {
  const Value value = rounded(reading.value, decimals);
  if (const auto* number = std::get_if<Decimal>(&value)) {
    const auto own = parse_decimal(reading.raw);
    if (!own || *own != *number) return Answer::of_text(scalar_text(value, kind));
  }
  return raw_answer(reading, kind);
}

Answer text_or_absent(std::string_view text) {
  return text.empty() ? Answer{} : Answer::of_text(std::string{text});
}

Answer unit_answer(Unit unit, WordForm form) {
  if (form != WordForm::ascii) return text_or_absent(unit_text(unit));
  switch (unit) {
    case Unit::cubic_metre:
      return Answer::of_text("m3");
    case Unit::celsius:
      return Answer::of_text("C");
    case Unit::degree:
      return Answer::of_text("deg");
    default:
      return text_or_absent(unit_text(unit));
  }
}

/// Without digits of the meter {raw} is the value, in the unit in which it is published.
Answer raw_unit_answer(const DueReading& reading, Unit published) {
  if (is_list(reading.value)) return {};
  return text_or_absent(unit_text(reading.raw.empty() ? published : reading.raw_unit));
}

Answer seconds_answer(Instant instant) {
  return Answer::of_number(
      std::to_string(std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count()));
}

/// As a meter writes it: local time with S for summer time, W for standard time. All zones that
/// have a summer time change at the same instants; a meter that stays on Central European time
/// through the summer has a smaller offset then. Source    DSMR P1 5.0.2 sec 6.4, TST
std::string meter_stamp(const MeterTime& time) {
  constexpr Zone central{};
  const std::int16_t here = utc_offset_at(central, time.instant);
  const bool summer = here != central.standard_offset && time.utc_offset >= here;
  std::string stamp;
  for (const char character : to_string(time).substr(2, 17)) {
    if (character >= '0' && character <= '9') stamp += character;
  }
  return stamp + (summer ? 'S' : 'W');
}

Answer time_answer(const std::optional<MeterTime>& time, WordForm form) {
  if (!time || time->certainty == TimeCertainty::zone_unknown) return {};
  if (form == WordForm::dsmr) return Answer::of_text(meter_stamp(*time));
  if (form == WordForm::unix_time) return seconds_answer(time->instant);
  return Answer::of_text(to_string(*time));
}

Answer instant_answer(const std::optional<Instant>& instant, WordForm form) {
  if (!instant) return {};
  if (form == WordForm::unix_time) return seconds_answer(*instant);
  return Answer::of_text(to_string(*instant));
}

Answer field_answer(const KeyStyle& style, const std::string& name) {
  if (style.own == nullptr) return {};
  const auto found = style.own->fields.find(name);
  return found == style.own->fields.end() ? Answer{} : Answer::of_text(found->second);
}

/// The topic without "{base}/".
std::string_view tail_of(std::string_view topic, const BaseTopic& base) {
  if (topic.size() > base.used.size() && topic.starts_with(base.used) &&
      topic[base.used.size()] == '/') {
    topic.remove_prefix(base.used.size() + 1);
  }
  return topic;
}

/// What the value itself is asked for.
Answer value_answer(const TemplatePiece& piece, const ReadingSubject& subject) {
  const KeyInfo& info = subject.meter.keys()[subject.reading.key];
  switch (*piece.word) {
    case Word::value:
      if (piece.form == WordForm::raw) {
        return value_in_own_digits(subject.reading, info.kind, subject.style.decimals());
      }
      return answer(rounded(subject.reading.value, subject.style.decimals()), info.kind);
    case Word::raw:
      if (piece.form == WordForm::raw_unit) return raw_unit_answer(subject.reading, info.unit);
      return raw_answer(subject.reading, info.kind);
    case Word::unit:
      return unit_answer(info.unit, piece.form);
    case Word::time:
      return time_answer(time_of(subject.meter, subject.reading), piece.form);
    case Word::received:
      return instant_answer(subject.meter.state_received(), piece.form);
    case Word::field:
      return field_answer(subject.style, piece.text);
    default:
      return {};
  }
}

/// What its place is asked for.
Answer place_answer(const TemplatePiece& piece, const ReadingSubject& subject) {
  const KeyInfo& info = subject.meter.keys()[subject.reading.key];
  switch (*piece.word) {
    case Word::base:
      return Answer::of_text(subject.base.used);
    case Word::meter:
      return Answer::of_text(std::string{subject.meter.name()});
    case Word::equipment_id:
      return text_or_absent(subject.equipment_id);
    case Word::key:
      return Answer::of_text(info.key);
    case Word::topic:
      return Answer::of_text(std::string{subject.word});
    case Word::tail:
      return Answer::of_text(std::string{tail_of(subject.topic, subject.base)});
    case Word::name:
      return Answer::of_text(info.name);
    case Word::device:
      return Answer::of_text(device_word(info));
    case Word::obis:
      return info.obis ? Answer::of_text(to_string(*info.obis)) : Answer{};
    default:
      return value_answer(piece, subject);
  }
}

Answer output_answer(const TemplatePiece& piece, const StateSubject& subject) {
  const auto id = subject.meter.keys().find(piece.text);
  if (!id || !subject.meter.published(*id)) return {};
  const KeyInfo& info = subject.meter.keys()[*id];
  if (piece.form == WordForm::unit) return unit_answer(info.unit, WordForm::plain);
  const auto current = subject.meter.current(*id);
  if (!current) return {Answer::Kind::null, {}};
  const auto* const style = subject.topics.style(*id);
  switch (piece.form) {
    case WordForm::raw:
      return raw_answer(*current, info.kind);
    case WordForm::raw_unit:
      return raw_unit_answer(*current, info.unit);
    case WordForm::time:
    case WordForm::unix_time:
      return time_answer(time_of(subject.meter, *current), piece.form);
    default:
      return answer(rounded(current->value, style == nullptr ? std::nullopt : style->decimals),
                    info.kind);
  }
}

Answer state_answer(const TemplatePiece& piece, const StateSubject& subject) {
  switch (*piece.word) {
    case Word::base:
      return Answer::of_text(subject.base.used);
    case Word::meter:
      return Answer::of_text(std::string{subject.meter.name()});
    case Word::equipment_id:
      return text_or_absent(subject.topics.equipment_id);
    case Word::timestamp:
      return time_answer(subject.meter.state_time(), piece.form);
    case Word::received:
      return instant_answer(subject.meter.state_received(), piece.form);
    case Word::reading:
      return output_answer(piece, subject);
    default:
      return {};
  }
}

Answer figure_answer(const FigureValue& value, WordForm form) {
  if (const auto* number = std::get_if<Decimal>(&value))
    return Answer::of_number(to_string(*number));
  if (const auto* text = std::get_if<std::string>(&value)) return text_or_absent(*text);
  if (const auto* instant = std::get_if<Instant>(&value)) return instant_answer(*instant, form);
  return {};
}

}  // namespace

std::optional<MeterTime> time_of(const MeterView& meter, const DueReading& reading) {
  const auto time = reading.time ? reading.time : meter.state_time();
  if (time && time->certainty == TimeCertainty::zone_unknown) return std::nullopt;
  return time;
}

Lookup lookup_in(const ReadingSubject& subject) {
  return [&subject](const TemplatePiece& piece) { return place_answer(piece, subject); };
}

Lookup lookup_in(const StateSubject& subject) {
  return [&subject](const TemplatePiece& piece) { return state_answer(piece, subject); };
}

Lookup lookup_in(const Figures& figures, const BaseTopic& base, std::string_view meter) {
  const FigureMap* own = nullptr;
  for (const auto& [name, values] : figures.meters) {
    if (own == nullptr || name == meter) own = &values;
    if (name == meter) break;
  }
  const std::string name{meter.empty() && !figures.meters.empty() ? figures.meters.front().first
                                                                  : meter};
  return [&figures, &base, own, name](const TemplatePiece& piece) -> Answer {
    if (piece.word == Word::base) return Answer::of_text(base.used);
    if (piece.word == Word::meter) return text_or_absent(name);
    const auto found = figures.daemon.find(piece.text);
    if (found != figures.daemon.end()) return figure_answer(found->second, piece.form);
    if (own == nullptr) return {};
    const auto its = own->find(piece.text);
    return its == own->end() ? Answer{} : figure_answer(its->second, piece.form);
  };
}

std::string fill_statistics_topic(const settings::TextTemplate& topic, const BaseTopic& base,
                                  const Lookup& lookup) {
  std::string text;
  for (const auto& piece : topic.pieces) {
    if (piece.word == Word::base) {
      text += base.used;
    } else {
      text += piece.word ? fitting_level(lookup(piece).text) : piece.text;
    }
  }
  const bool moves = base.used != base.configured && !topic.begins_with(Word::base);
  return moves ? below_test_topic(std::move(text), base) : text;
}

std::string reading_json(const ReadingSubject& subject) {
  const KeyInfo& info = subject.meter.keys()[subject.reading.key];
  std::string out{'{'};
  json::append_name(out, "value");
  json::append_value(out, rounded(subject.reading.value, subject.style.decimals()), info.kind);
  if (info.unit != Unit::none) {
    out += ',';
    json::append_name(out, "unit");
    json::append_string(out, unit_text(info.unit));
  }
  if (const auto time = time_of(subject.meter, subject.reading)) {
    out += ',';
    json::append_name(out, "time");
    json::append_time(out, *time);
  }
  return out + '}';
}

}  // namespace p1meter::mqtt
