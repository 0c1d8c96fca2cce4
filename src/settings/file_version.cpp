// SPDX-License-Identifier: Apache-2.0
// Settings: which form of configuration a file is written in.
#include "settings/file_version.hpp"

#include <string>

#include "settings/apply.hpp"
#include "settings/value_type.hpp"

namespace p1meter::settings {

bool is_newer_than_program(const YamlNode& root, FaultList& faults) {
  const YamlNode* const version = root.find("version");
  if (version == nullptr) return false;
  const auto number = parse_whole(version->text);
  if (!number || *number <= newest_version) return false;
  faults.add(version->place, "version",
             "found " + show_found(*version) + ": this p1meter is older than the file and knows " +
                 "version " + std::to_string(newest_version) +
                 " at most; a newer p1meter understands it");
  return true;
}

}  // namespace p1meter::settings
