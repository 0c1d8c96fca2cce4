// SPDX-License-Identifier: Apache-2.0
// Settings: which form of configuration a file is written in.
#pragma once

#include <cstdint>

#include "settings/fault_list.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// The newest form that this program knows. One more when a key gets another meaning or another
/// name; what older files say is then understood as what it meant when they were written.
inline constexpr std::int64_t newest_version = 1;

/// True, with a fault, for a document that says of itself that it is of a newer form: nothing else
/// in it can be judged.
[[nodiscard]] bool is_newer_than_program(const YamlNode& root, FaultList& faults);

}  // namespace p1meter::settings
