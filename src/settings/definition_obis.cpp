// SPDX-License-Identifier: Apache-2.0
// Settings: the attributes of a user's OBIS entry, for schema and documentation. The loader of OBIS
// tables reads them.
#include "settings/definition.hpp"

namespace p1meter::settings {
namespace {

constexpr std::string_view any_text = R"({"type": ["string", "number"]})";

Key attribute(std::string path, std::string_view expected, std::string_view schema,
              std::string_view meaning, std::string_view example) {
  return {.path = std::move(path),
          .type = external(expected, schema),
          .meaning = meaning,
          .example = example};
}

std::vector<Key> value_attributes() {
  return {
      attribute("obis.*.key", "a key of a-z, 0-9 and _",
                R"({"type": "string", "pattern": "^[a-z{][a-z0-9_{}]*$"})",
                "The key that the object is published as. {e} stands for group E of the code, "
                "{channel} for group B, {medium} for the M-Bus device (gas, water2).",
                "pump_hours"),
      attribute("obis.*.name", "a text", any_text,
                "The name that people read. Made from the key when left out.", "Pump hours"),
      attribute(
          "obis.*.unit", "a unit like W, kW, kWh, V, A or m³, or none", any_text,
          "The unit published. A value sent in another unit of the same kind has its point moved.",
          "h"),
      attribute("obis.*.bare_unit", "a unit", any_text,
                "The unit of a value that the meter sends without one, when that is not unit.",
                "min"),
      attribute("obis.*.factor", "an exact decimal like 0.001, not 0", any_text,
                "A factor, applied after the unit.", "0.01"),
      attribute("obis.*.group", "a number from 1 to 9",
                R"({"type": "integer", "minimum": 1, "maximum": 9})",
                "Which value group of the line holds the value, where it has several.", "1"),
      attribute("obis.*.nines_are_unlimited", "true or false", R"({"type": "boolean"})",
                "true: 999, 999.9 and 99.999 mean \"not limited\" and become null.", "false"),
  };
}

std::vector<Key> kind_attributes() {
  return {
      attribute(
          "obis.*.kind",
          "cumulative, counter, instantaneous, average, setting, state, info, time, text, "
          "failure_log or peak_history",
          R"({"enum": ["cumulative", "counter", "instantaneous", "average", "setting", "state", "info", "time", "text", "failure_log", "peak_history"]})",
          "What the value is. Left out: cumulative for energies and volumes, instantaneous with "
          "any other unit, state without one.",
          "cumulative"),
      attribute(
          "obis.*.form",
          "number, code, identifier, message, clock, text, failure_log, peak_history or ignored",
          R"({"enum": ["number", "code", "identifier", "message", "clock", "text", "failure_log", "peak_history", "ignored"]})",
          "How the characters are read. Follows from kind; ignored: not published.", "number"),
      attribute("obis.*.device_class", "a device class of Home Assistant, or none", any_text,
                "For Home Assistant; follows from the unit.", "duration"),
      attribute("obis.*.state_class", "a state class of Home Assistant, or none", any_text,
                "For Home Assistant; follows from kind.", "total_increasing"),
      attribute("obis.*.diagnostic", "true or false", R"({"type": "boolean"})",
                "For Home Assistant: whether it is shown among the diagnostics.", "false"),
  };
}

std::vector<Key> condition_attributes() {
  return {
      attribute("obis.*.when_unit", "a unit", any_text,
                "The entry takes only values in this kind of unit.", "h"),
      attribute(
          "obis.*.when_device", "gas, water, heat, cooling, submeter, valve, breaker or other",
          R"({"enum": ["gas", "water", "heat", "cooling", "submeter", "valve", "breaker", "other"]})",
          "The entry takes only values of this kind of M-Bus device.", "other"),
  };
}

}  // namespace

std::vector<Key> obis_keys() {
  std::vector<Key> rows;
  for (auto* more : {&value_attributes, &kind_attributes, &condition_attributes}) {
    for (auto& row : (*more)()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace p1meter::settings
