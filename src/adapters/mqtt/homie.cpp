// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: a meter as a device of the Homie convention.
#include "adapters/mqtt/homie.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "adapters/mqtt/digest.hpp"
#include "adapters/mqtt/discovery.hpp"
#include "adapters/mqtt/state_json.hpp"
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {
namespace {

using settings::HomieVersion;

constexpr std::size_t mark_digits = 4;
constexpr std::string_view from_zero = "0:";

bool is_id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string kebab(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    id += is_id_character(lower) ? lower : '-';
  }
  id.erase(0, id.find_first_not_of('-'));
  const auto last = id.find_last_not_of('-');
  id.resize(last == std::string::npos ? 0 : last + 1);
  return id;
}

std::string marked(std::string id, std::string_view name) {
  if (!id.empty()) id += '-';
  return id + short_digest({name}).substr(0, mark_digits);
}

/// Such a name is an id as it is.
bool is_spelt_alike(std::string_view name) { return !name.empty() && kebab(name) == name; }

/// Begins with a hyphen, as no name does that is an id as it is, and can be read back: no two names
/// have the same.
std::string coded(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr unsigned bits_of_a_digit = 4;
  constexpr unsigned last_digit = 0x0F;
  std::string id{'-'};
  for (const char c : name) {
    if (is_id_character(c)) {
      id += c;
      continue;
    }
    const unsigned code = static_cast<unsigned char>(c);
    id += '-';
    id += digits[code >> bits_of_a_digit];
    id += digits[code & last_digit];
  }
  return id;
}

/// As the convention spells them.
/// Source    Homie 5.0, "Units"
std::string_view homie_unit(Unit unit) {
  if (unit == Unit::degree) return "°";
  if (unit == Unit::litre) return "L";
  return unit_text(unit);
}

/// From what is known of the key alone, so that a device is described alike before its first value.
std::string_view datatype(const KeyInfo& key, HomieVersion version) {
  switch (key.kind) {
    case ReadingKind::counter:
      return key.unit == Unit::none ? "integer" : "float";
    case ReadingKind::cumulative:
    case ReadingKind::instantaneous:
    case ReadingKind::average:
    case ReadingKind::setting:
      return "float";
    case ReadingKind::failure_log:
    case ReadingKind::peak_history:
      return version == HomieVersion::v5 ? "json" : "string";
    case ReadingKind::info:
      return key.unit == Unit::none ? "string" : "float";
    case ReadingKind::state:
    case ReadingKind::time:
    case ReadingKind::text:
      break;
  }
  return "string";
}

HomieProperty value_property(const KeyInfo& key, HomieVersion version) {
  HomieProperty property{.id = homie_id(key.key), .name = key.name.empty() ? key.key : key.name};
  property.datatype = datatype(key, version);
  property.unit = homie_unit(key.unit);
  // Version 4 knows no range without an end.
  if (version == HomieVersion::v5 && is_register(key.kind)) property.format = from_zero;
  return property;
}

HomieNode& node_of(HomieDevice& device, const KeyInfo& key) {
  const std::string id = device_word(key);
  const auto found = std::find_if(device.nodes.begin(), device.nodes.end(),
                                  [&](const HomieNode& node) { return node.id == id; });
  if (found != device.nodes.end()) return *found;
  return device.nodes.emplace_back(HomieNode{id, kind_name({key.device, key.device_number}), {}});
}

/// The ids of a list, with commas between them.
template <class List>
std::string ids_of(const List& list) {
  std::string ids;
  for (const auto& item : list) {
    if (!ids.empty()) ids += ',';
    ids += item.id;
  }
  return ids;
}

/// Source    Homie 4.0.0, "Device Attributes", "Node Attributes", "Property Attributes"
HomieAttributes attributes_of_version_4(const HomieDevice& device) {
  HomieAttributes all{{"$homie", "4.0.0"},
                      {"$name", device.name},
                      {"$nodes", ids_of(device.nodes)},
                      {"$extensions", ""},
                      {"$implementation", "p1meter"}};
  for (const HomieNode& node : device.nodes) {
    all.emplace_back(node.id + "/$name", node.name);
    all.emplace_back(node.id + "/$type", node.name);
    all.emplace_back(node.id + "/$properties", ids_of(node.properties));
    for (const HomieProperty& property : node.properties) {
      const std::string base = node.id + "/" + property.id;
      all.emplace_back(base + "/$name", property.name);
      all.emplace_back(base + "/$datatype", property.datatype);
      if (!property.format.empty()) all.emplace_back(base + "/$format", property.format);
      if (!property.unit.empty()) all.emplace_back(base + "/$unit", property.unit);
      all.emplace_back(base + "/$settable", "false");
      all.emplace_back(base + "/$retained", "true");
    }
  }
  return all;
}

/// Source    Homie 5.0, "Device Description"
std::string description_of_version_5(const HomieDevice& device, std::int64_t stamp) {
  using Json = nlohmann::ordered_json;
  Json nodes = Json::object();
  for (const HomieNode& node : device.nodes) {
    Json properties = Json::object();
    for (const HomieProperty& property : node.properties) {
      Json& json =
          properties[property.id] = {{"name", property.name}, {"datatype", property.datatype}};
      if (!property.format.empty()) json["format"] = property.format;
      if (!property.unit.empty()) json["unit"] = property.unit;
      json["settable"] = false;
      json["retained"] = true;
    }
    nodes[node.id] = {{"name", node.name}, {"properties", std::move(properties)}};
  }
  const Json description{
      {"homie", "5.0"}, {"version", stamp}, {"name", device.name}, {"nodes", std::move(nodes)}};
  return description.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string homie_id(std::string_view name) {
  std::string id = kebab(name);
  const bool readable = std::equal(
      id.begin(), id.end(), name.begin(), name.end(),
      [](char made, char given) { return made == given || (made == '-' && given == '_'); });
  return readable && !id.empty() ? id : marked(std::move(id), name);
}

std::string homie_device_id(std::string_view base_topic, std::string_view meter) {
  std::string id = kebab(base_topic);
  if (id.empty()) id = "p1meter";
  id += '-';
  return is_spelt_alike(meter) ? id.append(meter) : id.append(coded(meter));
}

std::string homie_root(const settings::HomieSettings& settings, std::string_view id) {
  std::string root = settings.domain + '/';
  if (settings.version == HomieVersion::v5) root += "5/";
  return root.append(id);
}

std::string_view homie_root_of(std::string_view topic) noexcept {
  const auto domain = topic.find('/');
  if (domain == std::string_view::npos) return topic;
  const auto device = topic.substr(domain).starts_with("/5/") ? domain + 3 : domain + 1;
  return topic.substr(0, topic.find('/', device));
}

std::string homie_value_topic(const KeyInfo& key) {
  return device_word(key) + "/" + homie_id(key.key);
}

std::string homie_time_topic(const KeyInfo& key, const KeyCatalogue& keys) {
  const std::string name = key.key + "_time";
  return keys.find(name) ? std::string{} : device_word(key) + "/" + homie_id(name);
}

HomieDevice homie_device(const MeterView& meter, HomieVersion version,
                         const std::function<bool(KeyId)>& has_time) {
  HomieDevice device{.name = device_name("Smart meter", meter.name())};
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    if (!meter.published(id)) continue;
    const KeyInfo& key = meter.keys()[id];
    auto& properties = node_of(device, key).properties;
    properties.push_back(value_property(key, version));
    if (!has_time(id) || homie_time_topic(key, meter.keys()).empty()) continue;
    properties.push_back({.id = homie_id(key.key + "_time"),
                          .name = properties.back().name + " time",
                          .datatype = version == HomieVersion::v5 ? "datetime" : "string"});
  }
  return device;
}

HomieAttributes homie_attributes(const HomieDevice& device, HomieVersion version,
                                 std::int64_t stamp) {
  if (version == HomieVersion::v5)
    return {{"$description", description_of_version_5(device, stamp)}};
  return attributes_of_version_4(device);
}

std::string homie_value(const Value& value, const KeyInfo& key, HomieVersion version) {
  if (std::holds_alternative<std::monostate>(value)) return {};
  std::string text = scalar_text(value, key.kind);
  const std::string_view type = datatype(key, version);
  if (type == "float" || type == "integer") {
    const bool fits = std::holds_alternative<Decimal>(value) &&
                      (type == "float" || text.find('.') == std::string::npos);
    return fits ? text : std::string{};
  }
  // An empty payload would remove the property's value.
  if (text.empty() && version == HomieVersion::v5) text.assign(1, '\0');
  return text;
}

}  // namespace p1meter::mqtt
