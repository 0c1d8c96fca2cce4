// SPDX-License-Identifier: Apache-2.0
// systemd adapter: sd_notify. Does nothing when not started by systemd.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace p1meter::systemd {

void ready(const std::string& status);
void status(const std::string& text);
void reloading();
void stopping();
void watchdog();
/// Half of WatchdogSec, or nothing when no watchdog is asked for.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace p1meter::systemd
