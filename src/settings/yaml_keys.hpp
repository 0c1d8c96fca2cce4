// SPDX-License-Identifier: Apache-2.0
// Settings: the keys of a document.
#pragma once

#include <string>

#include "settings/fault_list.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// Keeps the first of repeated keys, and only keys that are texts, in a node and all below it; each
/// other one is a fault. `path`: the node's own.
void check_keys(YamlNode& node, const std::string& path, FaultList& faults);

/// A fault of check_keys that leaves the document usable.
[[nodiscard]] bool is_repeated_key(const Fault& fault);

}  // namespace p1meter::settings
