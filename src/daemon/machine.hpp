// SPDX-License-Identifier: Apache-2.0
// Daemon: figures of the process and the machine it runs on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "p1meter/values/decimal.hpp"

namespace p1meter::daemon {

/// Resident memory of this process, bytes. Source: /proc/self/statm
[[nodiscard]] std::optional<std::uint64_t> resident_memory();
/// Memory that programs can still get, bytes. Source: /proc/meminfo, MemAvailable
[[nodiscard]] std::optional<std::uint64_t> available_memory();
/// Temperature of the processor, °C, three decimals. Source: the kernel's first thermal zone
[[nodiscard]] std::optional<Decimal> cpu_temperature();

/// The machine's name without its domain. Source: gethostname
[[nodiscard]] std::string host_name();
/// The address that others on the network reach us at: the first one of an interface that is up and
/// no loopback, IPv4 before IPv6. Empty without a network. Source: getifaddrs
[[nodiscard]] std::string own_address();

}  // namespace p1meter::daemon
