// SPDX-License-Identifier: Apache-2.0
// Mapping: the characters of a value, read in the way its table entry says.
#include "mapping/value_reader.hpp"

#include <algorithm>

namespace p1meter::mapping {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// A character from two hex digits; nothing when they are none, or it is not printable.
std::optional<char> printable(char high, char low) noexcept {
  const int h = hex_digit(high);
  const int l = hex_digit(low);
  if (h < 0 || l < 0) return std::nullopt;
  const int code = h * 16 + l;
  if (code < 0x20 || code > 0x7E) return std::nullopt;
  return static_cast<char>(code);
}

std::optional<Decimal> converted(const ObjectRow& row, const RowRules& rules) noexcept {
  const Unit sent = row.unit == Unit::none ? rules.bare_unit : row.unit;
  if (!row.number || family_of(sent) != family_of(rules.unit)) return std::nullopt;
  const auto number = shift_point(*row.number, power_of_ten(sent) - power_of_ten(rules.unit));
  return number && rules.ratio ? apply_ratio(*number, *rules.ratio) : number;
}

/// The "no data" rows that meters fill their lists up with.
bool is_empty_row(const ObjectRow& row) noexcept {
  return row.unset && (!row.number || row.number->mantissa == 0);
}

}  // namespace

void decode_characters(std::string_view text, std::string& result) {
  result.clear();
  result.reserve(text.size());
  for (const char c : text) {
    if (c != '\r' && c != '\n') result.push_back(c);
  }
  const auto digits = trimmed(result);
  if (digits.empty() || digits.size() % 2 != 0) return;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    if (!printable(digits[i], digits[i + 1])) return;
  }
  const auto first = static_cast<std::size_t>(digits.data() - result.data());
  const std::size_t count = digits.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {  // never overtakes what is still to be read
    result[i] = *printable(result[first + 2 * i], result[first + 2 * i + 1]);
  }
  result.resize(count);
}

bool is_all_nines(std::string_view text) noexcept {
  while (text.starts_with('0')) text.remove_prefix(1);
  const auto nines = std::ranges::count(text, '9');
  const auto points = std::ranges::count(text, '.');
  return nines >= 3 && points <= 1 && static_cast<std::size_t>(nines + points) == text.size();
}

bool looks_like_number(std::string_view text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::ranges::count(text, '.') <= 1 &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

std::optional<ValueGroup> value_group(std::string_view raw, std::uint8_t group) noexcept {
  for (std::uint8_t i = 1;; ++i) {
    const auto open = raw.find('(');
    const auto close = raw.find(')', open == std::string_view::npos ? raw.size() : open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto inside = raw.substr(open + 1, close - open - 1);
    raw.remove_prefix(close + 1);
    if (i < group) continue;
    const auto star = inside.find('*');
    if (star == std::string_view::npos) return ValueGroup{.text = trimmed(inside)};
    const auto unit = parse_unit(inside.substr(star + 1));
    return ValueGroup{.text = trimmed(inside.substr(0, star)),
                      .unit = unit.value_or(Unit::none),
                      .unit_known = unit.has_value()};
  }
}

std::string_view without_parentheses(std::string_view raw) noexcept {
  if (raw.starts_with('(')) raw.remove_prefix(1);
  if (raw.ends_with(')')) raw.remove_suffix(1);
  return raw;
}

bool read_failure_log(std::span<const ObjectRow> rows, const RowRules& rules,
                      std::vector<ListRow>& result) {
  result.clear();
  for (const ObjectRow& row : rows) {
    if (is_empty_row(row)) continue;
    const auto duration = converted(row, rules);
    if (!duration) return false;
    ListRow& entry = result.emplace_back();
    entry.value = duration;
    const auto& end = row.time ? row.time : row.stamp;
    if (end && !row.unset) entry.time = place(*end, rules.zone);
  }
  return true;
}

bool read_peak_history(std::span<const ObjectRow> rows, const RowRules& rules,
                       std::vector<ListRow>& result) {
  result.clear();
  for (const ObjectRow& row : rows) {
    if (is_empty_row(row)) continue;
    const auto peak = converted(row, rules);
    if (!peak || !row.stamp) return false;
    ListRow& entry = result.emplace_back();
    entry.value = peak;
    entry.stamp = place(*row.stamp, rules.zone);
    entry.stamp->instant -= seconds{1};
    if (row.time && !row.unset) entry.time = place(*row.time, rules.zone);
  }
  return true;
}

}  // namespace p1meter::mapping
