// SPDX-License-Identifier: Apache-2.0
// Settings: presets, which are configurations that come before the user's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/fault_list.hpp"
#include "settings/layouts_yaml.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// All files of config/presets, in the order of their names.
[[nodiscard]] std::vector<EmbeddedText> shipped_presets();
/// Their names as `preset` takes them.
[[nodiscard]] std::vector<std::string_view> preset_names();

/// One preset as it was read.
struct PresetDocument {
  std::string yaml{};
  YamlNode root{};
  FaultList faults{std::string{}};
  bool shipped{};  // no file of the user's: he can change nothing in it
};

/// The preset that a document names, the one that this names, and so on; the nearest first.
///
/// Input     root: the user's document; its faults are added to `faults`
///           directory: where its relative paths begin
/// Output    name: what to show: a shipped name, or a path that holds from anywhere
[[nodiscard]] std::vector<PresetDocument> load_presets(const YamlNode& root,
                                                       const std::string& directory,
                                                       FaultList& faults, std::string& name);

}  // namespace p1meter::settings
