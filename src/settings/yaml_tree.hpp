// SPDX-License-Identifier: Apache-2.0
// Settings: a YAML document as a plain tree in which every value knows its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/fault_list.hpp"

namespace p1meter::settings {

inline constexpr std::size_t yaml_size_limit =
    std::size_t{1024} * 1024;                    // bytes of a configuration file
inline constexpr int yaml_depth_limit = 32;      // levels of nesting
inline constexpr int yaml_node_limit = 100'000;  // values, those behind aliases included

/// One value of a document. Plain data; aliases are copies.
struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Kind kind{};
  Place place{};
  bool plain{};                  // a scalar without quotes: true and 5 may be meant; of a null:
                                 // it was written, and not left out
  std::string text{};            // of a scalar
  std::vector<YamlNode> keys{};  // of a map: keys[i] belongs to items[i]
  std::vector<YamlNode> items{};

  /// The value of a map's key, or none.
  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
  /// Through nested maps: "mqtt.topics.keys.topic"; this node itself for the empty path.
  [[nodiscard]] const YamlNode* find_path(std::string_view path) const noexcept;
};

/// Reads one document. yaml-cpp's own nodes lose repeated keys and follow recursive anchors, so
/// this listens to its parser's events instead.
///
/// Input     text: UTF-8, at most yaml_size_limit bytes
/// Output    the root; a null node for an empty document. After a fault in the syntax: the complete
///           entries of the root that stand before it, so that they can be checked all the same
/// Errors    faults for syntax, encoding, size, depth, recursion, tags, repeated keys (the first
/// one
///           stays) and for keys that are not texts. Never throws on any content
[[nodiscard]] YamlNode parse_yaml(std::string_view text, FaultList& faults);

/// "meters" + "name" -> "meters.name"; the root's path is empty.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view key);
/// "meters" + 0 -> "meters[0]"
[[nodiscard]] std::string item_path(std::string_view parent, std::size_t index);

}  // namespace p1meter::settings
