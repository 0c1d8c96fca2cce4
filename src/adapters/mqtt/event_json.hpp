// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: an event of a meter as a message.
#pragma once

#include <string>

#include "p1meter/pipeline/sink.hpp"

namespace p1meter::mqtt {

/// {"event_type":"power_failure","key":"power_failures","value":5,"previous":4,"time":"..."}:
/// value and previous where they are known, time the meter's (ours where it has none).
[[nodiscard]] std::string event_json(const MeterEvent& event, const Delivery& delivery);

}  // namespace p1meter::mqtt
