// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: messages in InfluxDB's line protocol.
//
//     p1meter,meter=home,key=power_import value=350 1731957600000000000
//     '-----' '-------------------------' '-------' '-----------------'
//     what    tags                        fields    nanoseconds since 1970
#pragma once

#include <string>

#include "adapters/mqtt/placeholders.hpp"

namespace p1meter::mqtt {

/// One reading; a text becomes a string field. Empty for a value that is no number and no text.
/// Source    InfluxDB line protocol (v1 and v2 alike): element parsing, special characters
[[nodiscard]] std::string influx_line(const ReadingSubject& subject);

/// All numbers of a meter's state as fields of one line; empty when there are none.
[[nodiscard]] std::string influx_line(const StateSubject& subject);

}  // namespace p1meter::mqtt
