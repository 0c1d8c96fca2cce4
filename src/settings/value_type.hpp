// SPDX-License-Identifier: Apache-2.0
// Settings: the kinds of value that keys take, and how they are read and written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/time.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// What a key takes. Drives validation, schema and documentation alike.
struct ValueType {
  enum class Kind : std::uint8_t { flag, number, text, choice, duration, size, amount, external };
  Kind kind{Kind::text};
  std::int64_t least{};         // number; duration in ms; size in bytes; text: shortest, in bytes
  std::int64_t most{};          // likewise
  std::string_view words{};     // choice: what may be said; others: words instead of a value; "a|b"
  std::string_view expected{};  // text: what a fault calls for, "a host name"
  std::string_view pattern{};   // text and amount: regular expression of the schema; empty: any
  bool list{};                  // also a list of these
};

[[nodiscard]] constexpr ValueType flag() { return {.kind = ValueType::Kind::flag}; }
[[nodiscard]] constexpr ValueType choice(std::string_view words) {
  return {.kind = ValueType::Kind::choice, .words = words};
}
[[nodiscard]] constexpr ValueType number(std::int64_t least, std::int64_t most,
                                         std::string_view words = {}) {
  return {.kind = ValueType::Kind::number, .least = least, .most = most, .words = words};
}
[[nodiscard]] constexpr ValueType duration(milliseconds least, milliseconds most,
                                           std::string_view words = {}) {
  return {.kind = ValueType::Kind::duration,
          .least = least.count(),
          .most = most.count(),
          .words = words};
}
[[nodiscard]] constexpr ValueType size(std::int64_t least, std::int64_t most) {
  return {.kind = ValueType::Kind::size, .least = least, .most = most};
}
[[nodiscard]] constexpr ValueType text(std::string_view expected, std::int64_t most,
                                       std::string_view pattern = {}, std::int64_t least = 0) {
  return {.kind = ValueType::Kind::text,
          .least = least,
          .most = most,
          .expected = expected,
          .pattern = pattern};
}
/// A topic, or a template of one.
[[nodiscard]] constexpr ValueType topic_text() {
  return text("a topic without + and #, which must not be empty", 1024, "^[^+#$/][^+#]*$", 1);
}
/// A text that may be a number: a deadband.
[[nodiscard]] constexpr ValueType amount(std::string_view expected, std::string_view pattern) {
  constexpr std::int64_t longest = 32;
  return {.kind = ValueType::Kind::amount,
          .least = 1,
          .most = longest,
          .expected = expected,
          .pattern = pattern};
}
[[nodiscard]] constexpr ValueType list_of(ValueType type) {
  type.list = true;
  return type;
}
[[nodiscard]] constexpr ValueType with_words(std::string_view words, ValueType type) {
  type.words = words;
  return type;
}
/// Read by its key's function from Given::node, or elsewhere (an OBIS table's attributes).
/// `pattern`: the schema of the value, as JSON.
[[nodiscard]] constexpr ValueType external(std::string_view expected, std::string_view schema) {
  return {.kind = ValueType::Kind::external, .expected = expected, .pattern = schema};
}

/// A value that its type has accepted.
struct Given {
  std::string_view text{};  // as written
  std::int64_t number{};    // number; duration in ms; size in bytes
  bool flag{};
  bool word{};             // one of the type's words instead of a value
  const YamlNode* node{};  // where it stands, and its path as faults show it
  const std::string* path{};
};

/// Grammar   duration = digits [ " " ] ( "ms" | "s" | "min" | "h" ) | "0"
[[nodiscard]] std::optional<milliseconds> parse_duration(std::string_view text) noexcept;
/// In the largest unit that is exact: "500ms", "10s", "5min", "1h".
[[nodiscard]] std::string write_duration(milliseconds duration);
/// Grammar   size = digits [ " " ] [ "B" | "kB" | "KiB" | "MB" | "MiB" ]
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text) noexcept;
[[nodiscard]] std::string write_size(std::int64_t bytes);
/// Digits only, at most 18.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text) noexcept;

/// Reads one scalar by its type; nothing when it does not fit.
[[nodiscard]] std::optional<Given> read_value(const ValueType& type, const YamlNode& scalar);

/// What a fault says is expected: "a number from 1 to 2, or auto".
[[nodiscard]] std::string describe(const ValueType& type);
/// The words of "a|b|c".
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view words);
/// "a, b or c"
[[nodiscard]] std::string join_words(const std::vector<std::string_view>& words);

/// UTF-8 without control characters. YAML's escapes can smuggle in what check_text() keeps out of
/// the file itself.
[[nodiscard]] bool is_printable(std::string_view text);

/// A printable text as YAML: bare where that is safe, else in double quotes.
[[nodiscard]] std::string yaml_text(std::string_view text);

}  // namespace p1meter::settings
