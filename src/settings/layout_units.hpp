// SPDX-License-Identifier: Apache-2.0
// Settings: units in layouts of DLMS lists that cannot be meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.hpp"

namespace p1meter::settings {

/// Warns where a layout gives a code a unit of another kind than the shipped OBIS table does: volts
/// for an energy register. Such readings are never published (unit_unexpected).
///
/// Says nothing about codes that the table does not know or has no unit for, nor about patterns
/// with *: what they stand for is open.
///
/// yaml    the text of a file in which load_layouts_text() found no fault
[[nodiscard]] std::vector<Fault> doubtful_layout_units(std::string_view yaml,
                                                       const std::string& file);

}  // namespace p1meter::settings
