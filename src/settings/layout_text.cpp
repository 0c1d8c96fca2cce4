// SPDX-License-Identifier: Apache-2.0
// Settings: what the keys of a layout have in common.
#include "settings/layout_text.hpp"

#include <algorithm>
#include <utility>

#include "settings/loading.hpp"
#include "settings/value_type.hpp"

namespace p1meter::settings {

bool LayoutText::expect(const YamlNode& value, YamlNode::Kind kind, const std::string& key) {
  return expect_kind(value, kind, path_of(key), faults_);
}

bool LayoutText::expect_map() {
  return expect_kind(map_, YamlNode::Kind::map, name_.text, faults_);
}

void LayoutText::add_fault(std::string message) {
  faults_.add(name_.place, name_.text, std::move(message));
}

void LayoutText::missing(std::string_view key) {
  add_fault('\'' + std::string{key} + "' is missing");
}

void LayoutText::add_fault(Place place, const std::string& key, std::string message) {
  faults_.add(place, path_of(key), std::move(message));
}

void LayoutText::expected(const YamlNode& found, std::string_view key, std::string_view what,
                          const std::string& hint) {
  add_fault(found.place, std::string{key},
            "found " + show_found(found) + ", expected " + std::string{what} + hint);
}

std::string LayoutText::path_of(const std::string& key) const { return join_path(name_.text, key); }

std::optional<std::int64_t> read_whole(const YamlNode& node, std::int64_t most) {
  const auto number = node.kind == YamlNode::Kind::scalar ? parse_whole(node.text) : std::nullopt;
  return number && *number <= most ? number : std::nullopt;
}

std::optional<std::uint16_t> read_list_position(const YamlNode& key, const std::string& path,
                                                LayoutText& text) {
  constexpr std::int64_t last = list_position_limit - 1;
  const auto number = read_whole(key, last);
  if (!number) {
    text.expected(key, path, "a position from 0 to " + std::to_string(last));
    return std::nullopt;
  }
  const YamlNode* elements = text.map().find("elements");
  const auto count = elements == nullptr ? std::nullopt : read_whole(*elements, most_list_elements);
  if (count && *number >= *count) {
    text.add_fault(
        key.place, path,
        "the list has only " + std::to_string(*count) + " elements; positions are counted from 0");
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(*number);
}

std::vector<CodePattern> read_code_patterns(std::string_view text) {
  constexpr std::string_view group_ends = "-:.*";
  constexpr std::size_t longest = 128;
  if (text.size() > longest) return {};
  const auto slash = std::min(text.find('/'), text.size());
  const auto before = text.find_last_of(group_ends, slash);
  const auto begin = before == std::string_view::npos || slash == text.size() ? 0 : before + 1;
  const auto end = slash == text.size()
                       ? text.size()
                       : std::min(text.find_first_of(group_ends, slash), text.size());
  std::vector<CodePattern> patterns;
  for (std::string_view words = text.substr(begin, end - begin);;) {
    const auto next = words.find('/');
    const std::string one = std::string{text.substr(0, begin)} +
                            std::string{words.substr(0, next)} + std::string{text.substr(end)};
    const auto pattern = parse_code_pattern(one);
    if (!pattern) return {};
    patterns.push_back(*pattern);
    if (next == std::string_view::npos) return patterns;
    words.remove_prefix(next + 1);
  }
}

}  // namespace p1meter::settings
