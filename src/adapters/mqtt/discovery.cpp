// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what Home Assistant is told of meters and of this program.
#include "adapters/mqtt/discovery.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "adapters/mqtt/digest.hpp"
#include "adapters/mqtt/discovery_entities.hpp"

namespace p1meter::mqtt {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Levels of discovery topics take letters, digits, _ and -.
std::string level(std::string_view text) {
  std::string out{text};
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  for (char& c : out) {
    if (!allowed(c)) c = '_';
  }
  return out;
}

/// Who makes a meter, by the three letters that begin what it calls itself.
/// Source    DLMS User Association, list of FLAG manufacturer ids
std::string_view manufacturer(std::string_view identification) {
  constexpr std::pair<std::string_view, std::string_view> makers[] = {
      {"ACE", "Itron"},      {"AID", "Aidon"},        {"AUX", "Aux"},        {"CTA", "Elster"},
      {"EBZ", "eBZ"},        {"EMH", "EMH metering"}, {"ESY", "EasyMeter"},  {"ISK", "Iskraemeco"},
      {"ISk", "Iskraemeco"}, {"KFM", "Kaifa"},        {"KMP", "Kamstrup"},   {"KAM", "Kamstrup"},
      {"Kam", "Kamstrup"},   {"LGB", "Landis+Gyr"},   {"LGF", "Landis+Gyr"}, {"LGZ", "Landis+Gyr"},
      {"LOG", "Logarex"},    {"SAC", "Sagemcom"},     {"SAG", "Sagemcom"},   {"XMX", "Landis+Gyr"},
  };
  for (const auto& [flag, name] : makers) {
    if (identification.starts_with(flag)) return name;
  }
  return {};
}

void put(Json& json, const char* name, std::string_view text) {
  if (!text.empty()) json[name] = text;
}

Json availability(const DiscoveryContext& context, std::string_view meter_topic) {
  Json list = Json::array();
  if (!context.mqtt.status.enabled) return list;
  list.push_back(context.availability(context.status_topic()));
  if (!meter_topic.empty()) list.push_back(context.availability(meter_topic));
  return list;
}

DiscoveredDevice electricity_meter(const DiscoveryContext& context, const MeterView& meter,
                                   const MeterTopics& topics, const std::string& id,
                                   const Nameplate& plate) {
  DiscoveredDevice found{
      .id = id, .availability = availability(context, topics.status ? *topics.status : "")};
  found.device = {{"identifiers", Json::array({id})},
                  {"name", device_name("Smart meter", meter.name())}};
  put(found.device, "manufacturer", manufacturer(plate.identification));
  put(found.device, "model", plate.identification);
  put(found.device, "serial_number", plate.equipment_id);
  put(found.device, "sw_version", plate.version);
  found.device["via_device"] = program_id(context.base_topic);
  return found;
}

DiscoveredDevice mbus_device(const DiscoveredDevice& meter, std::string_view meter_name,
                             const DeviceRef& ref, const Nameplate& plate) {
  DiscoveredDevice found{.id = meter.id + "_" + device_word(ref),
                         .availability = meter.availability};
  found.device = {{"identifiers", Json::array({found.id})},
                  {"name", device_name(kind_name(ref), meter_name)}};
  for (const auto& [device, equipment_id] : plate.devices) {
    if (device == ref) put(found.device, "serial_number", equipment_id);
  }
  found.device["via_device"] = meter.id;
  return found;
}

/// How often a key is published for certain; nothing for one that comes only when it changes.
std::optional<milliseconds> guaranteed_spacing(const LimitPolicy& policy, milliseconds period) {
  if (!policy.publish) return std::nullopt;
  const bool only_changes = policy.on_change || policy.deadband.has_value();
  milliseconds spacing = policy.interval;
  if (only_changes) {
    if (!policy.refresh || policy.refresh->count() == 0) return std::nullopt;
    spacing = *policy.refresh;
  }
  if (period.count() == 0) return spacing;
  // Values come with telegrams only.
  const auto telegrams = (spacing + period - milliseconds{1}) / period;
  const auto least = static_cast<std::int64_t>(only_changes ? 1 : policy.every);
  return period * std::max<std::int64_t>({telegrams, least, 1});
}

}  // namespace

std::string device_name(std::string_view kind, std::string_view meter) {
  std::string name{kind};
  if (meter != "home") name.append(" ").append(meter);
  return name;
}

std::string kind_name(const DeviceRef& device) {
  const auto kind = [&]() -> std::string_view {
    switch (device.device) {
      case Device::gas:
        return "Gas meter";
      case Device::water:
        return "Water meter";
      case Device::heat:
        return "Heat meter";
      case Device::cooling:
        return "Cooling meter";
      case Device::submeter:
        return "Submeter";
      case Device::valve:
        return "Valve";
      case Device::breaker:
        return "Breaker";
      case Device::electricity:
        return "Electricity meter";
      case Device::other:
        break;
    }
    return "M-Bus device";
  }();
  std::string name{kind};
  if (device.number > 1) name += " " + std::to_string(device.number);
  return name;
}

std::string DiscoveryContext::status_topic() const {
  return *daemon_topic(mqtt.templates.status, {base_topic, mqtt.base_topic});
}

std::string DiscoveryContext::statistics_topic() const {
  return *daemon_topic(mqtt.templates.statistics, {base_topic, mqtt.base_topic});
}

Json DiscoveryContext::availability(std::string_view topic) const {
  Json entry{{"topic", topic}};
  if (mqtt.templates.online != "online") entry["payload_available"] = mqtt.templates.online;
  if (mqtt.templates.offline != "offline") entry["payload_not_available"] = mqtt.templates.offline;
  return entry;
}

std::string device_id(std::string_view equipment_id, std::string_view meter, bool shared) {
  if (equipment_id.empty()) return "p1meter_" + level(meter);
  std::string source{equipment_id};
  if (shared) source.append("/").append(meter);
  return "p1meter_" + short_digest({source});
}

std::string program_id(std::string_view base_topic) {
  return "p1meter_program_" + level(base_topic);
}

namespace {

/// A median of gaps trembles by milliseconds; what is announced must not.
milliseconds steady_period(const MeterView& meter) {
  return std::chrono::round<seconds>(meter.nameplate().period);
}

std::uint32_t expiry_after(const std::optional<milliseconds>& spacing) {
  constexpr std::int64_t spacings = 5;
  constexpr std::int64_t least = 60;
  if (!spacing) return 0;
  const auto whole = std::chrono::ceil<seconds>(*spacing).count();
  return static_cast<std::uint32_t>(std::max(spacings * whole, least));
}

}  // namespace

std::uint32_t expire_after(const MeterView& meter) {
  const auto period = steady_period(meter);
  std::optional<milliseconds> shortest;
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto spacing = guaranteed_spacing(meter.policy(static_cast<KeyId>(i)), period);
    if (spacing && (!shortest || *spacing < *shortest)) shortest = spacing;
  }
  return expiry_after(shortest);
}

std::vector<std::uint32_t> expiries_of_keys(const MeterView& meter) {
  const auto period = steady_period(meter);
  std::vector<std::uint32_t> expiries;
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto key = static_cast<KeyId>(i);
    const ReadingKind kind = meter.keys()[key].kind;
    const bool momentary = kind == ReadingKind::instantaneous || kind == ReadingKind::average;
    expiries.push_back(momentary ? expiry_after(guaranteed_spacing(meter.policy(key), period)) : 0);
  }
  return expiries;
}

std::vector<DiscoveredDevice> discover_meter(const DiscoveryContext& context,
                                             const MeterView& meter, const MeterTopics& topics,
                                             const std::string& id, std::uint32_t expiry) {
  const Nameplate plate = meter.nameplate();
  std::vector<DiscoveredDevice> devices{electricity_meter(context, meter, topics, id, plate)};
  std::vector<DeviceRef> refs{DeviceRef{}};
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto key = static_cast<KeyId>(i);
    auto entity = reading_entity(context, meter, key, topics, id, expiry);
    if (!entity) continue;
    const KeyInfo& info = meter.keys()[key];
    const DeviceRef ref{info.device, info.device_number};
    auto at = std::find(refs.begin(), refs.end(), ref);
    if (at == refs.end()) {
      devices.push_back(mbus_device(devices.front(), meter.name(), ref, plate));
      at = refs.insert(refs.end(), ref);
    }
    devices[static_cast<std::size_t>(at - refs.begin())].entities.push_back(*std::move(entity));
  }
  add_meter_diagnostics(context, meter, topics, id, devices.front().entities);
  return devices;
}

DiscoveredDevice discover_program(const DiscoveryContext& context) {
  const std::string id = program_id(context.base_topic);
  DiscoveredDevice found{.id = id, .availability = availability(context, {})};
  found.device = {
      {"identifiers", Json::array({id})},
      {"name", context.base_topic == "p1meter" ? "p1meter" : "p1meter " + context.base_topic},
      {"sw_version", context.version}};
  add_program_diagnostics(context, id, found.entities);
  return found;
}

std::string device_topic(const DiscoveryContext& context, std::string_view id) {
  return context.home_assistant.prefix + "/device/" + std::string{id} + "/config";
}

namespace {

Json origin(const DiscoveryContext& context) {
  return {{"name", "p1meter"}, {"sw_version", context.version}};
}

ConfigMessage device_message(const DiscoveryContext& context, const DiscoveredDevice& device) {
  ConfigMessage message{.topic = device_topic(context, device.id)};
  Json json{{"device", device.device}, {"origin", origin(context)}};
  if (!device.availability.empty()) {
    json["availability"] = device.availability;
    json["availability_mode"] = "all";
  }
  Json& components = json["components"] = Json::object();
  for (const Entity& entity : device.entities) {
    Json component{{"platform", entity.platform}};
    component.update(entity.config);
    components[entity.object] = std::move(component);
    message.components.push_back(entity.platform + " " + entity.object);
  }
  message.payload = text_of(json);
  return message;
}

ConfigMessage single_message(const DiscoveryContext& context, const DiscoveredDevice& device,
                             const Entity& entity) {
  Json json = entity.config;
  if (!device.availability.empty() && !json.contains("availability")) {
    json["availability"] = device.availability;
    json["availability_mode"] = "all";
  }
  json["device"] = device.device;
  json["origin"] = origin(context);
  return {.topic = context.home_assistant.prefix + "/" + entity.platform + "/" + device.id + "/" +
                   entity.object + "/config",
          .payload = text_of(json)};
}

}  // namespace

std::vector<ConfigMessage> config_messages(const DiscoveryContext& context,
                                           const DiscoveredDevice& device) {
  if (context.home_assistant.discovery == settings::Discovery::device)
    return {device_message(context, device)};
  std::vector<ConfigMessage> messages;
  for (const Entity& entity : device.entities)
    messages.push_back(single_message(context, device, entity));
  return messages;
}

std::string with_removed(const std::string& payload, const std::vector<std::string>& removed) {
  Json json = Json::parse(payload);
  Json& components = json["components"];
  for (const std::string& component : removed) {
    const auto space = component.find(' ');
    const std::string object = component.substr(space + 1);
    if (!components.contains(object))
      components[object] = {{"platform", component.substr(0, space)}};
  }
  return text_of(json);
}

}  // namespace p1meter::mqtt
