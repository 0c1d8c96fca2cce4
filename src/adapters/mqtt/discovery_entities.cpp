// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the entities of Home Assistant: readings, events, and what tells of ourselves.
#include "adapters/mqtt/discovery_entities.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/mqtt/state_json.hpp"

namespace p1meter::mqtt {
namespace {

using Json = nlohmann::ordered_json;
using settings::Discovery;

/// Home Assistant writes an angle with its sign.
std::string_view unit_for_people(Unit unit) {
  return unit == Unit::degree ? std::string_view{"°"} : unit_text(unit);
}

/// Decimals worth showing; none where the unit does not tell.
std::optional<int> precision(Unit unit) {
  switch (unit) {
    case Unit::watt:
    case Unit::var:
    case Unit::volt_ampere:
    case Unit::watt_hour:
    case Unit::var_hour:
    case Unit::volt_ampere_hour:
    case Unit::litre:
    case Unit::second:
      return 0;
    case Unit::volt:
    case Unit::degree:
      return 1;
    case Unit::ampere:
    case Unit::hertz:
      return 2;
    case Unit::kilowatt:
    case Unit::kilovar:
    case Unit::kilovolt_ampere:
    case Unit::kilowatt_hour:
    case Unit::kilovar_hour:
    case Unit::kilovolt_ampere_hour:
    case Unit::cubic_metre:
    case Unit::gigajoule:
      return 3;
    default:
      return std::nullopt;
  }
}

/// Kinds that are about the meter rather than about the supply.
bool is_diagnostic(const KeyInfo& info) noexcept {
  switch (info.kind) {
    case ReadingKind::info:
    case ReadingKind::time:
    case ReadingKind::counter:
      return true;
    default:
      return info.diagnostic;
  }
}

/// Details that few people look at: there, but not shown until somebody asks for them.
bool is_rarely_used(const KeyInfo& info) noexcept {
  const std::string_view key = info.key;
  return info.kind == ReadingKind::info || info.kind == ReadingKind::time ||
         info.kind == ReadingKind::setting || info.kind == ReadingKind::text ||
         key.starts_with("reactive_") || key.starts_with("voltage_s") ||
         key.starts_with("apparent_");
}

/// What an enumeration may hold: what the standards say, and what this meter has shown.
Json options(const KeyInfo& info, const std::optional<DueReading>& current) {
  std::set<std::string> values{"0", "1", "2"};
  if (info.key == "tariff") values = {"1", "2", "3", "4"};
  if (current) {
    if (std::string shown = scalar_text(current->value, info.kind); !shown.empty())
      values.insert(std::move(shown));
  }
  return values;
}

std::string member(std::string_view key) { return "value_json." + std::string{key}; }

/// The value as Home Assistant reads it. In the single form nothing but the member's name:
/// Domoticz evaluates neither conditions nor filters.
std::string value_template(const KeyInfo& info, Discovery form) {
  const std::string value = member(info.key);
  if (form == Discovery::device) {
    // An empty text leaves a register at its last value, where `None` would make it unknown and
    // tear a hole into the statistics.
    if (is_register(info.kind)) return "{{ '' if " + value + " is none else " + value + " }}";
    // A state has at most 255 characters.
    if (info.kind == ReadingKind::text) return "{{ (" + value + " or '')[:255] }}";
  }
  return "{{ " + value + " }}";
}

/// The list that belongs to a reading, and its name there.
std::optional<std::pair<std::string_view, std::string_view>> attached_list(std::string_view key) {
  if (key == "power_failures") return std::pair{"power_failure_log", "log"};
  if (key == "demand_import_peak_month") return std::pair{"demand_import_peak_history", "history"};
  return std::nullopt;
}

void add_attributes(const MeterView& meter, KeyId key, const MeterTopics& topics, Json& config) {
  const KeyInfo& info = meter.keys()[key];
  std::vector<std::string> attributes;
  if (topics.has_time(key)) attributes.push_back("'time': " + member(info.key + "_time"));
  if (const auto list = attached_list(info.key)) {
    const auto found = meter.keys().find(list->first);
    if (found && meter.published(*found))
      attributes.push_back("'" + std::string{list->second} + "': " + member(list->first));
  }
  if (attributes.empty()) return;
  std::string all;
  for (const std::string& attribute : attributes) all += (all.empty() ? "" : ", ") + attribute;
  config["json_attributes_topic"] = *topics.state;
  config["json_attributes_template"] = "{{ {" + all + "} | tojson }}";
}

/// Domain and name of the entity as it is first called; users may call it otherwise.
std::string default_entity_id(std::string_view platform, std::string_view meter,
                              std::string_view object) {
  std::string id{platform};
  id.append(".p1meter_").append(meter).append("_").append(object);
  std::replace(id.begin(), id.end(), '-', '_');
  return id;
}

void add_classes(const KeyInfo& info, const std::optional<DueReading>& current,
                 const settings::ReadingStyle* style, Json& config) {
  const std::string_view unit = unit_for_people(info.unit);
  if (info.device_class == "enum") {
    config["device_class"] = "enum";
    config["options"] = options(info, current);
    return;
  }
  if (!info.device_class.empty()) config["device_class"] = info.device_class;
  if (!info.state_class.empty()) config["state_class"] = info.state_class;
  if (!unit.empty()) config["unit_of_measurement"] = unit;
  auto decimals = precision(info.unit);
  if (style != nullptr && style->decimals) decimals = style->decimals;
  if (decimals) config["suggested_display_precision"] = *decimals;
}

}  // namespace

std::optional<Entity> reading_entity(const DiscoveryContext& context, const MeterView& meter,
                                     KeyId key, const MeterTopics& topics, const std::string& id,
                                     std::uint32_t expiry) {
  const KeyInfo& info = meter.keys()[key];
  const bool list = info.kind == ReadingKind::failure_log || info.kind == ReadingKind::peak_history;
  if (list || !meter.published(key)) return std::nullopt;
  const Discovery form = context.home_assistant.discovery;
  Entity entity{.platform = "sensor", .object = info.key};
  Json& config = entity.config;
  config["unique_id"] = id + "_" + info.key;
  config["default_entity_id"] = default_entity_id(entity.platform, meter.name(), info.key);
  config["name"] = info.name;
  config["state_topic"] = *topics.state;
  config["value_template"] = value_template(info, form);
  add_classes(info, meter.current(key), topics.style(key), config);
  if (is_diagnostic(info)) config["entity_category"] = "diagnostic";
  if (is_rarely_used(info)) config["enabled_by_default"] = false;
  if (expiry > 0) config["expire_after"] = expiry;
  if (form == Discovery::device) add_attributes(meter, key, topics, config);
  return entity;
}

namespace {

/// One figure of the statistics.
struct Figure {
  std::string_view name{};  // in the statistics: "rss", "mqtt.dropped"
  std::string_view shown{};
  std::string_view device_class{};
  std::string_view state_class{};
  std::string_view unit{};
  bool usual{};               // shown without being asked for
  std::string_view object{};  // what it is called; empty: as its last level
};

constexpr Figure meter_figures[] = {
    {"last", "Last telegram", "timestamp", "", "", false},
    {"telegrams", "Telegrams", "", "total_increasing", "", false},
    {"crc_errors", "Checksum errors", "", "total_increasing", "", true},
    {"line_errors.total", "Serial line errors", "", "total_increasing", "", false, "line_errors"},
    {"reopened", "Source reopened", "", "total_increasing", "", false},
    {"clock_offset", "Clock offset", "duration", "measurement", "s", true},
};

constexpr Figure program_figures[] = {
    {"version", "Version", "", "", "", true},
    {"started", "Started", "timestamp", "", "", true},
    {"rss", "Memory used", "", "measurement", "B", false},
    {"memory_free", "Memory available", "", "measurement", "B", false},
    {"cpu_temperature", "Processor temperature", "temperature", "measurement", "°C", true},
    {"mqtt.reconnects", "Broker reconnects", "", "total_increasing", "", true},
    {"mqtt.dropped", "Messages dropped", "", "total_increasing", "", true},
    {"mqtt.published", "Messages published", "", "total_increasing", "", false},
};

std::string object_of(const Figure& figure) {
  if (!figure.object.empty()) return std::string{figure.object};
  return std::string{figure.name.substr(figure.name.rfind('.') + 1)};
}

/// A path from the statistics' meters on, whatever the levels are called.
std::string indexed(std::string_view meter, std::string_view path) {
  std::string where = R"(value_json["meters"][")" + std::string{meter} + R"("][")";
  for (const char c : path) {
    if (c == '.') {
      where += R"("][")";
    } else {
      where += c;
    }
  }
  return where + R"("])";
}

/// Also of a meter that is silent.
void add_availability_of_program(const DiscoveryContext& context, Json& config) {
  if (!context.mqtt.status.enabled) return;
  config["availability"] = Json::array({context.availability(context.status_topic())});
  config["availability_mode"] = "all";
}

/// `where`: of the figure in the statistics, as a template reaches it.
Entity figure_entity(const DiscoveryContext& context, const Figure& figure,
                     const std::string& where, const std::string& id, std::string_view owner) {
  Entity entity{.platform = "sensor", .object = object_of(figure)};
  Json& config = entity.config;
  config["unique_id"] = id + "_" + entity.object;
  config["default_entity_id"] = default_entity_id(entity.platform, owner, entity.object);
  config["name"] = figure.shown;
  config["state_topic"] = context.statistics_topic();
  config["value_template"] = "{{ " + where + " }}";
  if (!figure.device_class.empty()) config["device_class"] = figure.device_class;
  if (!figure.state_class.empty()) config["state_class"] = figure.state_class;
  if (!figure.unit.empty()) config["unit_of_measurement"] = figure.unit;
  config["entity_category"] = "diagnostic";
  if (!figure.usual) config["enabled_by_default"] = false;
  add_availability_of_program(context, config);
  return entity;
}

/// Without a command: apt installs. Home Assistant compares the two versions. A newest version that
/// is not known any more is the installed one.
Entity update_entity(const DiscoveryContext& context, const std::string& id) {
  Entity entity{.platform = "update", .object = "update"};
  entity.config = {
      {"unique_id", id + "_update"},
      {"default_entity_id", default_entity_id(entity.platform, "program", entity.object)},
      {"name", "Update"},
      {"title", "p1meter"},
      {"state_topic", context.statistics_topic()},
      {"value_template",
       "{{ {'installed_version': value_json.version, 'latest_version': value_json.latest_version | "
       "default(value_json.version)} | tojson }}"},
      {"entity_category", "diagnostic"},
  };
  add_availability_of_program(context, entity.config);
  return entity;
}

Entity event_entity(const MeterView& meter, const MeterTopics& topics, const std::string& id) {
  Entity entity{.platform = "event", .object = "events"};
  Json types = Json::array();
  for (const auto type : {MeterEvent::Type::power_failure, MeterEvent::Type::long_power_failure,
                          MeterEvent::Type::text_message, MeterEvent::Type::breaker_moved,
                          MeterEvent::Type::valve_moved, MeterEvent::Type::meter_replaced}) {
    types.push_back(event_name(type));
  }
  entity.config = {
      {"unique_id", id + "_events"},
      {"default_entity_id", default_entity_id(entity.platform, meter.name(), "events")},
      {"name", "Events"},
      {"state_topic", *topics.events},
      {"event_types", types},
  };
  return entity;
}

/// Available as long as this program is: that the meter is silent is what it tells.
Entity arrival_entity(const DiscoveryContext& context, const MeterView& meter,
                      const MeterTopics& topics, const std::string& id) {
  Entity entity{.platform = "binary_sensor", .object = "telegrams_arrive"};
  entity.config = {
      {"unique_id", id + "_telegrams_arrive"},
      {"default_entity_id", default_entity_id(entity.platform, meter.name(), entity.object)},
      {"name", "Telegrams arrive"},
      {"state_topic", *topics.status},
      {"payload_on", context.mqtt.templates.online},
      {"payload_off", context.mqtt.templates.offline},
      {"device_class", "connectivity"},
      {"entity_category", "diagnostic"},
      {"availability", Json::array({context.availability(context.status_topic())})},
      {"availability_mode", "all"},
  };
  return entity;
}

}  // namespace

void add_meter_diagnostics(const DiscoveryContext& context, const MeterView& meter,
                           const MeterTopics& topics, const std::string& id,
                           std::vector<Entity>& entities) {
  if (context.mqtt.events.enabled && topics.events)
    entities.push_back(event_entity(meter, topics, id));
  if (context.mqtt.status.enabled && topics.status)
    entities.push_back(arrival_entity(context, meter, topics, id));
  if (!context.mqtt.statistics.enabled) return;
  for (const Figure& figure : meter_figures) {
    entities.push_back(
        figure_entity(context, figure, indexed(meter.name(), figure.name), id, meter.name()));
  }
}

void add_program_diagnostics(const DiscoveryContext& context, const std::string& id,
                             std::vector<Entity>& entities) {
  if (!context.mqtt.statistics.enabled) return;
  for (const Figure& figure : program_figures) {
    entities.push_back(
        figure_entity(context, figure, "value_json." + std::string{figure.name}, id, "program"));
  }
  if (context.update_known) entities.push_back(update_entity(context, id));
}

}  // namespace p1meter::mqtt
