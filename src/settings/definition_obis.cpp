// SPDX-License-Identifier: Apache-2.0
// Settings: the attributes of a user's OBIS entry, for schema and documentation. The loader of OBIS
// tables reads them.
#include "settings/definition.hpp"

namespace p1meter::settings {

std::vector<Key> obis_keys() {
  constexpr std::string_view any_text = R"({"type": "string", "minLength": 1})";
  return {
      {.path = "obis.*.key",
       .type = external("a key of a-z, 0-9 and _",
                        R"({"type": "string", "pattern": "^[a-z][a-z0-9_{}]*$"})"),
       .meaning = "The key that the object is published as.",
       .example = "pump_hours"},
      {.path = "obis.*.name",
       .type = external("a name", any_text),
       .meaning = "The name that people read. Made from the key when left out.",
       .example = "Pump hours"},
      {.path = "obis.*.unit",
       .type = external("a unit like W, kW, kWh, V, A or m³", R"({"type": "string"})"),
       .meaning =
           "The unit published. A value sent in another unit of the same kind has its point moved.",
       .example = "h"},
      {.path = "obis.*.factor",
       .type = external("an exact decimal like 0.001", R"({"type": ["number", "string"]})"),
       .meaning = "A factor, applied after the unit.",
       .example = "0.01"},
      {.path = "obis.*.kind",
       .type = external("a kind of reading: cumulative, counter, instantaneous, ...", any_text),
       .meaning = "What the value is. Left out: cumulative for energies and volumes, instantaneous "
                  "with any other unit, state without one.",
       .example = "cumulative"},
  };
}

}  // namespace p1meter::settings
