// SPDX-License-Identifier: Apache-2.0
// Settings: a whole configuration.
#include <utility>

#include "settings/apply.hpp"
#include "settings/check_readings.hpp"
#include "settings/known_keys.hpp"
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

/// Checks that need the OBIS table with the user's entries in it.
void check_against_table(const YamlNode& root, Loading& loading) {
  const YamlNode* readings = root.find("readings");
  if (readings == nullptr || loading.rules.empty()) return;
  check_readings(*readings, KnownKeys{make_obis_table(loading.settings.obis)}, loading);
  std::erase_if(loading.rules, [](const ReadingRule& rule) { return rule.pattern.empty(); });
}

Loaded load(std::string_view yaml, const std::string& file, bool readable_by_all) {
  Loading loading{.directory = std::filesystem::path{file}.parent_path().string(),
                  .readable_by_all = readable_by_all,
                  .faults = FaultList{file}};
  const YamlNode root = parse_yaml(yaml, loading.faults);
  apply_section(root, "", "", loading.cursor(), loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& path) {
                  load_section(section, value, path, loading);
                });
  load_obis(yaml, root, loading);
  load_user_layouts(root, loading);
  check_against_table(root, loading);
  loading.settings.readings = ReadingRules{std::move(loading.rules)};
  return {std::move(loading.settings), loading.faults.take_faults(),
          loading.faults.take_warnings()};
}

}  // namespace

Loaded load_text(std::string_view yaml, const std::string& file) { return load(yaml, file, false); }

Loaded load_file(const std::filesystem::path& path) {
  auto file = read_file(path.string(), yaml_size_limit, true);
  if (!file.error.empty()) {
    Loaded loaded;
    loaded.faults.push_back({path.string(), 0, 0, "", "cannot be read: " + file.error});
    return loaded;
  }
  return load(file.text, path.string(), file.readable_by_all);
}

}  // namespace p1meter::settings
