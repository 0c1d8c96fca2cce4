// SPDX-License-Identifier: Apache-2.0
// Daemon: what it says about itself.
#pragma once

#include <string>
#include <vector>

#include "daemon/broker.hpp"
#include "daemon/meter_runner.hpp"

namespace p1meter::daemon {

/// The retained message of <base>/statistics: bytes, seconds, °C; counters since start.
/// docs/mqtt.md, "Statistics".
[[nodiscard]] std::string statistics_json(const Broker& broker,
                                          const std::vector<const MeterRunner*>& meters,
                                          Moment started, Moment now);

}  // namespace p1meter::daemon
