// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: messages in InfluxDB's line protocol.
#include "adapters/mqtt/influx_line.hpp"

#include <chrono>
#include <string_view>

#include "adapters/mqtt/state_json.hpp"
#include "json/json_text.hpp"

namespace p1meter::mqtt {
namespace {

void append_escaped(std::string& out, std::string_view text, std::string_view special) {
  std::string utf8;
  json::append_utf8(utf8, text);
  for (const char character : utf8) {
    // a line ends at a line feed, whatever stands before it
    const bool control = static_cast<unsigned char>(character) < 0x20;
    if (special.find(character) != std::string_view::npos) out += '\\';
    out += control ? ' ' : character;
  }
}

/// Names and values of tags, names of fields.
void append_tag(std::string& out, std::string_view text) { append_escaped(out, text, ",= "); }

void append_string_field(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text, "\"\\");
  out += '"';
}

std::string beginning(std::string_view meter) {
  std::string line = "p1meter,meter=";
  append_tag(line, meter);
  return line;
}

/// Ours where the meter's is not known; without both the server takes its own.
void append_time(std::string& line, const std::optional<MeterTime>& time,
                 const std::optional<Instant>& received) {
  std::optional<Instant> instant = received;
  if (time && time->certainty != TimeCertainty::zone_unknown) instant = time->instant;
  if (!instant) return;
  line += ' ';
  line += std::to_string(std::chrono::nanoseconds{instant->time_since_epoch()}.count());
}

}  // namespace

std::string influx_line(const ReadingSubject& subject) {
  const KeyInfo& info = subject.meter.keys()[subject.reading.key];
  const Value value = rounded(subject.reading.value, subject.style.decimals());
  std::string line = beginning(subject.meter.name());
  line += ",key=";
  append_tag(line, info.key);
  // InfluxDB keeps the type that a field had first, so texts have one of their own.
  if (const auto* number = std::get_if<Decimal>(&value)) {
    line += " value=";
    json::append_number(line, *number);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    line += " text=";
    append_string_field(line, *text);
  } else {
    return {};
  }
  append_time(line, time_of(subject.meter, subject.reading), subject.meter.state_received());
  return line;
}

std::string influx_line(const StateSubject& subject) {
  const MeterView& meter = subject.meter;
  std::string fields;
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    const auto current = meter.published(id) ? meter.current(id) : std::nullopt;
    if (!current) continue;
    const auto* const style = subject.topics.style(id);
    const Value value = rounded(current->value, style == nullptr ? std::nullopt : style->decimals);
    const auto* number = std::get_if<Decimal>(&value);
    if (number == nullptr) continue;
    fields += fields.empty() ? ' ' : ',';
    append_tag(fields, meter.keys()[id].key);
    fields += '=';
    json::append_number(fields, *number);
  }
  if (fields.empty()) return {};
  std::string line = beginning(meter.name()) + fields;
  append_time(line, meter.state_time(), meter.state_received());
  return line;
}

}  // namespace p1meter::mqtt
