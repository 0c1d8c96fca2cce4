// SPDX-License-Identifier: Apache-2.0
// Settings: writes the files that are made from the definition of the configuration.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "settings/docs.hpp"

namespace {

using p1meter::settings::json_schema;
using p1meter::settings::reference_yaml;
using p1meter::settings::with_reference;

std::string read(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Leaves a file alone that has its text already. False when it cannot be written.
bool write(const std::filesystem::path& path, const std::string& text) {
  if (text.empty()) {
    std::fprintf(stderr, "%s has no marks for the reference\n", path.c_str());
    return false;
  }
  if (read(path) == text) return true;
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file.good()) return true;
  std::fprintf(stderr, "%s cannot be written\n", path.c_str());
  return false;
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
  const bool documented = write(guide, with_reference(read(guide)));
  return reference && schema && documented ? 0 : 73;
}
