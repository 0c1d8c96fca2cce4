// SPDX-License-Identifier: Apache-2.0
// Settings: the reference configuration.
#include "settings/definition.hpp"
#include "settings/docs.hpp"
#include "settings/yaml_writer.hpp"

namespace p1meter::settings {
namespace {

/// An entry of readings that an OBIS code names, for the options that have no default.
constexpr std::string_view sample_reading = "\"1-0:1.7.0\":";
constexpr std::string_view sample_object = "\"1-0:94.99.9\":";

/// The built-in default entry with every option that has a default.
ReadingRule full_default() {
  ReadingRule rule = built_in_rules().front();
  const LimitPolicy policy;
  rule.publish = policy.publish;
  rule.deadband = Deadband{};
  rule.aggregate = policy.aggregate;
  rule.every = policy.every;
  return rule;
}

/// Whether the values that are possible are worth a line: what a flag or a text takes is plain.
bool says_more(const ValueType& type) {
  const bool plain = type.kind == ValueType::Kind::flag || type.kind == ValueType::Kind::text ||
                     type.kind == ValueType::Kind::external;
  return !plain || !type.words.empty();
}

/// Writes the whole definition with the values of default settings.
class ReferenceWriter {
 public:
  std::string write() {
    writer_.prose(0, "p1meter: every key with its default and its meaning.");
    writer_.prose(0,
                  "This file is made from the program (docs/configuration.md says how) and is not "
                  "read by it. Copy what you change to /etc/p1meter.yaml.");
    writer_.prose(0, "Keys without a default are shown as an example behind a #.");
    for (const auto child : children_of("")) {
      writer_.blank();
      write_child(child, 0,
                  {.settings = &settings_, .meter = &settings_.meters.front(), .rest = &rest_});
    }
    return writer_.take();
  }

 private:
  void write_child(std::string_view path, int depth, const Cursor& at) {
    if (const Key* key = find_key(path)) {
      write_key(*key, depth, at);
    } else {
      write_section(*find_section(path), depth, at);
    }
  }

  void write_key(const Key& key, int depth, const Cursor& at) {
    std::string value = key.show == nullptr ? "" : key.show(at);
    writer_.prose(depth, key.meaning);
    if (says_more(key.type)) writer_.prose(depth, "Takes " + describe(key.type) + '.');
    const std::string name = std::string{name_of(key.path)} + ": ";
    if (value.empty()) {
      writer_.shown_line(depth, name + std::string{key.example});
    } else {
      writer_.line(depth, name + value);
    }
  }

  void write_section(const Section& section, int depth, Cursor at) {
    writer_.prose(depth, section.meaning);
    const std::string name = std::string{name_of(section.path)} + ':';
    if (section.path == "readings.*") return write_readings(depth, at);
    if (section.path == "mqtt.messages[]") return write_example(section, "-", depth, true);
    if (section.path == "obis.*") return write_example(section, sample_object, depth, true);
    for (const auto& named : topic_classes()) {
      if (parent_of(section.path) == "mqtt.topics" && named.name == name_of(section.path)) {
        at.topic = &(settings_.mqtt.*named.member);
      }
    }
    if (section.path == "mqtt.tls") {
      writer_.shown_line(depth, name);
    } else {
      writer_.line(depth, name);
    }
    const bool list = section.kind == Section::Kind::list;
    if (list) writer_.line(depth + 1, "-");
    for (const auto child : children_of(section.path))
      write_child(child, depth + (list ? 2 : 1), at);
  }

  void write_readings(int depth, Cursor at) {
    writer_.line(depth, "readings:");
    ReadingRule rule = full_default();
    at.rule = &rule;
    writer_.line(depth + 1, "default:");
    for (const auto child : children_of("readings.*")) {
      if (!find_key(child)->show(at).empty()) write_child(child, depth + 2, at);
    }
    const auto rules = built_in_rules();
    for (auto next = rules.begin() + 1; next != rules.end(); ++next) {
      rule = *next;
      writer_.line(depth + 1, yaml_text(rule.pattern) + ':');
      for (const auto child : children_of("readings.*")) {
        if (!find_key(child)->show(at).empty()) write_child(child, depth + 2, at);
      }
    }
    write_example(*find_section("readings.*"), sample_reading, depth, false);
  }

  /// An entry behind '#', with the options that the default entry does not show.
  void write_example(const Section& section, std::string_view name, int depth, bool whole) {
    ReadingRule rule = full_default();
    const Cursor shown{.settings = &settings_, .rule = &rule, .rest = &rest_};
    const Cursor nothing{.settings = &settings_, .rest = &rest_};
    if (whole) writer_.shown_line(depth, std::string{name_of(section.path)} + ':');
    writer_.shown_line(depth + 1, name);
    for (const auto child : children_of(section.path)) {
      const Key& key = *find_key(child);
      if (key.show == nullptr || key.show(shown).empty()) {
        write_key(key, depth + 2, key.show == nullptr ? nothing : shown);
      }
    }
  }

  Settings settings_{};
  Remaining rest_{};
  YamlWriter writer_{};
};

}  // namespace

std::string reference_yaml() { return ReferenceWriter{}.write(); }

}  // namespace p1meter::settings
