// SPDX-License-Identifier: Apache-2.0
// JSON: values as JSON text.
#include "json/json_text.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <variant>

namespace p1meter::json {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

/// How many bytes a character that starts with `lead` has, and which second bytes are allowed.
struct Sequence {
  std::size_t length{};  // 0: no character starts so
  unsigned char second_low{0x80};
  unsigned char second_high{0xBF};
};

/// Source    Unicode table 3-7, "Well-Formed UTF-8 Byte Sequences"
constexpr Sequence sequence_of(unsigned char lead) noexcept {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0};
  if (lead == 0xED) return {3, 0x80, 0x9F};  // no surrogates
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

/// A character of UTF-8, or as much of it as is there.
struct Part {
  std::size_t length{};
  bool whole{};
};

Part part_at(std::string_view text, std::size_t at) noexcept {
  const Sequence sequence = sequence_of(byte_at(text, at));
  if (sequence.length == 0) return {1, false};
  std::size_t length = 1;
  for (; length < sequence.length && at + length < text.size(); ++length) {
    const unsigned char next = byte_at(text, at + length);
    const unsigned char low = length == 1 ? sequence.second_low : 0x80;
    const unsigned char high = length == 1 ? sequence.second_high : 0xBF;
    if (next < low || next > high) break;
  }
  return {length, length == sequence.length};
}

constexpr bool is_plain(unsigned char c) noexcept {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:  // DEL and C1 included: a terminal may act on them
      out += "\\u00";
      out += hex[c >> 4U];
      out += hex[c & 0xFU];
  }
}

void append_or_null(std::string& out, const std::optional<MeterTime>& time) {
  if (time) {
    append_time(out, *time);
  } else {
    out += "null";
  }
}

void append_or_null(std::string& out, const std::optional<Decimal>& number) {
  if (number) {
    append_number(out, *number);
  } else {
    out += "null";
  }
}

void append_month(std::string& out, const std::optional<MeterTime>& stamp) {
  constexpr std::size_t year_and_month = 7;  // "2024-09"
  if (!stamp) {
    out += "null";
    return;
  }
  TimeBuffer buffer;
  append_string(out, write_time(*stamp, buffer).substr(0, year_and_month));
}

void append_row(std::string& out, const ListRow& row, ReadingKind kind) {
  if (kind == ReadingKind::failure_log) {
    out += "{\"end\":";
    append_or_null(out, row.time);
    out += ",\"duration\":";
  } else {
    out += "{\"month\":";
    append_month(out, row.stamp);
    out += ",\"time\":";
    append_or_null(out, row.time);
    out += ",\"value\":";
  }
  append_or_null(out, row.value);
  out += '}';
}

void append_rows(std::string& out, std::span<const ListRow> rows, ReadingKind kind) {
  out += '[';
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) out += ',';
    append_row(out, rows[i], kind);
  }
  out += ']';
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t plain = at;
    while (plain < text.size() && is_plain(byte_at(text, plain))) ++plain;
    out += text.substr(at, plain - at);
    at = plain;
    if (at == text.size()) return;
    const Part part = part_at(text, at);
    if (!part.whole) {
      out += replacement;
    } else if (part.length == 1) {
      append_control(out, byte_at(text, at));
    } else if (byte_at(text, at) == 0xC2 && byte_at(text, at + 1) < 0xA0) {
      append_control(out, byte_at(text, at + 1));  // U+0080 to U+009F: controls too
    } else {
      out += text.substr(at, part.length);
    }
    at += part.length;
  }
}

void append_utf8(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Part part = part_at(text, at);
    out += part.whole ? text.substr(at, part.length) : replacement;
    at += part.length;
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_name(std::string& out, std::string_view name) {
  append_string(out, name);
  out += ':';
}

void append_number(std::string& out, const Decimal& number) {
  DecimalBuffer buffer;
  out += write_decimal(number, buffer);
}

void append_number(std::string& out, std::uint64_t number) {
  constexpr std::size_t digits = 20;
  std::array<char, digits> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  out.append(buffer.data(), written.ptr);
}

void append_time(std::string& out, const MeterTime& time) {
  TimeBuffer buffer;
  out += '"';
  out += write_time(time, buffer);
  out += '"';
}

void append_time(std::string& out, Instant time) {
  TimeBuffer buffer;
  out += '"';
  out += write_time(time, buffer);
  out += '"';
}

void append_value(std::string& out, const Value& value, ReadingKind kind) {
  if (const auto* number = std::get_if<Decimal>(&value)) {
    append_number(out, *number);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_string(out, *text);
  } else if (const auto* rows = std::get_if<std::span<const ListRow>>(&value)) {
    append_rows(out, *rows, kind);
  } else {
    out += "null";
  }
}

}  // namespace p1meter::json
