// SPDX-License-Identifier: Apache-2.0
// Settings: what a layout says of the lists that it applies to.
#include <algorithm>
#include <array>
#include <utility>

#include "p1meter/mapping/meter_profile.hpp"
#include "settings/layout_text.hpp"
#include "settings/nearest.hpp"
#include "settings/value_type.hpp"

namespace p1meter::settings {
namespace {

using Kind = YamlNode::Kind;

constexpr std::string_view place_expected =
    R"(a code like "1-0:1.7.0", {code: "1-0:1.7.0", unit: W}, list_name, clock_time or clock_date)";
constexpr std::string_view scale_expected =
    R"({unit: Wh, scaler: 1}, unknown, or a list of them with up_to in all but the last)";

// ---- scales

bool read_unit(const YamlNode& value, const std::string& path, Unit& unit, LayoutText& text) {
  if (value.kind == Kind::scalar && value.text == "none") return true;
  const auto known =
      value.kind == Kind::scalar && !value.text.empty() ? parse_unit(value.text) : std::nullopt;
  if (!known) {
    text.expected(value, path, "a unit like W, Wh, V or A, or none");
    return false;
  }
  unit = *known;
  return true;
}

bool read_scaler(const YamlNode& value, const std::string& path, std::int8_t& scaler,
                 LayoutText& text) {
  std::string_view digits = value.text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const auto number = value.kind == Kind::scalar ? parse_whole(digits) : std::nullopt;
  if (!number || *number > max_exponent) {
    text.expected(value, path, "a power of ten from -18 to 18: -1 for tenths, 1 for tens");
    return false;
  }
  scaler = static_cast<std::int8_t>(negative ? -*number : *number);
  return true;
}

/// One key of a scale, beside `other`, which is read elsewhere.
bool read_scale_key(const YamlNode& key, const YamlNode& value, const std::string& path,
                    std::string_view other, ListScale& scale, LayoutText& text) {
  if (key.text == "unit") return read_unit(value, path + ".unit", scale.unit, text);
  if (key.text == "scaler") return read_scaler(value, path + ".scaler", scale.scaler, text);
  if (key.text == other) return true;
  const std::array<std::string_view, 3> known{"unit", "scaler", other};
  text.add_fault(key.place, path + '.' + key.text, "unknown key" + suggest(key.text, known));
  return false;
}

constexpr std::string_view place_key = "code";   // beside a position's scale
constexpr std::string_view bound_key = "up_to";  // beside a code's

/// unit and scaler of a map; without both there is no scale, which only a position may lack.
bool read_scale(const YamlNode& map, const std::string& path, std::string_view other,
                std::optional<ListScale>& scale, LayoutText& text) {
  bool good = true;
  ListScale stated;
  for (std::size_t i = 0; i < map.items.size(); ++i) {
    good = read_scale_key(map.keys[i], map.items[i], path, other, stated, text) && good;
  }
  const bool has_scale = map.find("unit") != nullptr || map.find("scaler") != nullptr;
  if (has_scale) scale = stated;
  if (has_scale && map.find("unit") == nullptr) {
    text.add_fault(map.place, path, "'unit' is missing; a number without one has unit: none");
    good = false;
  }
  if (!has_scale && other != place_key && good) {
    text.expected(map, path, scale_expected);
    good = false;
  }
  return good;
}

/// Whether every code of the second pattern fits the first.
bool covers(const CodePattern& wide, const CodePattern& narrow) noexcept {
  return (wide.mask & narrow.mask) == wide.mask && (narrow.bits & wide.mask) == wide.bits;
}

/// The codes of `scales` in their order, each with its line.
class ScaleList {
 public:
  ScaleList(std::vector<CodeScale>& scales, LayoutText& text) : scales_{scales}, text_{text} {}

  void read(const YamlNode& key, const YamlNode& value) {
    const std::string path = "scales." + key.text;
    const auto codes = read_code_patterns(key.text);
    if (codes.empty()) return text_.expected(key, path, code_pattern_expected);
    if (value.kind != Kind::list) return read_entry(key, value, path, codes);
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      read_entry(key, value.items[i], path + '[' + std::to_string(i) + ']', codes);
    }
  }

 private:
  void read_entry(const YamlNode& key, const YamlNode& value, const std::string& path,
                  const std::vector<CodePattern>& codes) {
    CodeScale entry;
    const bool is_unknown = value.kind == Kind::scalar && value.text == "unknown";
    if (!is_unknown && value.kind != Kind::map) return text_.expected(value, path, scale_expected);
    if (!is_unknown && !(read_scale(value, path, bound_key, entry.scale, text_) &&
                         read_bound(value, path, entry.up_to))) {
      return;
    }
    for (const CodePattern& code : codes) {
      entry.code = code;
      add(key, path, entry);
    }
  }

  bool read_bound(const YamlNode& map, const std::string& path, std::int64_t& up_to) {
    const YamlNode* const bound = map.find(bound_key);
    if (bound == nullptr) return true;
    const auto number = read_whole(*bound, max_mantissa);
    if (number) {
      up_to = *number;
    } else {
      text_.expected(*bound, path + '.' + std::string{bound_key},
                     "the greatest number as sent that has this scale");
    }
    return number.has_value();
  }

  void add(const YamlNode& key, const std::string& path, const CodeScale& entry) {
    for (std::size_t i = 0; i < scales_.size(); ++i) {
      if (!covers(scales_[i].code, entry.code) || scales_[i].up_to < entry.up_to) continue;
      return text_.add_fault(key.place, path,
                             "line " + std::to_string(lines_[i]) +
                                 " takes these codes already: the first entry that fits counts");
    }
    scales_.push_back(entry);
    lines_.push_back(key.place.line);
  }

  std::vector<CodeScale>& scales_;
  LayoutText& text_;
  std::vector<int> lines_{};  // of scales_
};

// ---- positions

std::optional<ListPosition::Role> role_of(const YamlNode& value) noexcept {
  constexpr std::array<std::pair<std::string_view, ListPosition::Role>, 3> roles{
      {{"list_name", ListPosition::Role::list_name},
       {"clock_time", ListPosition::Role::clock_time},
       {"clock_date", ListPosition::Role::clock_date}}};
  for (const auto& [word, role] : roles) {
    if (value.text == word) return role;
  }
  return std::nullopt;
}

bool read_code(const YamlNode& value, const std::string& path, Obis& obis, LayoutText& text) {
  const auto code = value.kind == Kind::scalar ? parse_obis(value.text) : std::nullopt;
  if (!code) {
    text.expected(value, path, place_expected);
    return false;
  }
  obis = *code;
  return true;
}

/// A role, a code, or a map {code, unit, scaler}.
bool read_place(const YamlNode& value, const std::string& path, ListPosition& place,
                LayoutText& text) {
  if (value.kind == Kind::scalar) {
    const auto role = role_of(value);
    if (!role) return read_code(value, path, place.obis, text);
    place.role = *role;
    return true;
  }
  if (value.kind != Kind::map) {
    text.expected(value, path, place_expected);
    return false;
  }
  const YamlNode* code = value.find("code");
  if (code == nullptr) {
    text.add_fault(value.place, path, "'code' is missing, like \"1-0:1.7.0\"");
    return false;
  }
  return read_code(*code, path + ".code", place.obis, text) &&
         read_scale(value, path, place_key, place.scale, text);
}

/// The place that has the same position or means the same, or null.
const ListPosition* find_repeated(const std::vector<ListPosition>& places,
                                  const ListPosition& place) {
  const auto found = std::ranges::find_if(places, [&](const ListPosition& other) {
    return other.position == place.position ||
           (other.role == place.role && other.obis == place.obis);
  });
  return found == places.end() ? nullptr : &*found;
}

}  // namespace

void read_profile(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  std::vector<std::string_view> names;
  for (const MeterProfile& profile : meter_profiles()) names.push_back(profile.name);
  if (value.kind == Kind::scalar && std::ranges::find(names, value.text) != names.end()) {
    layout.profile = value.text;
    return;
  }
  text.expected(value, "profile", "a meter profile like austria", suggest(value.text, names));
}

void read_positions(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  if (!text.expect(value, Kind::map, "positions")) return;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const YamlNode& key = value.keys[i];
    const std::string path = "positions." + key.text;
    const auto position = read_list_position(key, path, text);
    if (!position) continue;
    ListPosition place{.position = *position};
    if (!read_place(value.items[i], path, place, text)) continue;
    const ListPosition* const other = find_repeated(layout.positions, place);
    if (other == nullptr) {
      layout.positions.push_back(place);
      continue;
    }
    const bool same_position = other->position == place.position;
    text.add_fault(key.place, path,
                   "position " + std::to_string(other->position) +
                       (same_position ? " is there already" : " is the same"));
  }
  std::ranges::sort(layout.positions, {}, &ListPosition::position);
}

void read_scales(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  if (!text.expect(value, Kind::map, "scales")) return;
  ScaleList scales{layout.scales, text};
  for (std::size_t i = 0; i < value.items.size(); ++i) scales.read(value.keys[i], value.items[i]);
}

}  // namespace p1meter::settings
