// SPDX-License-Identifier: Apache-2.0
// Settings: the one definition of every key; the tables joined, and ways through them.
#include "settings/definition.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

#include "settings/file_version.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<TopicClassName, 7> classes{{{"status", &MqttSettings::status},
                                                 {"state", &MqttSettings::state},
                                                 {"keys", &MqttSettings::keys},
                                                 {"raw", &MqttSettings::raw},
                                                 {"events", &MqttSettings::events},
                                                 {"statistics", &MqttSettings::statistics},
                                                 {"log", &MqttSettings::log}}};

constexpr std::array<Section, 21> all_sections{{
    {"", Section::Kind::map, ""},
    {"meters[]", Section::Kind::list,
     "The meters, one entry each. Without this section: one meter named home on the serial port "
     "that is found."},
    {"meters[].serial", Section::Kind::map,
     "Line settings of a serial port. What is auto is probed: "
     "115200 8N1, 9600 7E1, 115200 7E1, 115200 8E1, 9600 8N1, 2400 8N1, 2400 8E1."},
    {"meters[].transformer", Section::Kind::map,
     "Measuring transformers between the grid and the meter, where the meter shows what it "
     "measures "
     "behind them. Powers and energies are multiplied by both ratios, currents and voltages by "
     "their own; limits and M-Bus devices by none."},
    {"mqtt", Section::Kind::map, "The broker. Without a host no connection is opened."},
    {"mqtt.tls", Section::Kind::map,
     "Encrypted connection. `tls: true` or an empty section is enough for a broker whose "
     "certificate the system trusts; without this section the connection is not encrypted."},
    {"mqtt.topics", Section::Kind::map,
     "Which kinds of topic are published, where and how. docs/mqtt.md explains templates."},
    {"mqtt.topics.status", Section::Kind::map,
     "Whether the daemon and each meter are there: online or offline."},
    {"mqtt.topics.state", Section::Kind::map, "All readings of a meter in one message."},
    {"mqtt.topics.keys", Section::Kind::map, "One reading per topic."},
    {"mqtt.topics.raw", Section::Kind::map, "Each telegram as it was received."},
    {"mqtt.topics.events", Section::Kind::map,
     "Power failures, new messages, moved breakers and valves, replaced meters."},
    {"mqtt.topics.statistics", Section::Kind::map, "About p1meter itself, every minute."},
    {"mqtt.topics.log", Section::Kind::map,
     "<base_topic>/log: each line of the log as one JSON object, from log.topic_level on."},
    {"mqtt.topics.set", Section::Kind::map,
     "<base_topic>/set/publish, interval, reload, restart: what others may ask of p1meter. It "
     "answers on <base_topic>/response."},
    {"mqtt.messages[]", Section::Kind::list,
     "Further messages, besides those of the topics above; those of a preset come in addition."},
    {"home_assistant", Section::Kind::map,
     "How Home Assistant learns of the meters by itself. A `simulator:` meter without `live: true` "
     "is not announced."},
    {"homie", Section::Kind::map,
     "The meters as devices of the Homie convention, over connections of their own to the same "
     "broker. A `simulator:` meter without `live: true` is none."},
    {"readings.*", Section::Kind::named,
     "What is published how often. Each entry is named by a key (power_import), a glob (energy_*, "
     "\"*_l{1,2}\"), an OBIS code (\"1-0:1.7.0\") or default, and sets some options. Each option "
     "comes from the most specific entry that sets it: OBIS code, key, glob with the most literal "
     "characters (of two alike the later one), default; your entries are all asked before the "
     "built-in ones. A name that begins with * must be quoted."},
    {"obis.*", Section::Kind::named,
     "Your own entries of the OBIS table, by OBIS code or pattern; asked before the shipped ones "
     "(config/obis.yaml explains them). What an entry leaves out comes from the shipped entry for "
     "the same objects."},
    {"log", Section::Kind::map,
     "Messages to the journal or the terminal, and to who else wants to read them."},
}};

/// What a file says of itself.
std::vector<Key> file_keys() {
  std::vector<Key> rows;
  rows.push_back({.path = "version",
                  .type = number(1, newest_version),
                  .meaning = "The form in which this file is written. There is one so far; a "
                             "p1meter that is older than a file's form says so, and a newer one "
                             "understands the older forms. Not set: 1.",
                  .example = "1",
                  .read =
                      [](const Cursor& /*at*/, const Given& /*given*/) {
                        return accepted();  // load_text() has asked for it
                      },
                  .show = [](const Cursor& /*at*/) { return std::to_string(newest_version); }});
  rows.push_back({.path = "preset",
                  .type = text("a preset's name or the path of a file", 4096),
                  .meaning = "Topics and payloads of another program, or your own: a shipped "
                             "preset by its name, or a file, which is told from a name by a '/' or "
                             "by its end, .yaml. A preset is a configuration without meters and "
                             "passwords that comes before this one. A relative path begins at this "
                             "file's directory.",
                  .example = "mosibi",
                  .read =
                      [](const Cursor& /*at*/, const Given& /*given*/) {
                        return accepted();  // load_presets() has read it
                      },
                  .show = [](const Cursor& at) { return yaml_text(at.settings->preset); }});
  return rows;
}

std::vector<Key> root_keys() {
  std::vector<Key> rows;
  rows.push_back({.path = "obis_file",
                  .type = text("the path of a file", 4096),
                  .meaning = "A YAML file with more entries like those under obis; those under "
                             "obis come first. A relative path begins at this file's directory.",
                  .example = "/etc/p1meter-obis.yaml",
                  .read =
                      [](const Cursor& at, const Given& given) {
                        at.rest->obis = resolve_path(at.directory, given.text);
                        return accepted();
                      },
                  .show = [](const Cursor& at) { return yaml_text(at.rest->obis); }});
  rows.push_back({.path = "layouts",
                  .type = text("the path of a file or directory", 4096),
                  .meaning = "A YAML file, or a directory of such files, with layouts of DLMS "
                             "lists that p1meter does not know; asked before the shipped ones, "
                             "positional ones with list first. Not set: /etc/p1meter/layouts, if "
                             "it is there. A relative path begins at this file's directory.",
                  .example = "/etc/p1meter/layouts",
                  .read =
                      [](const Cursor& at, const Given& given) {
                        at.settings->layouts_path = resolve_path(at.directory, given.text);
                        return accepted();
                      },
                  .show = [](const Cursor& at) { return yaml_text(at.settings->layouts_path); }});
  return rows;
}

void append(std::vector<Key>& target, std::vector<Key> rows) {
  std::move(rows.begin(), rows.end(), std::back_inserter(target));
}

std::vector<Key> make_keys() {
  std::vector<Key> all;
  append(all, file_keys());
  append(all, meter_keys());
  append(all, mqtt_keys());
  append(all, topic_class_keys());
  append(all, control_keys());
  append(all, message_keys());
  append(all, home_assistant_keys());
  append(all, homie_keys());
  append(all, reading_keys());
  append(all, obis_keys());
  append(all, root_keys());
  append(all, log_keys());
  return all;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> all = make_keys();
  return all;
}

std::span<const Section> sections() noexcept { return all_sections; }

std::span<const TopicClassName> topic_classes() noexcept { return classes; }

const Key* find_key(std::string_view path) {
  const auto found =
      std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.path == path; });
  return found == keys().end() ? nullptr : &*found;
}

const Section* find_section(std::string_view path) {
  const auto* const found =
      std::find_if(all_sections.begin(), all_sections.end(),
                   [&](const Section& section) { return section.path == path; });
  return found == all_sections.end() ? nullptr : found;
}

std::string_view parent_of(std::string_view path) noexcept {
  if (path.ends_with(".*")) path.remove_suffix(2);
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string_view name_of(std::string_view path) noexcept {
  if (path.ends_with("[]") || path.ends_with(".*")) path.remove_suffix(2);
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::vector<std::string_view> children_of(std::string_view section) {
  std::vector<std::string_view> children;
  const auto add = [&](std::string_view path) {
    if (std::find(children.begin(), children.end(), path) == children.end())
      children.push_back(path);
  };
  for (const auto& key : keys()) {
    std::string_view path = key.path;
    while (!path.empty() && parent_of(path) != section) path = parent_of(path);
    if (!path.empty()) add(path);
  }
  return children;
}

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (path.empty() || directory.empty()) return std::string{path};
  return (std::filesystem::path{directory} / std::filesystem::path{path})
      .lexically_normal()
      .string();
}

}  // namespace p1meter::settings
