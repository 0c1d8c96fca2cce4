// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: an event of a meter as a message.
#include "adapters/mqtt/event_json.hpp"

#include "json/json_text.hpp"

namespace p1meter::mqtt {
namespace {

/// As a number where it is one, as the value itself is.
void append_text(std::string& out, const std::string& text, const OwnedValue& like) {
  const auto number = parse_decimal(text);
  if (number && std::holds_alternative<Decimal>(like)) {
    json::append_number(out, *number);
  } else {
    json::append_string(out, text);
  }
}

}  // namespace

std::string event_json(const MeterEvent& event, const Delivery& delivery) {
  std::string out{'{'};
  json::append_name(out, "event_type");
  json::append_string(out, event_name(event.type));
  out += ',';
  json::append_name(out, "key");
  json::append_string(out, event.key);
  if (!std::holds_alternative<std::monostate>(event.value)) {
    out += ',';
    json::append_name(out, "value");
    json::append_value(out, borrow(event.value), ReadingKind::state);
  }
  if (!event.previous.empty()) {
    out += ',';
    json::append_name(out, "previous");
    append_text(out, event.previous, event.value);
  }
  out += ',';
  json::append_name(out, "time");
  const auto* const mapped = delivery.mapped;
  const bool placed =
      mapped != nullptr && mapped->time && mapped->time->certainty != TimeCertainty::zone_unknown;
  if (placed) {
    json::append_time(out, *mapped->time);
  } else {
    json::append_time(out, delivery.now.wall);
  }
  out += '}';
  return out;
}

}  // namespace p1meter::mqtt
