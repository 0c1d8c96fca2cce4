// SPDX-License-Identifier: Apache-2.0
// Source adapter: opening a serial port, without Asio.
#pragma once

#include <string>

#include "adapters/source/descriptor.hpp"
#include "p1meter/links/link_machine.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter {

/// Opens a serial port for reading: raw, exclusive, low latency where the driver offers it, what it
/// received earlier discarded. The path is resolved at every call: a name that udev gives may lead
/// to another ttyUSB each time.
///
/// Parity errors come as NUL, not as the damaged character: meters with parity have no checksum,
/// and a wrong digit must not look right. Pseudo terminals know no 7 bits and no parity; there the
/// port is opened all the same.
///
/// Errors    a reason for the log that says what to do where that is known (permission, in use);
///           line_refused: the port is there but cannot do this rate
[[nodiscard]] Result<Descriptor, link::OpenFailed> open_serial(const std::string& device,
                                                               const link::LineSettings& line);

}  // namespace p1meter
