// SPDX-License-Identifier: Apache-2.0
// Settings: which lists a layout applies to.
#include <algorithm>

#include "settings/layout_text.hpp"
#include "settings/nearest.hpp"

namespace p1meter::settings {
namespace {

using Kind = YamlNode::Kind;

void read_glob(const YamlNode& value, std::string_view key, std::string& glob, LayoutText& text) {
  if (value.kind != Kind::scalar || value.text.empty() || value.text.size() > longest_layout_word) {
    return text.expected(value, key, "a text of at most 64 characters, * and ? for any");
  }
  glob = value.text;
}

/// The bit of a DLMS type, by its name.
std::uint32_t read_type(const YamlNode& name, const std::string& path, LayoutText& text) {
  const auto tag = name.kind == Kind::scalar ? parse_dlms_type(name.text) : std::nullopt;
  if (tag) return 1U << *tag;
  const auto names = dlms_type_names();
  text.expected(name, path, "a type like long-unsigned or octet-string", suggest(name.text, names));
  return 0;
}

/// One name or several.
std::uint32_t read_type_set(const YamlNode& value, const std::string& path, LayoutText& text) {
  if (value.kind != Kind::list) return read_type(value, path, text);
  std::uint32_t tags = 0;
  for (const YamlNode& name : value.items) tags |= read_type(name, path, text);
  return tags;
}

}  // namespace

void read_list_name(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  read_glob(value, "list", layout.list_name, text);
}

void read_meter_type(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  read_glob(value, "meter_type", layout.meter_type, text);
}

void read_elements(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  const auto number = read_whole(value, most_list_elements);
  if (!number || *number == 0) return text.expected(value, "elements", "a number from 1 to 65535");
  layout.elements = static_cast<std::uint32_t>(*number);
}

/// A map of positions to a type's name or several.
void read_types(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  if (!text.expect(value, Kind::map, "types")) return;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::string path = "types." + value.keys[i].text;
    const auto position = read_list_position(value.keys[i], path, text);
    if (!position) continue;
    const ListType type{*position, read_type_set(value.items[i], path, text)};
    if (std::ranges::find(layout.types, *position, &ListType::position) != layout.types.end()) {
      text.add_fault(value.keys[i].place, path,
                     "position " + std::to_string(*position) + " is there already");
    }
    layout.types.push_back(type);
  }
}

void read_contains(const YamlNode& value, ListLayout& layout, LayoutText& text) {
  if (!text.expect(value, Kind::list, "contains")) return;
  for (const YamlNode& item : value.items) {
    const auto codes =
        item.kind == Kind::scalar ? read_code_patterns(item.text) : std::vector<CodePattern>{};
    if (codes.size() != 1) text.expected(item, "contains", code_pattern_expected);
    for (const CodePattern& code : codes) layout.contains.push_back(code);
  }
}

}  // namespace p1meter::settings
