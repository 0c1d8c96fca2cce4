// SPDX-License-Identifier: Apache-2.0
// Console adapter: one decoded telegram as a line of JSON.
#include <string_view>

#include "adapters/console/members.hpp"
#include "adapters/console/names.hpp"
#include "adapters/console/telegram_text.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {
namespace {

void append_text_or_null(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += "null";
  } else {
    json::append_string(out, text);
  }
}

/// Appends each item by `append`, with commas between them.
template <class Items, class Append>
void append_items(std::string& out, const Items& items, Append append) {
  for (const auto& item : items) {
    if (out.back() != '[') out += ',';
    append(item);
  }
}

void append_heading(std::string& out, const Decoded& decoded) {
  const Telegram& telegram = decoded.telegram;
  out += "{\"protocol\":";
  json::append_string(out, protocol_name(telegram.protocol));
  out += ",\"link\":";
  json::append_string(out, link_name(telegram.link));
  out += ",\"encrypted\":";
  out += telegram.encrypted ? "true" : "false";
  out += ",\"identification\":";
  append_text_or_null(out, telegram.identification);
  out += ",\"version\":";
  append_text_or_null(out, telegram.version);
  out += ",\"layout\":";
  append_text_or_null(out, telegram.layout);
  out += ",\"time\":";
  if (decoded.mapped.time) {
    json::append_time(out, *decoded.mapped.time);
  } else {
    out += "null";
  }
  out += ",\"integrity\":";
  json::append_string(out, integrity_name(telegram.integrity));
  if (!telegram.ciphering) return;
  out += ",\"security\":";
  json::append_string(out, hex_text(telegram.ciphering->security));
  out += ",\"system_title\":";
  json::append_string(out, hex_text(telegram.ciphering->system_title));
  out += ",\"counter\":";
  json::append_number(out, std::uint64_t{telegram.ciphering->counter});
}

}  // namespace

void append_json(std::string& out, const Decoded& decoded) {
  const auto reading = [&](const Reading& item) {
    append_reading(out, item, decoded.keys[item.key]);
  };
  const auto unknown = [&](const UnknownObject& item) { append_unknown(out, item); };
  const auto element = [&](const ListItem& item) { append_item(out, item); };
  const auto problem = [&](const Problem& item) { append_problem(out, item); };

  append_heading(out, decoded);
  out += ",\"readings\":[";
  append_items(out, decoded.mapped.readings, reading);
  out += "],\"unknown\":[";
  append_items(out, decoded.mapped.unknown, unknown);
  append_items(out, decoded.telegram.items, element);
  out += "],\"problems\":[";
  append_items(out, decoded.telegram.problems, problem);
  append_items(out, decoded.mapped.problems, problem);
  out += "]}\n";
}

}  // namespace p1meter::console
