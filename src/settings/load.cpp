// SPDX-License-Identifier: Apache-2.0
// Settings: a whole configuration.
#include <utility>

#include "settings/apply.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

void load_section(std::string_view section, const YamlNode& value, const std::string& path,
                  Loading& loading) {
  if (section == "meters[]") load_meters(value, loading);
  if (section == "mqtt") load_mqtt(value, loading);
  if (section == "readings.*") load_readings(value, loading);
  if (section == "log") apply_section(value, section, path, loading.cursor(), loading.faults);
}

}  // namespace

Loaded load_text(std::string_view yaml, const std::string& file) {
  Loading loading{.directory = std::filesystem::path{file}.parent_path().string(),
                  .faults = FaultList{file}};
  const YamlNode root = parse_yaml(yaml, loading.faults);
  apply_section(root, "", "", loading.cursor(), loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& path) {
                  load_section(section, value, path, loading);
                });
  loading.settings.readings = ReadingRules{std::move(loading.rules)};
  return {std::move(loading.settings), loading.faults.take_faults(),
          loading.faults.take_warnings()};
}

Loaded load_file(const std::filesystem::path& path) {
  auto file = read_file(path.string(), yaml_size_limit, true);
  if (!file.error.empty()) {
    Loaded loaded;
    loaded.faults.push_back({path.string(), 0, 0, "", "cannot be read: " + file.error});
    return loaded;
  }
  Loaded loaded = load_text(file.text, path.string());
  return loaded;
}

}  // namespace p1meter::settings
