// SPDX-License-Identifier: Apache-2.0
// Settings: the reference part of the documentation.
#include "settings/definition.hpp"
#include "settings/docs.hpp"

namespace p1meter::settings {
namespace {

constexpr std::string_view begin_mark =
    "<!-- reference: made from src/settings, not written by hand -->";
constexpr std::string_view end_mark = "<!-- end of reference -->";

/// A table's cell: bars would end it.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char character : text) {
    if (character == '|') safe += '\\';
    safe += character == '<' ? "&lt;" : std::string(1, character);
  }
  return safe;
}

std::string code(std::string_view text) {
  return text.empty() ? std::string{} : '`' + std::string{text} + '`';
}

std::string shown_path(std::string_view path) { return path.empty() ? "top level" : code(path); }

void write_section(std::string_view path, std::string& text) {
  const Section& section = *find_section(path);
  std::string rows;
  for (const auto child : children_of(path)) {
    const Key* key = find_key(child);
    if (key == nullptr) continue;
    rows += "| " + code(name_of(child)) + " | " + cell(describe(key->type)) + " | " +
            code(default_of(*key)) + " | " + cell(key->meaning) + " | " + code(key->example) +
            " |\n";
  }
  text += "\n### " + shown_path(path) + "\n\n";
  if (!section.meaning.empty()) text += std::string{section.meaning} + '\n';
  if (!rows.empty()) {
    if (!section.meaning.empty()) text += '\n';
    text += "| Key | Takes | Default | Meaning | Example |\n|---|---|---|---|---|\n" + rows;
  }
  for (const auto child : children_of(path)) {
    if (find_section(child) != nullptr) write_section(child, text);
  }
}

}  // namespace

std::string default_of(const Key& key) {
  if (key.show == nullptr) return {};
  Settings settings;
  Remaining rest;
  ReadingRule rule = built_in_rules().front();
  const LimitPolicy policy;
  rule.publish = policy.publish;
  rule.aggregate = policy.aggregate;
  rule.every = policy.every;
  Cursor at{.settings = &settings, .meter = &settings.meters.front(), .rule = &rule, .rest = &rest};
  for (const auto& named : topic_classes()) {
    if (name_of(parent_of(key.path)) == named.name) at.topic = &(settings.mqtt.*named.member);
  }
  return key.show(at);
}

std::string reference_markdown() {
  std::string text;
  write_section("", text);
  return text;
}

std::string with_reference(const std::string& document) {
  const auto begin = document.find(begin_mark);
  const auto end = document.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  const auto start = begin + begin_mark.size();
  return document.substr(0, start) + '\n' + reference_markdown() + '\n' + document.substr(end);
}

}  // namespace p1meter::settings
