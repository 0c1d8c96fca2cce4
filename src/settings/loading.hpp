// SPDX-License-Identifier: Apache-2.0
// Settings: the loaders of the sections, each with the checks that need more than one value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/definition.hpp"
#include "settings/fault_list.hpp"
#include "settings/template_reader.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {

/// A configuration while it is read.
struct Loading {
  Settings settings{};
  Remaining rest{};
  std::vector<ReadingRule> rules{};  // of the document in hand
  std::string directory{};           // where relative paths begin
  bool readable_by_all{};            // the configuration file is
  Credentials credentials{};
  FaultList faults;  // of the document in hand
  int preset{};      // 0: the user's document is in hand; else ReadingRule::preset
  std::vector<MqttMessage> messages{};       // likewise
  std::vector<SharedTopic> shared_topics{};  // likewise: those that all meters would share
  TemplateNames names{};
  TemplateReader templates{faults, names};

  [[nodiscard]] Cursor cursor() {
    return {.settings = &settings, .rest = &rest, .directory = directory, .templates = &templates};
  }
};

void load_meters(const YamlNode& list, Loading& loading);
void load_mqtt(const YamlNode& map, Loading& loading);
/// Finds class topics that all readings, or several meters, would share; the latter become
/// shared_topics.
void check_class_topics(const YamlNode& map, Loading& loading);
/// Entries only; check_readings() judges them when all keys are known.
void load_readings(const YamlNode& map, Loading& loading);
/// Both obis and obis_file. `yaml`: the text that `root` was made from.
void load_obis(std::string_view yaml, const YamlNode& root, Loading& loading);
/// layouts, or the default directory.
void load_user_layouts(const YamlNode& root, Loading& loading);

/// A file's text, at most `limit` bytes, or why it cannot be read. Never waits for a pipe.
struct FileText {
  std::string text{};
  std::string error{};     // empty: text is complete
  bool readable_by_all{};  // anybody on this machine may read it
  bool forbidden{};        // this user may not
};
[[nodiscard]] FileText read_file(const std::string& path, std::size_t limit, bool pipes_too);

/// A file that holds a secret instead of the configuration.
struct SecretFile {
  std::string written{};  // its path, or a systemd credential: "%d/NAME"
  std::string key{};      // that names it
  Place place{};
  std::size_t limit{};  // longest secret, in bytes
  bool path_hidden{};   // what stands there may be the secret itself, by mistake
};
/// The secret, without its line end.
/// Output    nothing with a fault; or with a warning, where systemd passes no credentials
[[nodiscard]] std::optional<std::string> read_secret_file(const SecretFile& secret,
                                                          Loading& loading);
/// A credential is named, and systemd has passed none: a fault or a warning, as
/// Loading::credentials says.
void tell_of_no_credentials(std::string_view name, Place place, const std::string& key,
                            Loading& loading);
/// What to add to the fault of a file that cannot be used: how it comes there, when it is a
/// credential (`written`) and not at its place (`path`).
[[nodiscard]] std::string advice_on_absent(std::string_view written, const std::string& path);
/// What to add to the fault of a file that may not be read: how the service's user may.
[[nodiscard]] std::string advice_on_forbidden(const std::string& path);

}  // namespace p1meter::settings
