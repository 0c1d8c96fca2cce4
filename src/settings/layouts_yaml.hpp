// SPDX-License-Identifier: Apache-2.0
// Settings: layouts of DLMS lists in YAML, the shipped ones and the user's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "p1meter/decoding/list_layout.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

struct LayoutsLoaded {
  std::vector<ListLayout> layouts{};  // in the order of the text, most important first
  std::vector<Fault> faults{};        // empty: layouts may be used
  std::vector<Fault> warnings{};      // of files: units that cannot be meant
};

/// Reads layouts from the text of one file, at most 1 MiB. Never throws.
///
/// Input     a map of names to layouts (docs/configuration.md, config/layouts)
///           file: how faults name the place
/// Errors    faults with line and column of what is wrong and what would be right; every layout is
///           checked
[[nodiscard]] LayoutsLoaded load_layouts_text(std::string_view yaml, const std::string& file);

/// Reads a file, or all files *.yaml and *.yml of a directory in the order of their names.
///
/// Errors    as above; and one without a place for what cannot be read
[[nodiscard]] LayoutsLoaded load_layouts(const std::string& path);

/// Where the user's layouts are unless the configuration says something else.
inline constexpr std::string_view default_layouts_directory = "/etc/p1meter/layouts";

/// The same from that directory; nothing, without a fault, when there is none.
[[nodiscard]] LayoutsLoaded load_default_layouts();

/// A file that is built into the program.
struct EmbeddedText {
  std::string_view name{};
  std::string_view text{};
};
/// All files of config/layouts, in the order of their names.
[[nodiscard]] std::vector<EmbeddedText> shipped_layouts();

}  // namespace p1meter::settings
