// SPDX-License-Identifier: Apache-2.0
// Settings: entries of an OBIS table as text, the way a table is written.
#pragma once

#include <string>

#include "p1meter/mapping/obis_table.hpp"

namespace p1meter::settings {

/// "0-n:24.2.*"; what parse_obis_pattern() reads.
[[nodiscard]] std::string write_obis_pattern(const ObisPattern& pattern);

/// Everything that an entry says, as a flow mapping: "{key: pump_hours, unit: h, ...}". Nothing is
/// left to be inherited.
[[nodiscard]] std::string write_obis_attributes(const ObisEntry& entry);

}  // namespace p1meter::settings
