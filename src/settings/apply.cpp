// SPDX-License-Identifier: Apache-2.0
// Settings: takes a section's values over by the definition.
#include "settings/apply.hpp"

#include <algorithm>

#include "p1meter/values/outline.hpp"
#include "settings/nearest.hpp"
#include "settings/yaml_text.hpp"

namespace p1meter::settings {
namespace {

bool is_too_long(const ValueType& type, const YamlNode& node) {
  return type.kind == ValueType::Kind::text &&
         node.text.size() > static_cast<std::size_t>(type.most);
}

void read_scalar(const Key& key, const YamlNode& node, const std::string& path, const Cursor& at,
                 FaultList& faults) {
  std::string expected = describe(key.type);
  if (is_too_long(key.type, node)) {
    expected = "at most " + std::to_string(key.type.most) + " bytes";
  } else if (!is_printable(node.text)) {
    expected = "printable characters";
  }
  if (node.kind == YamlNode::Kind::scalar) {
    if (auto given = read_value(key.type, node)) {
      given->node = &node;
      given->path = &path;
      expected = key.read(at, *given);
      if (expected.empty()) return;
    }
  }
  const bool hidden = key.secret && node.kind == YamlNode::Kind::scalar && !node.text.empty();
  faults.add(node.place, path,
             "found " + (hidden ? "a value that is not shown" : show_found(node)) + ", expected " +
                 expected);
}

void read_key(const Key& key, const YamlNode& node, const std::string& path, const Cursor& at,
              FaultList& faults) {
  if (key.type.kind == ValueType::Kind::external) {
    if (key.read != nullptr) static_cast<void>(key.read(at, {.node = &node, .path = &path}));
    return;
  }
  if (!key.type.list || node.kind != YamlNode::Kind::list) {
    read_scalar(key, node, path, at, faults);
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    read_scalar(key, node.items[i], item_path(path, i), at, faults);
  }
}

void report_unknown(const YamlNode& key, std::string_view section, const std::string& path,
                    FaultList& faults) {
  // "password:secret" is one word to YAML: what follows the ':' is not echoed
  const std::string name = key.text.substr(0, key.text.find(':'));
  std::vector<std::string_view> names;
  for (const auto child : children_of(section)) names.push_back(name_of(child));
  if (name != key.text && std::find(names.begin(), names.end(), name) != names.end()) {
    faults.add(key.place, join_path(path, name), "a space is missing behind the ':'");
    return;
  }
  faults.add(key.place, join_path(path, name), "unknown key" + suggest(name, names));
}

}  // namespace

std::string show_found(const YamlNode& node) {
  constexpr std::size_t longest = 60;
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a mapping";
    case YamlNode::Kind::scalar:
      break;
  }
  // an address with an '@' may carry a password
  if (node.text.find('@') != std::string::npos) return "a value with an '@'";
  std::string shown;
  std::string_view rest = node.text;
  while (!rest.empty() && shown.size() < longest) {
    const auto length = std::max<std::size_t>(utf8_length(rest), 1);
    if (static_cast<unsigned char>(rest[0]) < 0x20) {
      shown += "\\x" + outline_hex(rest.substr(0, 1));
    } else {
      shown += rest.substr(0, length);
    }
    rest.remove_prefix(length);
  }
  const bool cut = !rest.empty();
  const char quote = node.plain ? '\'' : '"';
  return quote + shown + (cut ? "..." : "") + quote;
}

bool expect_kind(const YamlNode& node, YamlNode::Kind kind, const std::string& path,
                 FaultList& faults) {
  if (node.kind == kind || node.kind == YamlNode::Kind::null) return true;
  // a text in the place of a section may be anything, a password too: not echoed
  const std::string found = node.kind == YamlNode::Kind::scalar ? "a text" : show_found(node);
  faults.add(
      node.place, path,
      "found " + found + ", expected " +
          (kind == YamlNode::Kind::map ? "a mapping ('key: value' lines)" : "a list ('- ' lines)"));
  return false;
}

void apply_section(const YamlNode& node, std::string_view section, const std::string& path,
                   const Cursor& at, FaultList& faults, const Nested& nested) {
  if (!expect_kind(node, YamlNode::Kind::map, path, faults)) return;
  const auto children = children_of(section);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode& name = node.keys[i];
    const YamlNode& value = node.items[i];
    const std::string shown = join_path(path, name.text);
    const auto child = std::find_if(children.begin(), children.end(), [&](std::string_view known) {
      return name_of(known) == name.text;
    });
    if (child == children.end()) {
      report_unknown(name, section, path, faults);
    } else if (const Key* key = find_key(*child)) {
      read_key(*key, value, shown, at, faults);
    } else if (nested) {
      nested(*child, value, shown);
    }
  }
}

}  // namespace p1meter::settings
