// SPDX-License-Identifier: Apache-2.0
// Replay adapter: octets as people and tools write them in hex.
#include "adapters/replay/octet_text.hpp"

#include <algorithm>

namespace p1meter::replay {
namespace {

constexpr std::string_view blanks = " \t\r";

std::optional<unsigned> hex_value(char character) {
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
  if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a' + 10);
  if (character >= 'A' && character <= 'F') return static_cast<unsigned>(character - 'A' + 10);
  return std::nullopt;
}

bool is_one_of(char character, std::string_view characters) {
  return characters.find(character) != std::string_view::npos;
}

bool is_space(char character) { return is_one_of(character, " \t\r\n"); }

std::string_view trim_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

struct Probe {
  std::size_t octets{};
  bool whole{};  // nothing else than octets
};

/// The octets that a text begins with. Half an octet at its end may go on in the next line.
Probe probe(std::string_view text) {
  OctetText reader;
  const bool whole = std::ranges::all_of(text, [&](char c) { return reader.take(c); });
  return {reader.line_octets(), whole};
}

std::string without_blanks(std::string_view text) {
  std::string result{text};
  std::erase_if(result, [](char c) { return is_space(c); });
  return result;
}

/// Octets as the characters column of a dump shows them, but for blanks, which tools set freely.
std::string shown_characters(std::string_view octets) {
  std::string result;
  for (const char c : octets) {
    if (c != ' ') result += c > ' ' && c < '\x7F' ? c : '.';
  }
  return result;
}

/// Where the characters column begins: behind octets and two blanks, it shows these very octets.
std::optional<std::size_t> find_characters(std::string_view text) {
  for (auto gap = text.find("  "); gap != std::string_view::npos; gap = text.find("  ", gap + 1)) {
    OctetText reader;
    for (const char c : text.substr(0, gap)) {
      if (!reader.take(c)) return std::nullopt;
    }
    if (reader.bytes().empty() || !reader.finish()) continue;
    if (without_blanks(text.substr(gap)) == shown_characters(reader.bytes())) return gap;
  }
  return std::nullopt;
}

std::string_view without_comment(std::string_view line) {
  return line.substr(0, std::min(line.find('#'), line.find("//")));
}

bool is_zero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

/// A line of a dump. Digits before a blank are its offset when something else shows it: a colon,
/// the characters column, or that the dump began with offset 0.
std::optional<OctetColumns> find_dump(std::string_view line, LinesBefore before) {
  const bool within_dump = before == LinesBefore::dump;
  const auto digits = static_cast<std::size_t>(
      std::ranges::find_if_not(line, [](char c) { return hex_value(c).has_value(); }) -
      line.begin());
  if (digits < 4) return std::nullopt;
  const bool colon = digits < line.size() && line[digits] == ':';
  const std::size_t begin = digits + (colon ? 1 : 0);
  if (begin == line.size()) {  // the last line of a dump: how long it is
    if (!within_dump) return std::nullopt;
    return OctetColumns{.begin = std::string_view::npos, .dump = true};
  }
  if (!is_space(line[begin])) return std::nullopt;
  const std::string_view rest = line.substr(begin);
  if (const auto characters = find_characters(rest)) {
    return OctetColumns{begin, begin + *characters, true};
  }
  if (const auto bar = without_comment(rest).find_first_of("|>"); bar != std::string_view::npos) {
    return OctetColumns{begin, begin + bar, true};
  }
  const bool from_zero = before == LinesBefore::none && is_zero(line.substr(0, digits));
  const bool counted = digits >= 6 && (within_dump || from_zero);
  if (!colon && !counted) return std::nullopt;
  return OctetColumns{.begin = begin, .dump = true};
}

/// Behind what a log or a program has before octets: "[12:13:14][D][dlms:123]: ", "(V) ",
/// "frame[] = {". 0: there is no such thing.
std::size_t end_of_prefix(std::string_view line) {
  for (std::size_t end = line.size(); end > 1; --end) {
    if (line[end - 1] == '{') return end;
    if (line[end - 1] == ' ' && is_one_of(line[end - 2], ":)]<>=")) return end;
  }
  return 0;
}

bool has_control_characters(std::string_view line) {
  return std::ranges::any_of(line, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 && c != '\t' && c != '\r';
  });
}

}  // namespace

OctetColumns find_octets(std::string_view line, LinesBefore before) {
  line = trim_end(line);
  if (const auto dump = find_dump(line, before)) return *dump;
  const std::string_view code = without_comment(line);
  const std::size_t end = code.size() < line.size() ? code.size() : std::string_view::npos;
  if (probe(code).whole || has_control_characters(line)) return {.begin = 0, .end = end};
  const std::size_t prefix = end_of_prefix(code);
  if (prefix == 0) return {.begin = 0, .end = end};
  // A log says other things, too. One octet alone is rather a number or a word.
  if (probe(code.substr(prefix)).octets < 2) return {.begin = std::string_view::npos};
  return {.begin = prefix, .end = end};
}

bool shows_no_hex(std::string_view beginning) {
  const bool header = beginning.size() > 1 && beginning[0] == '/' && beginning[1] != '/';
  return header || has_control_characters(beginning);
}

bool OctetText::take(char character) {
  const bool fits =
      expected_ == Expected::anything ? take_anything(character) : take_expected(character);
  last_ = character;
  return fits;
}

bool OctetText::take_expected(char character) {
  switch (expected_) {
    case Expected::x:
      expected_ = Expected::digit;
      return character == 'x';
    case Expected::digit: {
      const auto digit = hex_value(character);
      if (digit) take_digit(*digit);
      expected_ = Expected::anything;
      return digit.has_value();
    }
    case Expected::end_of_line:
    case Expected::anything:
      break;
  }
  if (character != '\n') return true;
  expected_ = Expected::anything;
  return take_anything(character);
}

bool OctetText::take_anything(char character) {
  if (const auto digit = hex_value(character)) {
    take_digit(*digit);
    return true;
  }
  const bool zero_before = high_ == 0U && last_ == '0' && !prefixed_;
  if (is_one_of(character, "xX") && zero_before) {
    high_.reset();
    prefixed_ = true;
    expected_ = Expected::digit;
    return true;
  }
  end_octet();
  if (is_space(character)) {
    if (character == '\n') line_octets_ = 0;
    return true;
  }
  if (character == '#' || (character == '(' && line_octets_ > 0 && is_space(last_))) {
    expected_ = Expected::end_of_line;
    return true;
  }
  if (high_) return false;
  if (character == '\\') {
    prefixed_ = true;
    expected_ = Expected::x;
    return true;
  }
  return is_one_of(character, ",;:-.\"{}");
}

bool OctetText::finish() {
  end_octet();
  return !high_ && (expected_ == Expected::anything || expected_ == Expected::end_of_line);
}

void OctetText::take_digit(unsigned digit) {
  if (!high_) {
    high_ = digit;
    return;
  }
  push(*high_ << 4U | digit);
}

void OctetText::push(unsigned octet) {
  bytes_ += static_cast<char>(octet);
  ++line_octets_;
  high_.reset();
  prefixed_ = false;
}

/// A digit alone is an octet where 0x or \x says so.
void OctetText::end_octet() {
  if (high_ && prefixed_) push(*high_);
}

}  // namespace p1meter::replay
