// SPDX-License-Identifier: Apache-2.0
// Settings: takes a section's values over by the definition.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "settings/definition.hpp"
#include "settings/fault_list.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// What a section within a section does with its value. `path`: as faults show it.
using Nested =
    std::function<void(std::string_view section, const YamlNode& value, const std::string& path)>;

/// Reads every key of a map into what the cursor points at; faults for unknown keys and for values
/// that do not fit. Sections within go to `nested`. A null node is an empty section.
void apply_section(const YamlNode& node, std::string_view section, const std::string& path,
                   const Cursor& at, FaultList& faults, const Nested& nested = {});

/// A value as a fault may show it: "'abc'", "a list"; cut when long.
[[nodiscard]] std::string show_found(const YamlNode& node);

/// False, with a fault, unless the node is of the kind (or null, which passes as an empty one).
[[nodiscard]] bool expect_kind(const YamlNode& node, YamlNode::Kind kind, const std::string& path,
                               FaultList& faults);

}  // namespace p1meter::settings
