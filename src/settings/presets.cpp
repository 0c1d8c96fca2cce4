// SPDX-License-Identifier: Apache-2.0
// Settings: presets, which are configurations that come before the user's.
#include "settings/presets.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "settings/apply.hpp"
#include "settings/definition.hpp"
#include "settings/loading.hpp"
#include "settings/nearest.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t most_presets = 4;  // that name each other

/// One thing that a preset cannot hold, for it is the user's own: "mqtt.password".
constexpr std::string_view users_own[] = {
    "meters",        "obis_file",     "layouts",           "mqtt.host",
    "mqtt.username", "mqtt.password", "mqtt.password_file"};

std::string_view name_of_file(std::string_view file) { return file.substr(0, file.rfind('.')); }

bool is_path(std::string_view written) {
  return written.find('/') != std::string_view::npos || written.ends_with(".yaml") ||
         written.ends_with(".yml");
}

void refuse_users_own(PresetDocument& preset) {
  for (std::string_view path : users_own) {
    if (const YamlNode* const node = preset.root.find_path(path)) {
      preset.faults.add(node->place, std::string{path}, "a preset holds no " + std::string{path});
    }
  }
}

PresetDocument parse(std::string yaml, std::string file) {
  PresetDocument preset{.yaml = std::move(yaml), .faults = FaultList{std::move(file)}};
  preset.root = parse_yaml(preset.yaml, preset.faults);
  refuse_users_own(preset);
  return preset;
}

/// Finds and reads one preset; nothing, with a fault in the document that names it.
class PresetFinder {
 public:
  PresetFinder(const YamlNode& named, std::string directory, FaultList& faults)
      : named_{named}, directory_{std::move(directory)}, faults_{faults} {}

  std::optional<PresetDocument> find(std::string& name, std::string& directory) {
    if (named_.kind != YamlNode::Kind::scalar || named_.text.empty()) return std::nullopt;
    name = named_.text;
    directory.clear();
    return is_path(named_.text) ? read(name, directory) : shipped(name);
  }

 private:
  std::optional<PresetDocument> read(std::string& path, std::string& directory) {
    path = resolve_path(directory_, path);
    auto file = read_file(path, yaml_size_limit, false);
    if (!file.error.empty()) {
      faults_.add(named_.place, "preset", "the file " + path + " cannot be read: " + file.error);
      return std::nullopt;
    }
    directory = std::filesystem::path{path}.parent_path().string();
    return parse(std::move(file.text), path);
  }

  std::optional<PresetDocument> shipped(const std::string& name) {
    for (const auto& preset : shipped_presets()) {
      if (name_of_file(preset.name) == name) {
        auto parsed = parse(std::string{preset.text}, "preset " + name);
        parsed.shipped = true;
        return parsed;
      }
    }
    const auto names = preset_names();
    const auto near = nearest(name, names);
    faults_.add(named_.place, "preset",
                "found " + show_found(named_) +
                    (near.empty() ? ", expected " + join_words(names) + ", or a path with a '/'"
                                  : ", which is no preset" + did_you_mean(near)));
    return std::nullopt;
  }

  const YamlNode& named_;
  std::string directory_;
  FaultList& faults_;
};

/// What a file is called however it was named; a text that is no file is called as it was named.
std::string identity(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::canonical(file, error);
  return error ? file : path.string();
}

}  // namespace

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const auto& preset : shipped_presets()) names.push_back(name_of_file(preset.name));
  return names;
}

std::vector<PresetDocument> load_presets(const YamlNode& root, const std::string& directory,
                                         FaultList& faults, std::string& name) {
  std::vector<PresetDocument> presets;
  presets.reserve(most_presets);
  const YamlNode* named = root.find("preset");
  FaultList* told = &faults;
  std::string from = directory;
  std::vector<std::string> seen{identity(faults.file())};
  while (named != nullptr) {
    if (presets.size() == most_presets) {
      told->add(named->place, "preset", "more than 4 presets that name each other");
      break;
    }
    std::string found_name;
    std::string found_directory;
    auto preset = PresetFinder{*named, from, *told}.find(found_name, found_directory);
    if (!preset) break;
    if (std::ranges::find(seen, identity(preset->faults.file())) != seen.end()) {
      told->add(named->place, "preset",
                "found " + show_found(*named) +
                    ", which leads back here; expected a preset that does not name this file, "
                    "neither itself nor by way of others");
      break;
    }
    seen.push_back(identity(preset->faults.file()));
    if (presets.empty()) name = found_name;
    presets.push_back(std::move(*preset));
    named = presets.back().root.find("preset");
    told = &presets.back().faults;
    from = found_directory;
  }
  return presets;
}

}  // namespace p1meter::settings
