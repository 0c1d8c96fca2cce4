// SPDX-License-Identifier: Apache-2.0
// Daemon: in a line what comes from a meter that sends no valid telegram.
#pragma once

#include <string>

#include "daemon/meter_runner.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"

namespace p1meter::daemon {

/// What an eye needs to tell a dead cable from a wrong speed or an inverted signal.
///
/// Example   /dev/ttyUSB0 115200 8N1: 4211 bytes received, 4211 skipped, 0 telegrams,
///           0 bad checksums; no telegram is among them: wrong line settings, or inverted signal?
[[nodiscard]] std::string link_status(const LinkState& link, const MeterCounters& counters);

}  // namespace p1meter::daemon
