// SPDX-License-Identifier: Apache-2.0
// Values: OBIS codes as text.
#include "p1meter/values/obis.hpp"

#include <initializer_list>

namespace p1meter {
namespace {

/// Takes one group of 1 to 3 digits off the front of text.
std::optional<std::uint8_t> take_group(std::string_view& text) noexcept {
  unsigned value = 0;
  std::size_t count = 0;
  while (count < text.size() && count < 3 && text[count] >= '0' && text[count] <= '9') {
    value = value * 10 + static_cast<unsigned>(text[count] - '0');
    ++count;
  }
  if (count == 0 || value > 255) return std::nullopt;
  text.remove_prefix(count);
  return static_cast<std::uint8_t>(value);
}

bool take_any_of(std::string_view& text, std::string_view separators) noexcept {
  if (text.empty() || separators.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Obis> parse_obis(std::string_view text) noexcept {
  Obis obis;
  const auto whole = text;
  struct Step {
    std::uint8_t Obis::*group;
    std::string_view separators;  // in front of the group
  };
  for (const auto& step : {Step{&Obis::a, ""}, Step{&Obis::b, "-"}, Step{&Obis::c, ":"},
                           Step{&Obis::d, ".:"}, Step{&Obis::e, ".:"}, Step{&Obis::f, "*."}}) {
    if (step.group == &Obis::f && text.empty()) break;
    if (step.group != &Obis::a && !take_any_of(text, step.separators)) return std::nullopt;
    const bool after_point = text.data() != whole.data() && text.data()[-1] == '.';
    const auto group = take_group(text);
    if (!group) return std::nullopt;
    // A sixth group after a point is only ever 255; another one is a damaged code.
    if (step.group == &Obis::f && after_point && *group != 255) return std::nullopt;
    obis.*step.group = *group;
  }
  if (!text.empty()) return std::nullopt;
  return obis;
}

std::string to_string(const Obis& obis) {
  std::string text = std::to_string(obis.a) + '-' + std::to_string(obis.b) + ':' +
                     std::to_string(obis.c) + '.' + std::to_string(obis.d) + '.' +
                     std::to_string(obis.e);
  if (obis.f != 255) text += '*' + std::to_string(obis.f);
  return text;
}

}  // namespace p1meter
