// SPDX-License-Identifier: Apache-2.0
// Settings: the JSON schema.
#include "settings/definition.hpp"
#include "settings/docs.hpp"
#include "settings/json_writer.hpp"

namespace p1meter::settings {
namespace {

constexpr std::string_view duration_pattern = "^[0-9]{1,18} ?(ms|s|min|h)$";
constexpr std::string_view size_pattern = "^[0-9]{1,18} ?(B|kB|KiB|MB|MiB)?$";
constexpr std::string_view reading_pattern =
    R"(^([a-z0-9_*?{},]+|[0-9]{1,3}-[0-9]{1,3}:[0-9]{1,3}[.:][0-9]{1,3}[.:][0-9]{1,3}([*.][0-9]{1,3})?)$)";

/// Writes the schema of the whole definition.
class SchemaWriter {
 public:
  std::string write() {
    json_.open('{');
    pair("$schema", "http://json-schema.org/draft-07/schema#");
    pair("title", "p1meter configuration");
    section_body(*find_section(""));
    json_.close('}');
    return json_.take();
  }

 private:
  void pair(std::string_view name, std::string_view value) {
    json_.key(name);
    json_.text(value);
  }
  void raw_pair(std::string_view name, std::string_view value) {
    json_.key(name);
    json_.raw(value);
  }

  void child(std::string_view path) {
    json_.key(name_of(path));
    json_.open('{');
    if (const Key* key = find_key(path)) {
      key_body(*key);
    } else {
      section_body(*find_section(path));
    }
    json_.close('}');
  }

  void properties(std::string_view section) {
    json_.key("properties");
    json_.open('{');
    for (const auto path : children_of(section)) child(path);
    json_.close('}');
    raw_pair("additionalProperties", "false");
  }

  void object(std::string_view name, std::string_view section) {
    json_.key(name);
    json_.open('{');
    raw_pair("type", R"(["object", "null"])");
    properties(section);
    json_.close('}');
  }

  void section_body(const Section& section) {
    if (!section.meaning.empty()) pair("description", section.meaning);
    switch (section.kind) {
      case Section::Kind::map:
        raw_pair("type", section.path == "mqtt.tls" ? R"(["object", "null", "boolean"])"
                                                    : R"(["object", "null"])");
        properties(section.path);
        break;
      case Section::Kind::list:
        raw_pair("type", R"(["array", "null"])");
        if (section.path == "meters[]") raw_pair("minItems", "1");
        object("items", section.path);
        break;
      case Section::Kind::named:
        named_body(section);
        break;
    }
  }

  void named_body(const Section& section) {
    raw_pair("type", R"(["object", "null"])");
    if (section.path == "readings.*") {
      json_.key("propertyNames");
      json_.open('{');
      pair("pattern", reading_pattern);
      json_.close('}');
      object("additionalProperties", section.path);
      return;
    }
    // several entries for one pattern stand in a list
    json_.key("additionalProperties");
    json_.open('{');
    raw_pair("type", R"(["object", "array"])");
    properties(section.path);
    object("items", section.path);
    json_.close('}');
  }

  void key_body(const Key& key) {
    pair("description", key.meaning);
    if (const std::string value = default_of(key); !value.empty()) raw_pair("default", value);
    if (!key.type.list) {
      type_body(key.type);
      return;
    }
    json_.key("anyOf");
    json_.open('[');
    json_.open('{');
    type_body(key.type);
    json_.close('}');
    json_.open('{');
    pair("type", "array");
    json_.key("items");
    json_.open('{');
    type_body(key.type);
    json_.close('}');
    json_.close('}');
    json_.close(']');
  }

  /// As JSON; empty when there is none.
  std::string default_of(const Key& key) {
    if (key.show == nullptr || parent_of(key.path) == "readings.*") return {};
    Cursor at{.settings = &settings_, .meter = &settings_.meters.front(), .rest = &rest_};
    for (const auto& named : topic_classes()) {
      if (name_of(parent_of(key.path)) == named.name) at.topic = &(settings_.mqtt.*named.member);
    }
    std::string yaml = key.show(at);
    const bool plain = key.type.kind == ValueType::Kind::flag ||
                       (key.type.kind == ValueType::Kind::number && parse_whole(yaml));
    if (yaml.empty() || plain) return yaml;
    if (key.type.list && yaml.front() == '[') return json_list(yaml);
    return yaml.front() == '"' ? yaml : json_text(yaml);
  }

  /// A list of plain words, "[a, b]", as JSON.
  static std::string json_list(std::string_view yaml) {
    std::string json{"["};
    for (yaml = yaml.substr(1, yaml.size() - 2); !yaml.empty();) {
      const auto end = std::min(yaml.find(", "), yaml.size());
      json.append(json.size() > 1 ? ", " : "").append(json_text(yaml.substr(0, end)));
      yaml.remove_prefix(std::min(end + 2, yaml.size()));
    }
    return json + ']';
  }

  void type_body(const ValueType& type) {
    switch (type.kind) {
      case ValueType::Kind::flag:
        return pair("type", "boolean");
      case ValueType::Kind::choice:
        return choice_body(type);
      case ValueType::Kind::number:
      case ValueType::Kind::duration:
      case ValueType::Kind::size:
        return number_body(type);
      case ValueType::Kind::text:
      case ValueType::Kind::amount:
        return text_body(type);
      case ValueType::Kind::external:
        // an object's members without its braces
        return raw_members(type.pattern);
    }
  }

  void raw_members(std::string_view object) {
    json_.key("allOf");
    json_.raw('[' + std::string{object} + ']');
  }

  void choice_body(const ValueType& type) {
    json_.key("enum");
    json_.open('[');
    for (const auto word : split_words(type.words)) {
      json_.text(word);
      if (parse_whole(word)) json_.raw(word);  // 5 as well as "5"
    }
    json_.close(']');
  }

  void range(const ValueType& type) {
    pair("type", "integer");
    raw_pair("minimum", std::to_string(type.least));
    raw_pair("maximum", std::to_string(type.most));
  }

  void number_body(const ValueType& type) {
    if (type.kind == ValueType::Kind::number && type.words.empty()) return range(type);
    json_.key("anyOf");
    json_.open('[');
    const bool duration = type.kind == ValueType::Kind::duration;
    if (!duration || type.least == 0) {
      json_.open('{');
      if (duration) {
        raw_pair("const", "0");
      } else {
        range(type);
      }
      json_.close('}');
    }
    if (type.kind != ValueType::Kind::number) {
      json_.open('{');
      pair("type", "string");
      pair("pattern", duration ? duration_pattern : size_pattern);
      json_.close('}');
    }
    if (!type.words.empty()) {
      json_.open('{');
      choice_body(type);
      json_.close('}');
    }
    json_.close(']');
  }

  void text_body(const ValueType& type) {
    raw_pair("type", R"(["string", "number"])");
    if (type.least > 0) raw_pair("minLength", std::to_string(type.least));
    raw_pair("maxLength", std::to_string(type.most));
    if (type.kind == ValueType::Kind::amount) raw_pair("minimum", "0");
    if (!type.pattern.empty()) pair("pattern", type.pattern);
  }

  JsonWriter json_{};
  Settings settings_{};
  Remaining rest_{};
};

}  // namespace

std::string json_schema() { return SchemaWriter{}.write(); }

}  // namespace p1meter::settings
