// SPDX-License-Identifier: Apache-2.0
// Mapping: the second pass: objects to readings.
#include <chrono>

#include "mapping/mapper_state.hpp"
#include "mapping/value_reader.hpp"

namespace p1meter {
namespace {

using mapping::Memo;
using mapping::Outcome;
using mapping::Role;
using mapping::Slot;
using mapping::Verdict;

constexpr auto latest_plausible = std::chrono::days{1};  // ahead of the telegram
/// A machine without a clock that outlasts its power begins in 1970, until somebody tells it the
/// time: that judges nobody's.
constexpr Instant first_of_a_clock_that_is_set{
    std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
constexpr Zone central_europe{};

/// Moves the point where that costs no digit, which is nearly always.
std::optional<Decimal> shifted(const Decimal& value, std::int8_t by) noexcept {
  const int exponent = value.exponent + by;
  if (exponent <= 0 && exponent >= -max_exponent) {
    return Decimal{value.mantissa, static_cast<std::int8_t>(exponent)};
  }
  return shift_point(value, by);
}

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

/// The digits of a code that came as text: DLMS has the tariff as "0002" too.
std::optional<Decimal> number_of(const CosemObject& object) noexcept {
  return object.number ? object.number : parse_decimal(object.text);
}

}  // namespace

void Mapper::State::map_object(Slot& slot, const CosemObject& object) {
  DeviceRef ref = slot.fixed_ref;
  if (slot.channel != 0) {
    const mapping::ChannelDevice& behind = devices.behind(slot.channel);
    if (behind.held_back && slot.role != Role::channel_type) return;
    ref = behind.ref;
  }
  const Outcome& outcome = outcome_for(slot, object, ref, keys);
  if (outcome.verdict != Verdict::reading) {
    const bool never_read = slot.role == Role::channel_value && stamp_is_bad(object);
    if (!never_read) refuse(outcome.verdict, object);
  } else {
    map_value(outcome, slot, object);
  }
}

void Mapper::State::map_value(const Outcome& outcome, Slot& slot, const CosemObject& object) {
  std::optional<MeterTime> own_time;
  const bool timed = outcome.form == ValueForm::number || outcome.form == ValueForm::code;
  if (timed && !read_time(slot, object, own_time)) return;
  if (const auto value = read_value(outcome, slot, object)) {
    push(outcome, slot, object, *value, own_time);
  }
}

void Mapper::State::refuse(Verdict verdict, const CosemObject& object) {
  switch (verdict) {
    case Verdict::reading:
    case Verdict::ignored:
      return;
    case Verdict::clock:
      if (stamp_is_bad(object)) return;
      if (time && time->certainty == TimeCertainty::zone_unknown) {
        report(ProblemCode::zone_unknown, object);
      }
      return;
    case Verdict::unit_unknown:
      report(ProblemCode::unit_unknown, object);
      break;
    case Verdict::unit_unexpected:
      report(ProblemCode::unit_unexpected, object);
      break;
    case Verdict::unknown:
      break;
  }
  keep_unknown(object);
}

std::optional<Value> Mapper::State::read_value(const Outcome& outcome, Slot& slot,
                                               const CosemObject& object) {
  switch (outcome.form) {
    case ValueForm::number:
      return read_number(outcome, object);
    case ValueForm::code:
      if (const auto number = number_of(object)) return *number;
      [[fallthrough]];
    case ValueForm::text:
      if (!is_blank(object.text)) return whole_text(object);
      if (object.number) return *object.number;
      return std::nullopt;
    case ValueForm::identifier: {
      if (object.text.empty() && object.number) return *object.number;  // Kamstrup, push list 1
      const auto text = characters(slot, object);
      if (is_blank(text)) return std::nullopt;
      return text;
    }
    case ValueForm::message:
      return characters(slot, object);
    case ValueForm::failure_log:
    case ValueForm::peak_history:
      return read_list(outcome, slot, object);
    case ValueForm::clock:
    case ValueForm::ignored:
      break;
  }
  return std::nullopt;
}

std::optional<Value> Mapper::State::read_number(const Outcome& outcome, const CosemObject& object) {
  const ObisEntry& entry = *outcome.entry;
  std::string_view text = object.text;
  std::optional<Decimal> number = object.number;
  if (entry.group != 0) {
    const auto group = mapping::value_group(object.raw, entry.group);
    if (!group) return std::nullopt;
    text = group->text;
    // the first group's unit rules, so another one's must be the same
    const bool same_unit = group->unit_known && group->unit == object.unit;
    number = same_unit ? parse_decimal(text) : std::nullopt;
  }
  if (!number && is_blank(text)) return std::nullopt;
  if (entry.nines_are_unlimited && mapping::is_all_nines(text)) return Value{std::monostate{}};
  if (number) {
    auto value = shifted(*number, outcome.shift);
    if (value && entry.factor) value = multiply(*value, *entry.factor);
    if (value && !may_be_published(outcome, object)) return std::nullopt;
    if (value) value = scaled(outcome, object, *value);
    if (value) return *value;
  }
  const bool too_long = number.has_value() || mapping::looks_like_number(text);
  report(too_long ? ProblemCode::number_too_long : ProblemCode::number_malformed, object);
  keep_unknown(object);
  return std::nullopt;
}

/// Counts and codes are whole numbers by their nature.
bool Mapper::State::needs_scale(const Outcome& outcome, const CosemObject& object) noexcept {
  const ReadingKind kind = outcome.entry->kind;
  return object.scale_unknown && kind != ReadingKind::counter && kind != ReadingKind::state;
}

/// A number that is perhaps ten times too large is no reading, unless the settings say so.
bool Mapper::State::may_be_published(const Outcome& outcome, const CosemObject& object) {
  const bool register_of_energy = outcome.entry->kind == ReadingKind::cumulative;
  const bool asked_for =
      register_of_energy ? options.energy_scale.has_value() : options.publish_unscaled;
  const bool ratio_known = ratio_for(outcome.scaling).has_value();
  const bool scale_known = !needs_scale(outcome, object) || asked_for;
  if (ratio_known && scale_known) return true;
  report(ProblemCode::scale_unknown, object);
  keep_unknown(object);
  return false;
}

std::optional<Decimal> Mapper::State::scaled(const Outcome& outcome, const CosemObject& object,
                                             const Decimal& number) const {
  std::optional<Decimal> value = number;
  const bool cumulative = outcome.entry->kind == ReadingKind::cumulative;
  if (needs_scale(outcome, object) && cumulative && options.energy_scale) {
    value = multiply(number, *options.energy_scale);
  }
  if (value && outcome.scaling != mapping::Scaling::none) {
    value = apply_ratio(*value, *ratio_for(outcome.scaling));
  }
  return value;
}

/// The value's characters where '*' may be one of them.
std::string_view Mapper::State::whole_text(const CosemObject& object) const noexcept {
  const bool has_star = object.has_unit || !object.unit_known;
  const bool characters_in_raw = has_star && telegram->protocol == Protocol::dsmr;
  return characters_in_raw ? mapping::without_parentheses(object.raw) : object.text;
}

std::string_view Mapper::State::characters(Slot& slot, const CosemObject& object) const {
  const std::string_view text = whole_text(object);
  if (telegram->protocol == Protocol::dlms) return text;  // "6525" is not the hex of "e%" there
  Memo& memo = slot.memory();
  if (memo.raw != text) {
    memo.raw = text;
    mapping::decode_characters(text, memo.decoded);
  }
  return memo.decoded;
}

std::optional<Value> Mapper::State::read_list(const Outcome& outcome, Slot& slot,
                                              const CosemObject& object) {
  const bool history = outcome.form == ValueForm::peak_history;
  if (object.row_count == 0) {
    // an empty failure log is a fact; a count alone is not, nor is a history without months
    const bool empty_log = !history && (!object.number || object.number->mantissa == 0) &&
                           (object.number || is_blank(object.text));
    if (!empty_log) return std::nullopt;
  }
  const auto rows = std::span{telegram->rows}.subspan(object.first_row, object.row_count);
  if (history && !rows.front().stamp) {  // Hungary's record of last month has the same code
    keep_unknown(object);
    return std::nullopt;
  }
  if (!may_be_published(outcome, object)) return std::nullopt;
  if (!make_list(outcome, slot.memory(), object.raw, rows)) {
    report(ProblemCode::rows_malformed, object);
    keep_unknown(object);
    return std::nullopt;
  }
  const auto& list = slot.memory().rows;
  if (history && list.empty()) return std::nullopt;
  return std::span<const ListRow>{list};
}

bool Mapper::State::make_list(const Outcome& outcome, Memo& memo, std::string_view raw,
                              std::span<const ObjectRow> rows) const {
  if (!raw.empty() && memo.raw == raw) return true;  // lists hardly ever change
  const ObisEntry& entry = *outcome.entry;
  const mapping::RowRules rules{
      .unit = outcome.unit,
      .bare_unit = entry.bare_unit == Unit::none ? entry.unit : entry.bare_unit,
      .zone = zone,
      .ratio =
          outcome.scaling == mapping::Scaling::none ? std::nullopt : ratio_for(outcome.scaling)};
  const bool fine = outcome.form == ValueForm::peak_history
                        ? mapping::read_peak_history(rows, rules, memo.rows)
                        : mapping::read_failure_log(rows, rules, memo.rows);
  memo.raw = fine ? raw : std::string_view{};
  return fine;
}

/// A value without a possible time was never read: it is reported, and nothing else.
bool Mapper::State::stamp_is_bad(const CosemObject& object) {
  if (!object.time_unset && !object.time_malformed) return false;
  report(object.time_unset ? ProblemCode::time_unset : ProblemCode::time_malformed, object);
  return true;
}

bool Mapper::State::read_time(Slot& slot, const CosemObject& object,
                              std::optional<MeterTime>& own_time) {
  if (stamp_is_bad(object)) return false;
  if (!object.time) return true;
  own_time = placed(slot, object);
  const bool clock_is_set = received >= first_of_a_clock_that_is_set;
  const bool judged = time || clock_is_set;
  if (judged && own_time->instant > (time ? time->instant : received) + latest_plausible) {
    report(ProblemCode::time_implausible, object);
    const Instant now = clock_is_set ? received : time->instant;
    own_time =
        MeterTime{.instant = now, .utc_offset = utc_offset_at(zone.value_or(central_europe), now)};
  } else if (own_time->certainty == TimeCertainty::zone_unknown) {
    report(ProblemCode::zone_unknown, object);
  }
  return true;
}

/// Most devices repeat their time for minutes, and placing costs more than comparing.
MeterTime Mapper::State::placed(Slot& slot, const CosemObject& object) {
  Memo& memo = slot.memory();
  if (memo.clock != object.time) {
    const auto previous = memo.clock ? std::optional{memo.time.instant} : std::nullopt;
    memo.time = place(*object.time, zone, previous);
    memo.clock = object.time;
  }
  return memo.time;
}

void Mapper::State::push(const Outcome& outcome, const Slot& slot, const CosemObject& object,
                         const Value& value, const std::optional<MeterTime>& own_time) {
  if (!seen.mark(outcome.key, readings.size())) {
    const std::size_t index = *seen.index(outcome.key);
    if (own_time && readings[index].obis == object.obis) {
      replace_older(index, value, object, own_time);
    } else {
      keep_unknown(object);  // another code of the same key: the first counts
    }
    return;
  }
  Reading& reading = readings.next();
  reading.key = outcome.key;
  reading.value = value;
  reading.unit = outcome.unit;
  reading.time = own_time;
  reading.obis = object.obis;
  reading.channel = slot.channel;
  reading.raw = is_list(value) ? std::string_view{} : object.text;  // that only counts its entries
  reading.raw_unit = outcome.sent;
  if (outcome.entry->group != 0) {
    if (const auto group = mapping::value_group(object.raw, outcome.entry->group)) {
      reading.raw = group->text;
    }
  }
}

/// DSMR 2.x sends a day's hourly values under one code: the newest counts.
void Mapper::State::replace_older(std::size_t index, const Value& value, const CosemObject& object,
                                  const std::optional<MeterTime>& own_time) {
  Reading& reading = readings[index];
  if (reading.time && own_time->instant <= reading.time->instant) return;
  reading.value = value;
  reading.time = own_time;
  reading.raw = object.text;
}

void Mapper::State::report(ProblemCode code, const CosemObject& object) {
  problems.push_back({.code = code,
                      .offset = object.offset,
                      .obis = object.obis,
                      .text = telegram->protocol == Protocol::dsmr ? object.raw : shown(object)});
}

void Mapper::State::keep_unknown(const CosemObject& object) {
  unknown.push_back({object.obis, shown(object)});
}

std::string_view Mapper::State::shown(const CosemObject& object) {
  if (telegram->protocol == Protocol::dsmr) return mapping::without_parentheses(object.raw);
  if (!object.text.empty() || !object.number) return object.text;
  if (digits_used == digits.size()) digits.emplace_back();
  return write_decimal(*object.number, digits[digits_used++]);
}

}  // namespace p1meter
