// SPDX-License-Identifier: Apache-2.0
// Console adapter: one decoded telegram as a table for people.
#include <algorithm>
#include <string_view>

#include "adapters/console/names.hpp"
#include "adapters/console/telegram_text.hpp"
#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {
namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view normal = "\x1b[0m";

constexpr std::string_view indent = "  ";

/// Characters of UTF-8; each takes one column in what meters and units use.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Builds lines: pads, colours and cuts at the terminal's width.
class Page {
 public:
  Page(std::string& out, const TableStyle& style) : out_{out}, style_{style} {}

  void put(std::string_view text, std::string_view colour = {}) {
    std::size_t room = columns(text);
    if (style_.width > 0) room = std::min(room, style_.width - std::min(used_, style_.width));
    if (room == 0) return;
    if (style_.colour) out_ += colour;
    append_columns(text, room);
    if (style_.colour && !colour.empty()) out_ += normal;
    used_ += room;
  }
  void pad_to(std::size_t column) {
    while (used_ < column && (style_.width == 0 || used_ < style_.width)) {
      out_ += ' ';
      ++used_;
    }
  }
  void end_line() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    out_ += '\n';
    used_ = 0;
  }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }

 private:
  /// The first `room` columns of the text; where something is left out, the last one says so.
  void append_columns(std::string_view text, std::size_t room) {
    if (columns(text) <= room) {
      out_ += text;
      return;
    }
    std::size_t end = 0;
    for (std::size_t taken = 0; end < text.size(); ++end) {
      const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
      if (starts && ++taken == room) break;
    }
    out_ += text.substr(0, end);
    out_ += "\xE2\x80\xA6";  // …
  }

  std::string& out_;
  const TableStyle& style_;
  std::size_t used_{};
};

std::string cipher_text(const Ciphering& ciphering) {
  std::string text{"  security "};
  text.append(hex_text(ciphering.security)).append("  title ");
  text.append(hex_text(ciphering.system_title)).append("  counter ");
  json::append_number(text, std::uint64_t{ciphering.counter});
  return text;
}

void put_heading(Page& page, const Decoded& decoded) {
  const Telegram& telegram = decoded.telegram;
  std::string text;
  json::append_harmless(text, telegram.identification);
  page.put(text.empty() ? std::string_view{"(no identification)"} : text, bold);
  if (!telegram.version.empty()) {
    text.assign("  version ");
    json::append_harmless(text, telegram.version);
    page.put(text);
  }
  TimeBuffer buffer;
  page.put(indent);
  page.put(decoded.mapped.time ? write_time(*decoded.mapped.time, buffer)
                               : std::string_view{"no time"});
  const bool good = telegram.integrity == Integrity::ok && !stayed_closed(telegram);
  text.assign(indent).append(checks_text(telegram));
  page.put(text, good ? green : telegram.integrity == Integrity::bad ? red : std::string_view{});
  text.clear();
  if (telegram.link != Link::none) text.append(indent).append(link_name(telegram.link));
  if (!telegram.layout.empty()) text.append("  list ").append(telegram.layout);
  if (telegram.ciphering) text += cipher_text(*telegram.ciphering);
  page.put(text, dim);
  page.end_line();
}

/// What stands behind a reading: its own time, the device it comes from.
std::string remark_of(const Reading& reading, const KeyInfo& info) {
  std::string text;
  TimeBuffer buffer;
  if (reading.time) text.append(indent).append(write_time(*reading.time, buffer));
  if (reading.channel != 0) {
    text.append(indent).append("channel ");
    json::append_number(text, std::uint64_t{reading.channel});
  }
  if (info.computed) text.append("  computed");
  return text;
}

/// Where the columns of a telegram's readings stand.
struct Widths {
  std::size_t key{};
  std::size_t number{};
};

Widths widths_of(const Decoded& decoded) {
  Widths widths;
  DecimalBuffer buffer;
  for (const Reading& reading : decoded.mapped.readings) {
    widths.key = std::max(widths.key, decoded.keys[reading.key].key.size());
    if (const auto* number = std::get_if<Decimal>(&reading.value)) {
      widths.number = std::max(widths.number, write_decimal(*number, buffer).size());
    }
  }
  return widths;
}

void put_reading(Page& page, const Reading& reading, const KeyInfo& info, const Widths& widths) {
  page.put(indent);
  page.put(info.key);
  page.pad_to(indent.size() + widths.key + indent.size());
  std::string value;
  append_plain(value, reading.value, info.kind);
  if (std::holds_alternative<std::monostate>(reading.value)) value = "-";
  if (std::holds_alternative<Decimal>(reading.value)) {
    page.pad_to(page.used() + widths.number - value.size());
  }
  page.put(value, bold);
  if (const auto unit = unit_text(reading.unit); !unit.empty()) {
    page.put(" ");
    page.put(unit);
  }
  page.put(remark_of(reading, info), dim);
  page.end_line();
}

void put_unknown(Page& page, const UnknownObject& object) {
  std::string text{"  unknown "};
  text.append(to_string(object.obis)).append(indent);
  json::append_harmless(text, groups_text(object));
  page.put(text, dim);
  page.end_line();
}

void put_item(Page& page, const ListItem& item) {
  std::string text{"  element "};
  text.append(item.position).append(indent).append(item.type).append(indent);
  json::append_harmless(text, item.value);
  page.put(text, dim);
  page.end_line();
}

void put_problem(Page& page, const Problem& problem) {
  std::string text{"  problem "};
  text.append(problem_name(problem.code)).append(" at byte ");
  json::append_number(text, std::uint64_t{problem.offset});
  if (problem.obis) text.append(" in ").append(to_string(*problem.obis));
  if (!problem.text.empty()) {
    text.append(": ");
    json::append_harmless(text, problem.text);
  }
  page.put(text, red);
  page.end_line();
}

}  // namespace

void append_table(std::string& out, const Decoded& decoded, const TableStyle& style) {
  Page page{out, style};
  put_heading(page, decoded);
  const Widths widths = widths_of(decoded);
  for (const Reading& reading : decoded.mapped.readings) {
    put_reading(page, reading, decoded.keys[reading.key], widths);
  }
  for (const UnknownObject& object : decoded.mapped.unknown) put_unknown(page, object);
  for (const ListItem& item : decoded.telegram.items) put_item(page, item);
  for (const Problem& problem : decoded.telegram.problems) put_problem(page, problem);
  for (const Problem& problem : decoded.mapped.problems) put_problem(page, problem);
  page.end_line();
}

}  // namespace p1meter::console
