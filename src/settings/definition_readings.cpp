// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of the options of one entry of readings.
#include <utility>

#include "p1meter/values/decimal.hpp"
#include "settings/definition.hpp"
#include "settings/source_text.hpp"
#include "settings/template_reader.hpp"

namespace p1meter::settings {
namespace {

constexpr std::string_view deadband_form =
    "an amount like 0.5 in the key's unit, or a percentage like 2%";

std::string read_deadband(const Cursor& at, const Given& given) {
  std::string_view text = given.text;
  Deadband deadband;
  deadband.percent = text.ends_with('%');
  if (deadband.percent) text.remove_suffix(1);
  if (text.ends_with(' ')) text.remove_suffix(1);
  const auto amount = parse_decimal(text);
  if (!amount || *amount < Decimal{}) return std::string{deadband_form};
  deadband.amount = *amount;
  at.rule->deadband = deadband;
  return accepted();
}

std::string show_deadband(const Cursor& at) {
  if (!at.rule->deadband) return {};
  return to_string(at.rule->deadband->amount) + (at.rule->deadband->percent ? "%" : "");
}

std::string read_aggregate(const Cursor& at, const Given& given) {
  at.rule->aggregate = Aggregate::last;
  if (given.text == "mean") at.rule->aggregate = Aggregate::mean;
  if (given.text == "min") at.rule->aggregate = Aggregate::min;
  if (given.text == "max") at.rule->aggregate = Aggregate::max;
  return accepted();
}

std::string show_aggregate(const Cursor& at) {
  if (!at.rule->aggregate) return {};
  switch (*at.rule->aggregate) {
    case Aggregate::last:
      return "last";
    case Aggregate::mean:
      return "mean";
    case Aggregate::min:
      return "min";
    case Aggregate::max:
      return "max";
  }
  return {};
}

std::string read_topic(const Cursor& at, const Given& given) {
  if (at.templates->topic(*given.node, *given.path, TemplateScope::own_topic)) {
    at.rule->topic = given.text;
  }
  return accepted();
}

std::string read_payload(const Cursor& at, const Given& given) {
  auto payload = at.templates->payload(*given.node, *given.path, TemplateScope::reading);
  if (payload) at.rule->payload = std::move(*payload);
  return accepted();
}

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string read_fields(const Cursor& at, const Given& given) {
  const YamlNode& map = *given.node;
  if (map.kind != YamlNode::Kind::map) {
    at.templates->add(map, *given.path, "expected names and texts: {entity: Utility meter}");
    return accepted();
  }
  for (std::size_t i = 0; i < map.items.size(); ++i) {
    const YamlNode& name = map.keys[i];
    const YamlNode& value = map.items[i];
    const std::string path = join_path(*given.path, name.text);
    if (name.text.empty() || name.text.find_first_not_of(name_characters) != std::string::npos) {
      at.templates->add(name, path, "expected a name of letters, digits and _");
    } else if (is_placeholder_of_readings(name.text)) {
      at.templates->add(name, path, "expected another name: {" + name.text + "} has a meaning");
    } else if (value.kind != YamlNode::Kind::scalar || !is_printable(value.text)) {
      at.templates->add(value, path, "expected a text");
    } else {
      at.rule->fields.insert_or_assign(name.text, value.text);
    }
  }
  return accepted();
}

std::string show_fields(const Cursor& at) {
  std::string text;
  for (const auto& [name, value] : at.rule->fields) {
    text.append(text.empty() ? "{" : ", ").append(name).append(": ").append(yaml_text(value));
  }
  return text.empty() ? text : text + '}';
}

std::string read_unit(const Cursor& at, const Given& given) {
  const auto unit = parse_unit(given.text);
  if (!unit || *unit == Unit::none) return "a unit like W, kW, kWh, V, A or m³";
  at.rule->unit = unit;
  return accepted();
}

std::vector<Key> timing_keys() {
  return {
      {.path = "readings.*.publish",
       .type = flag(),
       .meaning = "false: never published, neither as a topic nor in state.",
       .example = "false",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->publish = given.flag;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->publish ? show_flag(*at.rule->publish) : std::string{};
           }},
      {.path = "readings.*.interval",
       .type = duration(milliseconds{0}, std::chrono::hours{744}),
       .meaning = "Published at most once in this time. 0s: with every telegram.",
       .example = "1min",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->interval = milliseconds{given.number};
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->interval ? write_duration(*at.rule->interval) : std::string{};
           }},
      {.path = "readings.*.on_change",
       .type = flag(),
       .meaning = "true: published only when the value has changed. false: whenever the interval "
                  "has passed.",
       .example = "false",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->on_change = given.flag;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->on_change ? show_flag(*at.rule->on_change) : std::string{};
           }},
      {.path = "readings.*.refresh",
       .type = duration(milliseconds{1}, std::chrono::hours{744}, "off"),
       .meaning = "Published at least once in this time although nothing has changed, as telegrams "
                  "arrive. Not shorter than the interval. off: only changes are published.",
       .example = "1h",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->refresh = milliseconds{given.word ? 0 : given.number};
             return accepted();
           },
       .show = [](const Cursor& at) -> std::string {
         if (!at.rule->refresh) return {};
         return at.rule->refresh->count() == 0 ? "off" : write_duration(*at.rule->refresh);
       }},
  };
}

std::vector<Key> value_keys() {
  return {
      {.path = "readings.*.deadband",
       .type = amount(deadband_form, "^[0-9]+([.][0-9]+)? ?%?$"),
       .meaning = "A change smaller than this does not count: an amount in the key's unit, or % of "
                  "the last published value. Brings on_change with it. For numbers only; 0: none.",
       .example = "5%",
       .read = read_deadband,
       .show = show_deadband},
      {.path = "readings.*.aggregate",
       .type = choice("last|mean|min|max"),
       .meaning = "What is published of the values since the last time. Texts, lists, registers "
                  "and counters take last only.",
       .example = "mean",
       .read = read_aggregate,
       .show = show_aggregate},
      {.path = "readings.*.every",
       .type = number(1, 1'000'000),
       .meaning = "Published only when this many values have come, the first time too.",
       .example = "6",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->every = static_cast<std::uint32_t>(given.number);
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->every ? std::to_string(*at.rule->every) : std::string{};
           }},
  };
}

std::vector<Key> naming_keys() {
  return {
      {.path = "readings.*.topic",
       .type = topic_text(),
       .meaning =
           "For a key or an OBIS code: another topic. Without / it takes the place of the "
           "last level, with / it is the whole topic. May hold {base} {meter} {key} {device} "
           "{obis} {equipment_id}.",
       .example = "actual_power",
       .read = read_topic,
       .show =
           [](const Cursor& at) {
             return at.rule->topic ? yaml_text(*at.rule->topic) : std::string{};
           }},
      {.path = "readings.*.unit",
       .type = text("a unit like W, kW, kWh, V, A or m³", 16, {}, 1),
       .meaning = "Another unit of the same kind; the decimal point moves. Ignored where a glob or "
                  "default meets another kind of unit.",
       .example = "kW",
       .read = read_unit,
       .show =
           [](const Cursor& at) {
             return at.rule->unit ? yaml_text(unit_text(*at.rule->unit)) : std::string{};
           }},
      {.path = "readings.*.name",
       .type = text("a name", 128, {}, 1),
       .meaning = "For a key or an OBIS code: the name that people read.",
       .example = "Consumption",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->name = given.text;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->name ? yaml_text(*at.rule->name) : std::string{};
           }},
  };
}

std::vector<Key> message_options() {
  return {
      {.path = "readings.*.decimals",
       .type = number(0, 9),
       .meaning = "At most this many decimals; rounded to the nearest, from the middle to the even "
                  "digit.",
       .example = "2",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->decimals = static_cast<int>(given.number);
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->decimals ? std::to_string(*at.rule->decimals) : std::string{};
           }},
      {.path = "readings.*.payload",
       .type = external("plain, raw, json, influx, a text or a mapping", payload_schema),
       .meaning = "What the reading's own topic says, where that differs from "
                  "mqtt.topics.keys.payload.",
       .example = "\"{value} {unit}\"",
       .read = read_payload,
       .show =
           [](const Cursor& at) {
             return at.rule->payload ? payload_yaml(*at.rule->payload) : std::string{};
           }},
      {.path = "readings.*.fields",
       .type = external("names and texts", R"({"type": "object"})"),
       .meaning = "Texts of your own: each name is a placeholder in payloads of readings. Each is "
                  "an option for itself.",
       .example = "{room: Cellar}",
       .read = read_fields,
       .show = show_fields},
      {.path = "readings.*.qos",
       .type = number(0, 2),
       .meaning = "Quality of service of the reading's own topic, where it differs from "
                  "mqtt.topics.keys.",
       .example = "1",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->qos = static_cast<int>(given.number);
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->qos ? std::to_string(*at.rule->qos) : std::string{};
           }},
      {.path = "readings.*.retain",
       .type = flag(),
       .meaning = "Whether the broker keeps it, where that differs from mqtt.topics.keys.",
       .example = "false",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rule->retain = given.flag;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.rule->retain ? show_flag(*at.rule->retain) : std::string{};
           }},
  };
}

}  // namespace

std::vector<Key> reading_keys() {
  std::vector<Key> rows;
  for (auto* more : {&timing_keys, &value_keys, &naming_keys, &message_options}) {
    for (auto& row : (*more)()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace p1meter::settings
