// SPDX-License-Identifier: Apache-2.0
// Settings: the one definition of every key. Validation, JSON schema, reference configuration,
// reference documentation and the effective configuration are all made from it: a new key is one
// row in one of the tables (definition_meters.cpp, definition_mqtt.cpp, definition_readings.cpp).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.hpp"
#include "settings/value_type.hpp"

namespace p1meter::settings {

/// What can only be used when all keys are known.
struct Remaining {
  std::string password{};              // mqtt.password_file as written
  std::string decryption_key{};        // of the meter in hand: decryption_key_file as written
  std::string authentication_key{};    // likewise authentication_key_file
  std::string obis{};                  // obis_file, resolved
  std::uint16_t port{};                // mqtt.port: of the hosts that name none
  std::set<RemoteCommand> commands{};  // mqtt.commands as written
};

class TemplateReader;

/// What is being filled or shown: the rows' functions pick what they need.
/// Owns      nothing
struct Cursor {
  Settings* settings{};
  MeterSettings* meter{};  // within meters[]
  TopicClass* topic{};     // within mqtt.topics.*
  MqttMessage* message{};  // within mqtt.messages[]
  ReadingRule* rule{};     // within readings.*
  Remaining* rest{};
  std::string_view directory{};  // of the configuration file: relative paths begin here
  TemplateReader* templates{};   // for what is read only
};

/// One key.
struct Key {
  std::string path{};  // "meters[].serial.baud"; [] a list's item, * any name
  ValueType type{};
  std::string_view meaning{};  // sentences for people
  std::string_view example{};  // a value worth showing, as YAML
  /// Takes a value of the type over, once per item for a list. Output    empty, or what is
  /// expected. Templates and what is external tell their faults themselves (Cursor::templates)
  std::string (*read)(const Cursor& at, const Given& given){};
  /// The value in force, as YAML. Output    empty when there is nothing to show
  std::string (*show)(const Cursor& at){};
  bool secret{};  // never echoed, masked when shown
};

/// A key that holds further keys.
struct Section {
  enum class Kind : std::uint8_t { map, list, named };  // named: names are the user's own
  std::string_view path{};                              // "meters[]", "readings.*"; empty: the root
  Kind kind{};
  std::string_view meaning{};
};

/// All keys, in the order in which they are documented.
[[nodiscard]] const std::vector<Key>& keys();
[[nodiscard]] std::span<const Section> sections() noexcept;

[[nodiscard]] const Key* find_key(std::string_view path);
[[nodiscard]] const Section* find_section(std::string_view path);
/// The part of a path before its last name: "meters[].serial.baud" -> "meters[].serial".
[[nodiscard]] std::string_view parent_of(std::string_view path) noexcept;
/// The last name of a path, without [] and *: "meters[]" -> "meters", "readings.*" -> "readings".
[[nodiscard]] std::string_view name_of(std::string_view path) noexcept;
/// What stands directly within a section, keys and sections, in documented order: paths.
[[nodiscard]] std::vector<std::string_view> children_of(std::string_view section);

/// The topic classes by name, in documented order.
struct TopicClassName {
  std::string_view name{};
  TopicClass MqttSettings::*member{};
};
[[nodiscard]] std::span<const TopicClassName> topic_classes() noexcept;

// The tables; keys() joins them.
[[nodiscard]] std::vector<Key> meter_keys();
[[nodiscard]] std::vector<Key> mqtt_keys();
[[nodiscard]] std::vector<Key> topic_class_keys();
[[nodiscard]] std::vector<Key> control_keys();
[[nodiscard]] std::vector<Key> log_keys();
[[nodiscard]] std::vector<Key> message_keys();
[[nodiscard]] std::vector<Key> home_assistant_keys();
[[nodiscard]] std::vector<Key> homie_keys();
[[nodiscard]] std::vector<Key> reading_keys();
[[nodiscard]] std::vector<Key> obis_keys();

// For the tables' functions.
[[nodiscard]] inline std::string accepted() { return {}; }
[[nodiscard]] inline std::string show_flag(bool flag) { return flag ? "true" : "false"; }
/// The schema of a payload.
inline constexpr std::string_view payload_schema =
    R"({"type": ["string", "number", "object", "array"]})";
/// What stands for a secret that is shown. As long as a key, so that what `show config` writes can
/// be loaded.
inline constexpr std::string_view masked = "\"****************\"";
/// A path as given, or joined to the directory when relative; empty stays empty.
[[nodiscard]] std::string resolve_path(std::string_view directory, std::string_view path);

}  // namespace p1meter::settings
