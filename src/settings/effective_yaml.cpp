// SPDX-License-Identifier: Apache-2.0
// Settings: the configuration in force.
#include <algorithm>
#include <utility>
#include <vector>

#include "settings/definition.hpp"
#include "settings/docs.hpp"
#include "settings/obis_text.hpp"
#include "settings/yaml_writer.hpp"

namespace p1meter::settings {
namespace {

bool takes_the_same(const ObisEntry& left, const ObisEntry& right) {
  return left.pattern == right.pattern && left.group == right.group &&
         left.only_for == right.only_for && left.only_with_unit == right.only_with_unit;
}

class EffectiveWriter {
 public:
  explicit EffectiveWriter(Settings settings) : settings_(std::move(settings)) {}

  std::string write() {
    for (const auto child : children_of("")) {
      write_child(child, 0, {.settings = &settings_, .rest = &rest_});
    }
    return writer_.take();
  }

 private:
  void write_child(std::string_view path, int depth, const Cursor& at) {
    const std::string name = std::string{name_of(path)} + ':';
    if (const Key* key = find_key(path)) {
      const std::string value = key->show == nullptr ? "" : key->show(at);
      if (!value.empty()) writer_.line(depth, name + ' ' + value);
    } else if (path == "meters[]") {
      write_meters(depth, at);
    } else if (path == "readings.*") {
      write_readings(depth, at);
    } else if (path == "obis.*") {
      write_obis(depth);
    } else if (path == "mqtt.messages[]") {
      write_messages(depth, at);
    } else if (path == "mqtt.tls" && !settings_.mqtt.tls) {
      writer_.line(depth, name + " false");
    } else {
      writer_.line(depth, name);
      write_children(path, depth + 1, at);
    }
  }

  void write_children(std::string_view section, int depth, Cursor at) {
    for (const auto& named : topic_classes()) {
      if (parent_of(section) == "mqtt.topics" && name_of(section) == named.name) {
        at.topic = &(settings_.mqtt.*named.member);
      }
    }
    for (const auto child : children_of(section)) write_child(child, depth, at);
  }

  void write_meters(int depth, Cursor at) {
    writer_.line(depth, "meters:");
    for (auto& meter : settings_.meters) {
      at.meter = &meter;
      writer_.line(depth + 1, "-");
      write_children("meters[]", depth + 2, at);
    }
  }

  /// The options that are set, in one line: "{qos: 1, retain: true}".
  static std::string options_of(std::string_view section, const Cursor& at) {
    std::string options;
    for (const auto child : children_of(section)) {
      const std::string value = find_key(child)->show(at);
      if (value.empty()) continue;
      options.append(options.empty() ? "" : ", ").append(name_of(child));
      options.append(": ").append(value);
    }
    return '{' + options + '}';
  }

  /// A preset's come from the preset again: as comments.
  void write_messages(int depth, Cursor at) {
    if (settings_.mqtt.messages.empty()) return;
    writer_.line(depth, "messages:");
    for (auto& message : settings_.mqtt.messages) {
      at.message = &message;
      std::string options = options_of("mqtt.messages[]", at);
      writer_.line(depth + 1, (message.from_preset ? "# preset: " : "- ") + options);
    }
  }

  /// The user's entries as such; those of presets and the built-in ones, which would win if they
  /// were written as the user's, as comments.
  void write_readings(int depth, Cursor at) {
    writer_.line(depth, "readings:");
    for (auto rule : settings_.readings.rules()) {
      at.rule = &rule;
      const std::string entry = yaml_text(rule.pattern) + ": " + options_of("readings.*", at);
      if (rule.built_in) {
        writer_.line(depth + 1, "# built in: " + entry);
      } else if (rule.preset > 0) {
        writer_.line(depth + 1, "# preset: " + entry);
      } else {
        writer_.line(depth + 1, entry);
      }
    }
  }

  /// Entries of one pattern stand in a list; one that an earlier one hides is left out.
  void write_obis(int depth) {
    std::vector<std::pair<std::string, std::string>> written;
    std::vector<const ObisEntry*> taken;
    for (const auto& entry : settings_.obis) {
      const bool hidden = std::any_of(taken.begin(), taken.end(), [&](const ObisEntry* other) {
        return takes_the_same(*other, entry);
      });
      if (hidden) continue;
      taken.push_back(&entry);
      const std::string pattern = write_obis_pattern(entry.pattern);
      const auto same = std::find_if(written.begin(), written.end(),
                                     [&](const auto& line) { return line.first == pattern; });
      if (same == written.end()) {
        written.emplace_back(pattern, write_obis_attributes(entry));
      } else {
        same->second += ", " + write_obis_attributes(entry);
      }
    }
    if (written.empty()) return;
    writer_.line(depth, "obis:");
    for (const auto& [pattern, entries] : written) {
      writer_.line(depth + 1,
                   std::string{'"'}.append(pattern).append("\": [").append(entries).append("]"));
    }
  }

  Settings settings_;
  Remaining rest_{};
  YamlWriter writer_{};
};

}  // namespace

std::string effective_yaml(const Settings& settings) { return EffectiveWriter{settings}.write(); }

}  // namespace p1meter::settings
