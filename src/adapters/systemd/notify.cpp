// SPDX-License-Identifier: Apache-2.0
// systemd adapter: sd_notify.
#include "adapters/systemd/notify.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <systemd/sd-daemon.h>

namespace p1meter::systemd {
namespace {

/// A failed notification is not reported: there is nobody to tell, and the next one may pass.
void notify(const std::string& state) { static_cast<void>(sd_notify(0, state.c_str())); }

/// A line feed would begin another assignment.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::uint64_t monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
}

}  // namespace

void ready(const std::string& status) { notify("READY=1\nSTATUS=" + one_line(status)); }

void status(const std::string& text) { notify("STATUS=" + one_line(text)); }

// Type=notify-reload compares the time with that of its signal: sd_notify(3).
void reloading() {
  notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()));
}

void stopping() { notify("STOPPING=1"); }

void watchdog() { notify("WATCHDOG=1"); }

std::optional<std::chrono::milliseconds> watchdog_interval() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
  const std::chrono::microseconds half{static_cast<std::chrono::microseconds::rep>(limit / 2)};
  return std::chrono::duration_cast<std::chrono::milliseconds>(half);
}

}  // namespace p1meter::systemd
