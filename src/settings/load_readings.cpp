// SPDX-License-Identifier: Apache-2.0
// Settings: the readings section.
#include <utility>

#include "settings/apply.hpp"
#include "settings/glob.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t longest_name = 128;  // bytes
constexpr std::size_t most_entries = 1000;

bool consists_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// Tells what an entry's name is meant to be. Output    empty, or what is expected
std::string classify(std::string_view name, ReadingRule& rule) {
  constexpr std::string_view key_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  constexpr std::string_view glob_characters = "abcdefghijklmnopqrstuvwxyz0123456789_*?{},";
  rule.pattern = name;
  if (name.size() > longest_name) return "a name of at most 128 bytes";
  if (name == "default") {
    rule.match = ReadingRule::Match::fallback;
    return {};
  }
  if ((rule.obis = parse_obis(name))) {
    rule.match = ReadingRule::Match::obis;
    return {};
  }
  if (consists_of(name, key_characters)) {
    rule.match = ReadingRule::Match::key;
    return {};
  }
  if (!consists_of(name, glob_characters)) {
    return R"(default, a key (power_import), a glob ("energy_*") or an OBIS code ("1-0:1.7.0"))";
  }
  rule.match = ReadingRule::Match::glob;
  if (!expand_braces(name)) {
    return "braces that are closed, not nested, and stand for at most 64 patterns: {a,b}";
  }
  return {};
}

void check_entry(const YamlNode& map, const ReadingRule& rule, const std::string& path,
                 FaultList& faults) {
  if (rule.interval && rule.refresh && rule.refresh->count() != 0 &&
      *rule.interval > *rule.refresh) {
    faults.add(map.find("refresh")->place, join_path(path, "refresh"),
               "found " + write_duration(*rule.refresh) + ", expected at least the interval, " +
                   write_duration(*rule.interval));
  }
  const bool one_reading =
      rule.match == ReadingRule::Match::key || rule.match == ReadingRule::Match::obis;
  for (const std::string_view option : {"topic", "name"}) {
    const YamlNode* value = map.find(option);
    if (one_reading || value == nullptr) continue;
    faults.add(value->place, join_path(path, option),
               "this entry stands for many readings; only a key or an OBIS code has a " +
                   std::string{option} + " of its own");
  }
}

}  // namespace

void load_readings(const YamlNode& map, Loading& loading) {
  if (!expect_kind(map, YamlNode::Kind::map, "readings", loading.faults)) return;
  if (map.items.size() > most_entries) {
    loading.faults.add(map.place, "readings",
                       "more than " + std::to_string(most_entries) + " entries");
    return;
  }
  for (std::size_t i = 0; i < map.items.size(); ++i) {
    const YamlNode& name = map.keys[i];
    const std::string path = join_path("readings", name.text);
    ReadingRule rule;
    rule.line = name.place.line;
    rule.preset = loading.preset;
    const std::string expected = classify(name.text, rule);
    if (!expected.empty()) {
      loading.faults.add(name.place, path, "found " + show_found(name) + ", expected " + expected);
    }
    Cursor at = loading.cursor();
    at.rule = &rule;
    apply_section(map.items[i], "readings.*", path, at, loading.faults);
    if (expected.empty()) check_entry(map.items[i], rule, path, loading.faults);
    if (!expected.empty()) rule.pattern.clear();
    loading.rules.push_back(std::move(rule));
  }
}

}  // namespace p1meter::settings
