// SPDX-License-Identifier: Apache-2.0
// Console adapter: one decoded telegram as a YAML document.
//
// JSON's strings and objects are YAML's double-quoted and flow styles, so items are written as in
// JSON, one a line.
#include <string_view>

#include "adapters/console/members.hpp"
#include "adapters/console/names.hpp"
#include "adapters/console/telegram_text.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {
namespace {

void add_text(std::string& out, std::string_view name, std::string_view text) {
  out += name;
  out += ": ";
  if (text.empty()) {
    out += "null";
  } else {
    json::append_string(out, text);
  }
  out += '\n';
}

/// "name: []", or the name and a line per item.
template <class Append>
void add_list(std::string& out, std::string_view name, Append append_all) {
  out += name;
  out += ':';
  const std::size_t before = out.size();
  append_all();
  if (out.size() == before) out += " []";
  out += '\n';
}

template <class Items, class Append>
void append_items(std::string& out, const Items& items, Append append) {
  for (const auto& item : items) {
    out += "\n  - ";
    append(item);
  }
}

void append_heading(std::string& out, const Decoded& decoded) {
  const Telegram& telegram = decoded.telegram;
  out += "---\n";
  add_text(out, "protocol", protocol_name(telegram.protocol));
  add_text(out, "link", link_name(telegram.link));
  out += telegram.encrypted ? "encrypted: true\n" : "encrypted: false\n";
  add_text(out, "identification", telegram.identification);
  add_text(out, "version", telegram.version);
  add_text(out, "layout", telegram.layout);
  TimeBuffer buffer;
  add_text(out, "time",
           decoded.mapped.time ? write_time(*decoded.mapped.time, buffer) : std::string_view{});
  add_text(out, "integrity", integrity_name(telegram.integrity));
  if (!telegram.ciphering) return;
  add_text(out, "security", hex_text(telegram.ciphering->security));
  add_text(out, "system_title", hex_text(telegram.ciphering->system_title));
  out += "counter: ";
  json::append_number(out, std::uint64_t{telegram.ciphering->counter});
  out += '\n';
}

}  // namespace

void append_yaml(std::string& out, const Decoded& decoded) {
  const auto reading = [&](const Reading& item) {
    append_reading(out, item, decoded.keys[item.key]);
  };
  const auto unknown = [&](const UnknownObject& item) { append_unknown(out, item); };
  const auto element = [&](const ListItem& item) { append_item(out, item); };
  const auto problem = [&](const Problem& item) { append_problem(out, item); };

  append_heading(out, decoded);
  add_list(out, "readings", [&] { append_items(out, decoded.mapped.readings, reading); });
  add_list(out, "unknown", [&] {
    append_items(out, decoded.mapped.unknown, unknown);
    append_items(out, decoded.telegram.items, element);
  });
  add_list(out, "problems", [&] {
    append_items(out, decoded.telegram.problems, problem);
    append_items(out, decoded.mapped.problems, problem);
  });
}

}  // namespace p1meter::console
