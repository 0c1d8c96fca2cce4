// SPDX-License-Identifier: Apache-2.0
// CLI: the OBIS table as text for people.
#pragma once

#include <string>

#include "p1meter/mapping/obis_table.hpp"

namespace p1meter::cli {

/// One line per key that the table can give: key, unit, kind, OBIS code.
[[nodiscard]] std::string list_keys(const ObisTable& table);

/// One line per entry: OBIS code, key, unit, kind, name.
[[nodiscard]] std::string list_table(const ObisTable& table);

}  // namespace p1meter::cli
