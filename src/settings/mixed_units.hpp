// SPDX-License-Identifier: Apache-2.0
// Settings: payloads that show the meter's digits beside another unit than the meter's.
#pragma once

#include <string>
#include <vector>

#include "settings/templates.hpp"

namespace p1meter::settings {

/// What is doubtful about a payload that shows digits as the meter sent them beside the unit of the
/// value: where the meter sends kW and the value is in W, they differ by a thousand.
/// Output    one sentence for each reading that it concerns
[[nodiscard]] std::vector<std::string> mixed_units(const Payload& payload);

}  // namespace p1meter::settings
