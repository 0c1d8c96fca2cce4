// SPDX-License-Identifier: Apache-2.0
// Settings tests: a document as the JSON that schema validators of YAML see (YAML 1.2, core
// schema).
#pragma once

#include <string>
#include <string_view>

#include "settings/json_writer.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings::test {

inline bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || text.empty()) return false;
  if (digits == std::string_view::npos) return text == "0" || text[0] != '0';
  return text[digits] == '.' && digits + 1 < text.size() &&
         text.find_first_not_of("0123456789", digits + 1) == std::string_view::npos;
}

inline std::string json_scalar(const YamlNode& node) {
  if (node.plain && (node.text == "true" || node.text == "false" || is_number(node.text))) {
    return node.text;
  }
  return json_text(node.text);
}

inline std::string json_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "null";
    case YamlNode::Kind::scalar:
      return json_scalar(node);
    case YamlNode::Kind::list:
    case YamlNode::Kind::map:
      break;
  }
  const bool map = node.kind == YamlNode::Kind::map;
  std::string json{map ? "{" : "["};
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) json += ", ";
    if (map) json += json_text(node.keys[i].text) + ": ";
    json += json_of(node.items[i]);
  }
  return json + (map ? "}" : "]");
}

}  // namespace p1meter::settings::test
