// SPDX-License-Identifier: Apache-2.0
// Settings: templates of topics and payloads, from YAML and back.
#include "settings/template_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "settings/apply.hpp"
#include "settings/mixed_units.hpp"
#include "settings/source_text.hpp"
#include "settings/value_type.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<std::pair<std::string_view, Payload::Form>, 4> form_names{
    {{"plain", Payload::Form::plain},
     {"raw", Payload::Form::raw},
     {"json", Payload::Form::json},
     {"influx", Payload::Form::influx}}};

/// The forms that a scope has, in words.
std::string_view forms_in(TemplateScope scope) {
  if (scope == TemplateScope::reading) return "plain, raw, json, influx";
  return scope == TemplateScope::state ? "json, influx" : "json";
}

bool has_form(TemplateScope scope, Payload::Form form) {
  if (form == Payload::Form::json || scope == TemplateScope::reading) return true;
  return form == Payload::Form::influx && scope == TemplateScope::state;
}

/// Moves over digits.
/// Output    how many there were
std::size_t skip_digits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count;
}

/// Source    RFC 8259 sec 6
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  if (const auto digits = skip_digits(text); digits == 0 || (zero && digits > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (skip_digits(text) == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (skip_digits(text) == 0) return false;
  }
  return text.empty();
}

/// What JSON would write the same; YAML's other spellings (yes, 0x1F, 007) are texts here.
/// Output    empty when it is a text
std::string_view literal_of(const YamlNode& node) {
  if (!node.plain) return {};
  if (node.kind == YamlNode::Kind::null) return "null";
  const bool literal = node.text == "true" || node.text == "false" || is_json_number(node.text);
  return literal ? std::string_view{node.text} : std::string_view{};
}

void write_yaml(const JsonTemplate& node, std::string& out) {
  if (node.kind == JsonTemplate::Kind::literal) {
    out += node.leaf.written;
    return;
  }
  if (node.kind == JsonTemplate::Kind::leaf) {
    const std::string& text = node.leaf.written;
    out += is_json_number(text) ? '"' + text + '"' : yaml_text(text);
    return;
  }
  const bool object = node.kind == JsonTemplate::Kind::object;
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) out += ", ";
    if (object) out += yaml_text(node.names[i]) + ": ";
    write_yaml(node.items[i], out);
  }
  out += object ? '}' : ']';
}

}  // namespace

std::optional<TextTemplate> TemplateReader::text(const YamlNode& node, const std::string& path,
                                                 TemplateScope scope) {
  constexpr std::size_t longest = 65'535;
  if (node.kind != YamlNode::Kind::scalar) {
    add(node, path,
        "found " + show_found(node) +
            ", expected a text; one that begins with a placeholder must be quoted: \"{base}\"");
    return std::nullopt;
  }
  if (node.text.size() > longest || !is_printable(node.text)) {
    add(node, path, "expected at most 65535 printable characters");
    return std::nullopt;
  }
  auto parsed = parse_template(node.text, scope, names_);
  if (parsed) return std::move(*parsed);
  Place place = node.place;
  place.column += static_cast<int>(parsed.error().offset) + (node.plain ? 0 : 1);
  faults_.add(place, path, parsed.error().message);
  return std::nullopt;
}

std::optional<TextTemplate> TemplateReader::topic(const YamlNode& node, const std::string& path,
                                                  TemplateScope scope) {
  auto parsed = text(node, path, scope);
  if (!parsed) return std::nullopt;
  const auto expected = check_topic_template(*parsed);
  if (expected.empty()) return parsed;
  add(node, path, "found " + show_found(node) + ", expected " + expected);
  return std::nullopt;
}

std::optional<JsonTemplate> TemplateReader::tree(const YamlNode& node, const std::string& path,
                                                 TemplateScope scope) {
  JsonTemplate json;
  if (const auto literal = literal_of(node); !literal.empty()) {
    json.kind = JsonTemplate::Kind::literal;
    json.leaf.written = literal;
    return json;
  }
  if (node.kind != YamlNode::Kind::map && node.kind != YamlNode::Kind::list) {
    auto leaf = text(node, path, scope);
    if (!leaf) return std::nullopt;
    json.leaf = std::move(*leaf);
    return json;
  }
  const bool object = node.kind == YamlNode::Kind::map;
  json.kind = object ? JsonTemplate::Kind::object : JsonTemplate::Kind::list;
  bool fine = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (object) json.names.push_back(node.keys[i].text);
    const auto inner = object ? join_path(path, node.keys[i].text) : item_path(path, i);
    auto item = tree(node.items[i], inner, scope);
    fine = fine && item;
    if (item) json.items.push_back(std::move(*item));
  }
  return fine ? std::optional{std::move(json)} : std::nullopt;
}

std::optional<Payload> TemplateReader::payload(const YamlNode& node, const std::string& path,
                                               TemplateScope scope) {
  auto payload = any_payload(node, path, scope);
  if (!payload) return std::nullopt;
  for (const auto& doubt : mixed_units(*payload)) faults_.warn(node.place, path, doubt);
  return payload;
}

std::optional<Payload> TemplateReader::any_payload(const YamlNode& node, const std::string& path,
                                                   TemplateScope scope) {
  Payload payload;
  if (node.kind == YamlNode::Kind::map || node.kind == YamlNode::Kind::list) {
    const bool readings = scope == TemplateScope::state && node.kind == YamlNode::Kind::list;
    if (readings && node.items.size() != 1) {
      add(node, path, "expected a list of one element, which is repeated for each reading");
      return std::nullopt;
    }
    auto json = tree(node, path, readings ? TemplateScope::reading : scope);
    if (!json) return std::nullopt;
    payload.form = Payload::Form::tree;
    payload.tree = std::move(*json);
    return payload;
  }
  const auto* const named =
      std::find_if(form_names.begin(), form_names.end(),
                   [&](const auto& known) { return known.first == node.text; });
  if (node.kind == YamlNode::Kind::scalar && named != form_names.end()) {
    if (!has_form(scope, named->second)) {
      add(node, path,
          "found " + show_found(node) + ", expected " + std::string{forms_in(scope)} +
              ", a text or a mapping");
      return std::nullopt;
    }
    payload.form = named->second;
    return payload;
  }
  auto parsed = text(node, path, scope);
  if (!parsed) return std::nullopt;
  const bool constant = std::none_of(parsed->pieces.begin(), parsed->pieces.end(),
                                     [](const auto& piece) { return piece.word.has_value(); });
  if (constant && scope != TemplateScope::statistics) {
    add(node, path,
        "found " + show_found(node) + ", expected " + std::string{forms_in(scope)} +
            ", a text with a placeholder or a mapping");
    return std::nullopt;
  }
  payload.form = Payload::Form::text;
  payload.text = std::move(*parsed);
  return payload;
}

std::string payload_yaml(const Payload& payload) {
  for (const auto& [name, form] : form_names) {
    if (form == payload.form) return std::string{name};
  }
  if (payload.form == Payload::Form::text) return yaml_text(payload.text.written);
  std::string out;
  write_yaml(payload.tree, out);
  return out;
}

}  // namespace p1meter::settings
