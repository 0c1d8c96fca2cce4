// SPDX-License-Identifier: Apache-2.0
// Daemon: where a meter's bytes come from, and what the log says of that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/source/source.hpp"
#include "settings/settings.hpp"

namespace p1meter::daemon {

/// The line settings to try, the remembered ones first, then in the order of docs/meters.md: P1
/// ports before wired HAN ports. What the user fixed is not probed.
[[nodiscard]] std::vector<link::LineSettings> lines_to_probe(
    const settings::SerialSettings& serial, const std::optional<link::LineSettings>& settled);

/// What to open; nothing for a simulated meter. `settled`: the line settings of an earlier run.
[[nodiscard]] std::optional<SourceTarget> make_target(
    const settings::MeterSettings& settings, const std::optional<link::LineSettings>& settled);

/// How it is supervised.
[[nodiscard]] link::LinkSettings make_link_settings(const SourceTarget& target,
                                                    milliseconds offline_limit);

/// One line for each change of the connection.
void log_link_change(const std::string& meter, const link::Step& step, const std::string& where);

}  // namespace p1meter::daemon
