// SPDX-License-Identifier: Apache-2.0
// Settings: the OBIS table that a meter is mapped with.
#include <cassert>
#include <utility>

#include "settings/obis_yaml.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

ObisTable make_obis_table(const std::vector<ObisEntry>& user_entries) {
  ObisTable table;
  for (const ObisEntry& entry : user_entries) table.add(entry);
  ObisLoaded shipped = load_obis_table_text(shipped_obis_yaml(), "obis.yaml");
  assert(shipped.faults.empty());  // the text is built in, and a test reads it
  for (ObisEntry& entry : shipped.entries) table.add(std::move(entry));
  return table;
}

}  // namespace p1meter::settings
