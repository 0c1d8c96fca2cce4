// SPDX-License-Identifier: Apache-2.0
// Console adapter: one decoded telegram as lines of CSV.
#include <string_view>

#include "adapters/console/names.hpp"
#include "adapters/console/telegram_text.hpp"
#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {
namespace {

/// Appends text as one field, quoted where RFC 4180 asks for it.
void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"") == std::string_view::npos) {
    json::append_harmless(out, text);
    return;
  }
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('"', at);
    json::append_harmless(out, text.substr(at, end - at));
    if (end == std::string_view::npos) break;
    out += "\"\"";
    at = end + 1;
  }
  out += '"';
}

void append_time(std::string& out, const std::optional<MeterTime>& time) {
  TimeBuffer buffer;
  if (time) out += write_time(*time, buffer);
}

void append_value(std::string& out, const Value& value, ReadingKind kind) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_field(out, *text);
    return;
  }
  const std::size_t begin = out.size();
  append_plain(out, value, kind);
  if (!std::holds_alternative<std::span<const ListRow>>(value)) return;
  const std::string rows = out.substr(begin);
  out.resize(begin);
  append_field(out, rows);
}

void append_line(std::string& out, const Reading& reading, const KeyInfo& info) {
  out += info.key;
  out += ',';
  if (reading.obis) out += to_string(*reading.obis);
  out += ',';
  append_value(out, reading.value, info.kind);
  out += ',';
  out += unit_text(reading.unit);
  out += ',';
  append_time(out, reading.time);
  out += ',';
  out += device_name(info.device);
  out += ',';
  if (reading.channel != 0) json::append_number(out, std::uint64_t{reading.channel});
  out += info.computed ? ",true\n" : ",\n";
}

}  // namespace

void append_csv_header(std::string& out) {
  out += "telegram,time,integrity,key,obis,value,unit,reading_time,device,channel,computed\n";
}

void append_csv(std::string& out, const Decoded& decoded, std::uint64_t number) {
  for (const Reading& reading : decoded.mapped.readings) {
    json::append_number(out, number);
    out += ',';
    append_time(out, decoded.mapped.time);
    out += ',';
    out += integrity_name(decoded.telegram.integrity);
    out += ',';
    append_line(out, reading, decoded.keys[reading.key]);
  }
}

}  // namespace p1meter::console
