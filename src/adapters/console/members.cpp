// SPDX-License-Identifier: Apache-2.0
// Console adapter: the members of a telegram's JSON object.
#include "adapters/console/members.hpp"

#include "adapters/console/names.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {
namespace {

/// Begins a member: ,"name":
void begin(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  json::append_name(out, name);
}

void add(std::string& out, std::string_view name, std::string_view text) {
  begin(out, name);
  json::append_string(out, text);
}

}  // namespace

void append_reading(std::string& out, const Reading& reading, const KeyInfo& info) {
  out += '{';
  add(out, "key", info.key);
  if (reading.obis) add(out, "obis", to_string(*reading.obis));
  begin(out, "value");
  json::append_value(out, reading.value, info.kind);
  if (const auto unit = unit_text(reading.unit); !unit.empty()) add(out, "unit", unit);
  if (reading.time) {
    begin(out, "time");
    json::append_time(out, *reading.time);
  }
  if (const auto device = device_name(info.device); !device.empty()) add(out, "device", device);
  if (reading.channel != 0) {
    begin(out, "channel");
    json::append_number(out, std::uint64_t{reading.channel});
  }
  if (info.computed) {
    begin(out, "computed");
    out += "true";
  }
  out += '}';
}

void append_unknown(std::string& out, const UnknownObject& object) {
  out += '{';
  add(out, "obis", to_string(object.obis));
  add(out, "text", groups_text(object));
  out += '}';
}

void append_item(std::string& out, const ListItem& item) {
  out += '{';
  const bool nested = item.position.find('.') != std::string_view::npos;
  if (nested) {
    add(out, "position", item.position);
  } else {
    begin(out, "position");
    out += item.position;
  }
  add(out, "type", item.type);
  add(out, "value", item.value);
  out += '}';
}

void append_problem(std::string& out, const Problem& problem) {
  out += '{';
  add(out, "code", problem_name(problem.code));
  begin(out, "offset");
  json::append_number(out, std::uint64_t{problem.offset});
  if (problem.obis) add(out, "obis", to_string(*problem.obis));
  if (!problem.text.empty()) add(out, "text", problem.text);
  out += '}';
}

}  // namespace p1meter::console
