// SPDX-License-Identifier: Apache-2.0
// Settings: one layout of a DLMS list in YAML, key by key. What it applies to is read in
// layout_conditions.cpp, what it says in layout_contents.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/decoding/list_layout.hpp"
#include "settings/apply.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

inline constexpr std::size_t longest_layout_word = 64;  // a name, or a glob
inline constexpr std::int64_t most_list_elements = 65535;

/// A layout as it stands in its file, and the faults that are found in it.
///
/// Owns      nothing
class LayoutText {
 public:
  LayoutText(const YamlNode& name, const YamlNode& map, FaultList& faults) noexcept
      : name_{name}, map_{map}, faults_{faults} {}

  [[nodiscard]] const YamlNode& name() const noexcept { return name_; }
  [[nodiscard]] const YamlNode& map() const noexcept { return map_; }
  [[nodiscard]] std::size_t fault_count() const { return faults_.count(); }

  /// Whether a value of the layout has this kind; else it is a fault.
  [[nodiscard]] bool expect(const YamlNode& value, YamlNode::Kind kind, const std::string& key);
  /// Whether the layout is a map at all; likewise.
  [[nodiscard]] bool expect_map();
  /// A fault of the whole layout.
  void add_fault(std::string message);
  /// The layout says nothing under this key.
  void missing(std::string_view key);
  void add_fault(Place place, const std::string& key, std::string message);
  void expected(const YamlNode& found, std::string_view key, std::string_view what,
                const std::string& hint = {});

 private:
  [[nodiscard]] std::string path_of(const std::string& key) const;

  const YamlNode& name_;
  const YamlNode& map_;
  FaultList& faults_;
};

/// A whole number from 0 to `most`.
[[nodiscard]] std::optional<std::int64_t> read_whole(const YamlNode& node, std::int64_t most);

/// A position that the list can have; else it is a fault of `path`.
[[nodiscard]] std::optional<std::uint16_t> read_list_position(const YamlNode& key,
                                                              const std::string& path,
                                                              LayoutText& text);

inline constexpr std::string_view code_pattern_expected =
    R"(an OBIS code or pattern like "1-0:1.8.0" or "1-1:32/52/72.7.0")";
/// "1-0:32/52/72.7.0" stands for three patterns; one group may have alternatives.
///
/// Output    nothing when the text is no such pattern
[[nodiscard]] std::vector<CodePattern> read_code_patterns(std::string_view text);

// What each key's value becomes in the layout.

void read_list_name(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_meter_type(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_elements(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_types(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_contains(const YamlNode& value, ListLayout& layout, LayoutText& text);

void read_profile(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_positions(const YamlNode& value, ListLayout& layout, LayoutText& text);
void read_scales(const YamlNode& value, ListLayout& layout, LayoutText& text);

}  // namespace p1meter::settings
