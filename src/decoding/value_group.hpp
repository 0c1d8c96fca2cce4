// SPDX-License-Identifier: Apache-2.0
// Decoding: one value group, "(0001.234*kW)". Inline: most of the decoder's time is spent here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter::decoding {

/// What stands between parentheses, as views into the text.
struct ValueGroup {
  std::string_view text{};  // without unit
  std::string_view unit{};  // behind '*'
  bool has_unit{};
  bool is_number{};
  Decimal number{};
};

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

[[nodiscard]] constexpr bool is_line_end(char c) noexcept { return c == '\r' || c == '\n'; }

/// "1-0:1", the beginning of a line of its own.
[[nodiscard]] inline bool begins_like_code(const char* at, const char* end) noexcept {
  unsigned group = 0;
  return scan::take_group(at, end, group) && scan::take_char(at, end, '-') &&
         scan::take_group(at, end, group) && scan::take_char(at, end, ':') && at != end &&
         scan::is_digit(*at);
}

enum class GroupEnd : std::uint8_t {
  closed,    // the place is behind ')'
  unclosed,  // the text ends, or a line of its own begins: the place is there
  nested,    // '(' inside a value: the place is there
};

/// How a group ended, and where. Small enough to be handed over in registers.
struct TakenGroup {
  const char* at{};
  GroupEnd how{};
};

/// Goes from a group's first character behind its ')'; star is then the first '*', or null.
inline TakenGroup skip_group(const char* at, const char* end, const char*& star) noexcept {
  star = nullptr;
  for (; at != end; ++at) {
    const char c = *at;
    if (static_cast<unsigned char>(c) > '*') continue;  // nearly every character
    if (c == ')') return {at + 1, GroupEnd::closed};
    if (c == '(') return {at, GroupEnd::nested};
    if (c == '*' && star == nullptr) star = at;
    if (c == '\n' && begins_like_code(at + 1, end)) return {at + 1, GroupEnd::unclosed};
  }
  return {at, GroupEnd::unclosed};
}

/// The slow way: any text up to ')', over line ends.
inline TakenGroup take_text_group(const char* first, const char* end, ValueGroup& group) noexcept {
  const char* star = nullptr;
  const TakenGroup taken = skip_group(first, end, star);
  if (taken.how != GroupEnd::closed) return taken;
  const char* const last = taken.at - 1;
  group.has_unit = star != nullptr;
  const char* const text_end = group.has_unit ? star : last;
  group.text = {first, static_cast<std::size_t>(text_end - first)};
  group.unit = group.has_unit
                   ? std::string_view{star + 1, static_cast<std::size_t>(last - star - 1)}
                   : std::string_view{};
  const auto number = trimmed(group.text);
  group.is_number = group.has_unit || number.size() < group.text.size();  // else it was tried
  if (group.is_number) {
    const char* number_at = number.data();
    const char* const number_end = number_at + number.size();
    group.is_number =
        scan::take_decimal(number_at, number_end, group.number) && number_at == number_end;
  }
  return taken;
}

/// Reads a group from the character behind its '('.
inline TakenGroup take_group(const char* first, const char* end, ValueGroup& group) noexcept {
  // Nearly every group is a number with or without unit, or a time with its letter (S, W): read it
  // as one, else start over.
  const char* p = first;
  if (scan::take_decimal(p, end, group.number) && p != end) {
    const char* const number_end = p;
    group.has_unit = *p == '*';
    // No character of a usual unit lies below the parentheses; ' ' and '%' are left to the slow
    // way.
    while (p != end && static_cast<unsigned char>(*p) > ')') ++p;
    group.is_number = group.has_unit || p == number_end;
    const bool lettered = !group.has_unit && p == number_end + 1;
    if (p != end && *p == ')' && (group.is_number || lettered)) {
      group.text = {first, static_cast<std::size_t>((lettered ? p : number_end) - first)};
      const char* const unit = group.has_unit ? number_end + 1 : p;
      group.unit = {unit, static_cast<std::size_t>(p - unit)};
      return {p + 1, GroupEnd::closed};
    }
  }
  return take_text_group(first, end, group);
}

/// Walks the groups of an object that has been read before: "(a)(b*c)".
class GroupWalk {
 public:
  explicit GroupWalk(std::string_view raw) noexcept : at_{raw.data()}, end_{at_ + raw.size()} {}

  [[nodiscard]] bool next(ValueGroup& group) noexcept {
    while (at_ != end_ && *at_ != '(') ++at_;
    if (at_ == end_) return false;
    const auto [behind, how] = take_group(at_ + 1, end_, group);
    at_ = behind;
    return how == GroupEnd::closed;
  }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace p1meter::decoding
