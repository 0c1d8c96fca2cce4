// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what the messages about one meter say.
#include "adapters/mqtt/state_json.hpp"

#include "adapters/mqtt/key_style.hpp"
#include "json/json_text.hpp"

namespace p1meter::mqtt {
namespace {

void append_member(std::string& out, std::string_view key, std::string_view suffix = {}) {
  out += out.empty() ? '{' : ',';
  out += '"';
  json::append_escaped(out, key);
  out += suffix;
  out += "\":";
}

/// null where the zone is not known: a local time without offset is no instant, and consumers
/// refuse it.
void append_time_or_null(std::string& out, const std::optional<MeterTime>& time) {
  if (time && time->certainty != TimeCertainty::zone_unknown) {
    json::append_time(out, *time);
  } else {
    out += "null";
  }
}

void append_key(std::string& out, const MeterView& meter, KeyId id, const MeterTopics& topics) {
  const KeyInfo& info = meter.keys()[id];
  const auto current = meter.current(id);
  append_member(out, info.key);
  const auto* const style = topics.style(id);
  const Value value = current ? current->value : Value{};
  json::append_value(out, style == nullptr ? value : rounded(value, style->decimals), info.kind);
  if (!topics.has_time(id)) return;
  append_member(out, info.key, "_time");
  append_time_or_null(out, current && !is_null(current->value) ? current->time : std::nullopt);
}

}  // namespace

void write_state(const MeterView& meter, const MeterTopics& topics, std::string& out) {
  out.clear();
  const KeyCatalogue& keys = meter.keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    const std::string& name = keys[id].key;
    if (name == "timestamp" || name == "received" || !meter.published(id)) continue;
    append_key(out, meter, id, topics);
  }
  append_member(out, "timestamp");
  append_time_or_null(out, meter.state_time());
  append_member(out, "received");
  if (const auto received = meter.state_received()) {
    json::append_time(out, *received);
  } else {
    out += "null";
  }
  out += '}';
}

std::string scalar_text(const Value& value, ReadingKind kind) {
  std::string out;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    json::append_utf8(out, *text);
  } else if (!std::holds_alternative<std::monostate>(value)) {
    json::append_value(out, value, kind);
  }
  return out;
}

std::string time_text(const DueReading& reading) {
  const auto& time = reading.time;
  if (is_null(reading.value) || !time || time->certainty == TimeCertainty::zone_unknown) return {};
  TimeBuffer buffer;
  return std::string{write_time(*time, buffer)};
}

}  // namespace p1meter::mqtt
