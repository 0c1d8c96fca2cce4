// SPDX-License-Identifier: Apache-2.0
// Settings: what is allowed, and does not do what its author hopes for.
#pragma once

#include "settings/fault_list.hpp"
#include "settings/settings.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// Warns of discovery without the topic that it needs, and of what AWS IoT Core does not take.
void warn_of_consumers(const YamlNode& root, const Settings& settings, FaultList& faults);

}  // namespace p1meter::settings
