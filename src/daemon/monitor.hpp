// SPDX-License-Identifier: Apache-2.0
// Daemon: what `p1meter monitor` does: a meter's readings in the terminal.
#pragma once

#include "settings/settings.hpp"

namespace p1meter::daemon {

/// Reads one meter and shows every telegram until SIGINT, SIGTERM or the end of its input: a table
/// that is redrawn on a terminal, else a line per reading. While none comes, lines on standard
/// error say what does. Publishes nothing and stores nothing.
/// Returns   an exit status of sysexits.h
[[nodiscard]] int monitor(const settings::Settings& settings, const settings::MeterSettings& meter);

}  // namespace p1meter::daemon
