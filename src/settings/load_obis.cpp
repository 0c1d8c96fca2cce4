// SPDX-License-Identifier: Apache-2.0
// Settings: the user's entries of the OBIS table.
#include <algorithm>
#include <iterator>
#include <utility>
#include <yaml-cpp/yaml.h>

#include "settings/loading.hpp"
#include "settings/obis_yaml.hpp"
#include "settings/yaml_keys.hpp"

namespace p1meter::settings {
namespace {

void take(ObisLoaded loaded, Loading& loading) {
  for (auto& fault : loaded.faults) loading.faults.add_elsewhere(std::move(fault));
  std::move(loaded.entries.begin(), loaded.entries.end(),
            std::back_inserter(loading.settings.obis));
}

/// The loader of tables reads yaml-cpp's nodes. parse_yaml() has gone before, so that nothing in
/// the text is endless or too deep; what it found wrong is reported already.
void load_section(std::string_view yaml, Loading& loading) {
  try {
    const YAML::Node root = YAML::Load(std::string{yaml});
    if (root.IsMap()) take(load_user_obis(root["obis"], loading.faults.file()), loading);
  } catch (const YAML::Exception&) {
    return;
  }
}

void load_file_of_entries(Place place, Loading& loading) {
  const std::string& path = loading.rest.obis;
  const auto file = read_file(path, yaml_size_limit, false);
  if (!file.error.empty()) {
    loading.faults.add(place, "obis_file", "the file " + path + " cannot be read: " + file.error);
    return;
  }
  FaultList own{path};
  static_cast<void>(parse_yaml(file.text, own));
  auto faults = own.take_faults();
  ObisLoaded loaded;
  // What could not be parsed must not reach yaml-cpp's own loader.
  if (std::all_of(faults.begin(), faults.end(), is_repeated_key)) {
    loaded = load_user_obis_text(file.text, path);
  }
  if (!faults.empty()) loaded.entries.clear();
  // Repeated keys are found by both.
  std::erase_if(loaded.faults, [&](const Fault& fault) {
    return std::any_of(faults.begin(), faults.end(), [&](const Fault& known) {
      return known.line == fault.line && known.column == fault.column;
    });
  });
  for (auto& fault : faults) loading.faults.add_elsewhere(std::move(fault));
  take(std::move(loaded), loading);
}

}  // namespace

void load_obis(std::string_view yaml, const YamlNode& root, Loading& loading) {
  if (root.find("obis") != nullptr) load_section(yaml, loading);
  if (loading.rest.obis.empty()) return;
  const YamlNode* written = root.find("obis_file");
  load_file_of_entries(written != nullptr ? written->place : root.place, loading);
}

}  // namespace p1meter::settings
