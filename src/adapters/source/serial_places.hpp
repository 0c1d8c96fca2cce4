// SPDX-License-Identifier: Apache-2.0
// Source adapter: where `source: auto` looks for a serial port.
#pragma once

#include <filesystem>
#include <string>

#include "p1meter/values/result.hpp"

namespace p1meter {

/// The folders that are searched; tests use their own.
struct SerialPlaces {
  std::filesystem::path devices{"/dev"};             // names that begin with p1meter (udev rule)
  std::filesystem::path by_id{"/dev/serial/by-id"};  // names that udev gives to USB adapters
};

/// The one port to read when none is configured: the one `p1meter*` in devices, else the one in
/// by_id. Two names of one device count once.
///
/// Errors    a sentence for the log: none there, or several (opening a port can reset what hangs on
///           it, so none is tried), with their names
[[nodiscard]] Result<std::string, std::string> find_serial_port(const SerialPlaces& places);

}  // namespace p1meter
