// SPDX-License-Identifier: Apache-2.0
// Settings: OBIS tables in YAML, the shipped one and the user's.
#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <yaml-cpp/yaml.h>

#include "p1meter/mapping/obis_table.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

struct ObisLoaded {
  std::vector<ObisEntry> entries{};  // in the order of the text, most important first
  std::vector<Fault> faults{};       // empty: entries may be used
};

/// Reads the user's entries: a mapping of pattern -> attributes, the `obis:` value of a
/// configuration. What an entry leaves out is taken from the shipped entry for the same objects.
/// Never throws.
///
/// Input     mapping: a map, or null for none; format: head of config/obis.yaml
///           file, key_path: how faults name the place ("/etc/p1meter.yaml", "obis")
/// Errors    faults with line and column (from 1) of the value in question; every entry is checked
[[nodiscard]] ObisLoaded load_user_obis(const YAML::Node& mapping, const std::string& file,
                                        const std::string& key_path = "obis");

/// The same from the text of a file of its own (`obis_file:`), at most 1 MiB.
[[nodiscard]] ObisLoaded load_user_obis_text(std::string_view yaml, const std::string& file);

/// Reads a complete table that inherits nothing: config/obis.yaml.
[[nodiscard]] ObisLoaded load_obis_table_text(std::string_view yaml, const std::string& file);

/// The text of config/obis.yaml, built into the program.
[[nodiscard]] std::string_view shipped_obis_yaml() noexcept;

}  // namespace p1meter::settings
