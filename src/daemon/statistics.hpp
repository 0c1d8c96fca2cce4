// SPDX-License-Identifier: Apache-2.0
// Daemon: what it says about itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/broker.hpp"
#include "daemon/meter_runner.hpp"

namespace p1meter::daemon {

/// What is counted for the program as a whole.
struct ProgramCounters {
  std::uint64_t commands_refused{};
  std::uint64_t log_topic_dropped{};
  std::uint64_t log_udp_dropped{};
  std::uint64_t saves_failed{};                 // of what must survive a restart
  bool state_saved{true};                       // the last save was complete
  std::optional<std::string> latest_version{};  // that apt has, or the installed one
};

/// When the program started, by the wall clock as it goes now: a clock that was set meanwhile (a
/// machine without battery begins in 1970) moves the start with it. Smaller corrections leave it.
[[nodiscard]] Moment start_by_todays_clock(Moment started, Moment now);

/// The retained message of <base>/statistics: bytes, seconds, °C; counters since start.
/// docs/mqtt.md, "Statistics".
[[nodiscard]] std::string statistics_json(const Broker& broker,
                                          const std::vector<const MeterRunner*>& meters,
                                          const ProgramCounters& program, Moment started,
                                          Moment now);

/// The same by the names that templates use: docs/mqtt.md, "Templates".
[[nodiscard]] mqtt::Figures statistics_figures(const Broker& broker,
                                               const std::vector<const MeterRunner*>& meters,
                                               Moment started, Moment now);

}  // namespace p1meter::daemon
