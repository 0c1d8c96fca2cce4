// SPDX-License-Identifier: Apache-2.0
// Settings: the keys of a document.
#include "settings/yaml_keys.hpp"

#include <map>
#include <utility>

namespace p1meter::settings {
namespace {

constexpr std::string_view written_twice = "written twice";

/// Keeps the first of repeated keys and reports the others with both places.
void check_map(YamlNode& map, const std::string& path, FaultList& faults) {
  std::map<std::string, Place> seen;
  YamlNode kept;
  for (std::size_t i = 0; i < map.items.size(); ++i) {
    YamlNode& key = map.keys[i];
    if (key.kind != YamlNode::Kind::scalar) {
      faults.add(key.place, path, "found a key that is no text, expected 'key: value'");
      continue;
    }
    const auto [first, fresh] = seen.emplace(key.text, key.place);
    if (!fresh) {
      faults.add(key.place, join_path(path, key.text),
                 std::string{written_twice} + ": first at " +
                     to_string(faults.file(), first->second) + ", again here");
      continue;
    }
    check_keys(map.items[i], join_path(path, key.text), faults);
    kept.keys.push_back(std::move(key));
    kept.items.push_back(std::move(map.items[i]));
  }
  map.keys = std::move(kept.keys);
  map.items = std::move(kept.items);
}

}  // namespace

bool is_repeated_key(const Fault& fault) { return fault.message.starts_with(written_twice); }

void check_keys(YamlNode& node, const std::string& path, FaultList& faults) {
  if (node.kind == YamlNode::Kind::map) {
    check_map(node, path, faults);
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    check_keys(node.items[i], item_path(path, i), faults);
  }
}

}  // namespace p1meter::settings
