// SPDX-License-Identifier: Apache-2.0
// Settings: the kinds of value that keys take, and how they are read and written.
#include "settings/value_type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "settings/yaml_text.hpp"

namespace p1meter::settings {
namespace {

struct Scale {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Scale, 4> durations{
    {{"h", 3'600'000}, {"min", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<Scale, 6> sizes{
    {{"MiB", 1'048'576}, {"KiB", 1024}, {"MB", 1'000'000}, {"kB", 1000}, {"B", 1}, {"", 1}}};

/// A number and one of the units behind it, exactly; nothing when it would not fit 63 bits.
template <std::size_t Count>
std::optional<std::int64_t> parse_scaled(std::string_view text,
                                         const std::array<Scale, Count>& scales) noexcept {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto amount = parse_whole(text.substr(0, digits));
  if (!amount) return std::nullopt;
  auto unit = text.substr(digits);
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& scale : scales) {
    if (unit != scale.name) continue;
    if (*amount > INT64_MAX / scale.factor) return std::nullopt;
    return *amount * scale.factor;
  }
  return std::nullopt;
}

bool has_word(std::string_view words, std::string_view text) {
  const auto all = split_words(words);
  return std::find(all.begin(), all.end(), text) != all.end();
}

bool is_true(std::string_view text) { return text == "true" || text == "True" || text == "TRUE"; }
bool is_false(std::string_view text) {
  return text == "false" || text == "False" || text == "FALSE";
}

std::optional<std::int64_t> read_number(const ValueType& type, std::string_view text) {
  switch (type.kind) {
    case ValueType::Kind::number:
      return parse_whole(text);
    case ValueType::Kind::size:
      return parse_size(text);
    default:
      if (const auto duration = parse_duration(text)) return duration->count();
      return std::nullopt;
  }
}

std::string range(std::string_view what, const std::string& least, const std::string& most) {
  return least == most ? least : std::string{what} + " from " + least + " to " + most;
}

std::string describe_amount(const ValueType& type) {
  switch (type.kind) {
    case ValueType::Kind::flag:
      return "true or false";
    case ValueType::Kind::number:
      return range("a number", std::to_string(type.least), std::to_string(type.most));
    case ValueType::Kind::duration:
      return range("a time", write_duration(milliseconds{type.least}),
                   write_duration(milliseconds{type.most})) +
             " (500ms, 10s, 5min, 1h)";
    case ValueType::Kind::size:
      return range("a size", write_size(type.least), write_size(type.most));
    case ValueType::Kind::choice:
      return join_words(split_words(type.words));
    default:
      return std::string{type.expected};
  }
}

bool is_bare(std::string_view text) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-*";
  constexpr std::array<std::string_view, 11> meant{"null", "Null", "NULL", "yes", "no", "on",
                                                   "off",  "y",    "n",    ".",   "-"};
  if (text.empty() || text.find_first_not_of(safe) != std::string_view::npos) return false;
  if (text.front() == '-' || text.front() == '*' || is_true(text) || is_false(text)) return false;
  return std::find(meant.begin(), meant.end(), text) == meant.end();
}

}  // namespace

std::optional<std::int64_t> parse_whole(std::string_view text) noexcept {
  constexpr std::size_t most_digits = 18;
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
  if (text == "0") return milliseconds{0};
  const auto count = parse_scaled(text, durations);
  if (!count) return std::nullopt;
  return milliseconds{*count};
}

std::string write_duration(milliseconds duration) {
  if (duration.count() == 0) return "0s";
  // 60s rather than 1min: a minute is a number of seconds for most who write limits
  constexpr std::int64_t one_minute = 60'000;
  for (const auto& [name, factor] : durations) {
    if (duration.count() % factor != 0 || (factor == one_minute && duration.count() == factor)) {
      continue;
    }
    return std::to_string(duration.count() / factor) + std::string{name};
  }
  return std::to_string(duration.count()) + "ms";
}

std::optional<std::int64_t> parse_size(std::string_view text) noexcept {
  return parse_scaled(text, sizes);
}

std::string write_size(std::int64_t bytes) {
  for (const auto& [name, factor] : {sizes[0], sizes[1]}) {
    if (bytes != 0 && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string{name};
    }
  }
  return std::to_string(bytes);
}

std::optional<Given> read_value(const ValueType& type, const YamlNode& scalar) {
  Given given{.text = scalar.text};
  given.word = has_word(type.words, scalar.text);
  if (given.word) return given;
  const bool truth = scalar.plain && (is_true(scalar.text) || is_false(scalar.text));
  switch (type.kind) {
    case ValueType::Kind::choice:
    case ValueType::Kind::external:
      return std::nullopt;
    case ValueType::Kind::flag:
      given.flag = is_true(scalar.text);
      return truth ? std::optional{given} : std::nullopt;
    case ValueType::Kind::text:
    case ValueType::Kind::amount: {
      const auto length = static_cast<std::int64_t>(scalar.text.size());
      if (truth || length < type.least || length > type.most || !is_printable(scalar.text)) {
        return std::nullopt;
      }
      return given;
    }
    default:
      break;
  }
  // "5" in quotes is a text in YAML, and for everybody who checks with the schema
  if (type.kind == ValueType::Kind::number && !scalar.plain) return std::nullopt;
  const auto amount = read_number(type, scalar.text);
  if (!amount || *amount < type.least || *amount > type.most) return std::nullopt;
  given.number = *amount;
  return given;
}

std::string describe(const ValueType& type) {
  std::string text = describe_amount(type);
  if (type.kind != ValueType::Kind::choice && !type.words.empty()) {
    text += ", or " + join_words(split_words(type.words));
  }
  if (type.list) text += "; or a list of these";
  return text;
}

bool is_printable(std::string_view text) {
  const auto control = [](char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
  };
  return std::none_of(text.begin(), text.end(), control) && is_utf8(text);
}

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> parts;
  while (!words.empty()) {
    const auto bar = std::min(words.find('|'), words.size());
    parts.push_back(words.substr(0, bar));
    words.remove_prefix(std::min(bar + 1, words.size()));
  }
  return parts;
}

std::string join_words(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string yaml_text(std::string_view text) {
  if (is_bare(text)) return std::string{text};
  std::string quoted{"\""};
  for (const char character : text) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + '"';
}

}  // namespace p1meter::settings
