// SPDX-License-Identifier: Apache-2.0
// Settings: writes the files that are made from the definition of the configuration.
#include <cstdio>
#include <filesystem>
#include <string>

#include "settings/docs.hpp"
#include "settings/docs/written_file.hpp"

namespace {

using p1meter::settings::json_schema;
using p1meter::settings::read_whole;
using p1meter::settings::reference_yaml;
using p1meter::settings::with_reference;

/// False when there is nothing to write, or when it cannot be written.
bool write(const std::filesystem::path& path, const std::string& text) {
  if (text.empty()) {
    std::fprintf(stderr, "%s has no marks for the reference\n", path.c_str());
    return false;
  }
  return p1meter::settings::write_changed(path, text);
}

}  // namespace

/// p1meter_settings_docs SOURCE_DIRECTORY
int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: p1meter_settings_docs SOURCE_DIRECTORY\n", stderr);
    return 64;
  }
  const std::filesystem::path root{arguments[1]};
  const auto guide = root / "docs/configuration.md";
  const bool reference = write(root / "config/p1meter.reference.yaml", reference_yaml());
  const bool schema = write(root / "config/p1meter.schema.json", json_schema());
  const bool documented = write(guide, with_reference(read_whole(guide)));
  return reference && schema && documented ? 0 : 73;
}
