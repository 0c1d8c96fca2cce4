// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter replay.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "cli/context.hpp"
#include "daemon/replay.hpp"

namespace p1meter::cli {

struct ReplayOptions {
  daemon::Configuration configuration{};
  daemon::ReplayOptions replay{};
};

/// Returns   exit_ok; exit_usage, exit_data, exit_no_input, exit_unavailable, exit_busy,
/// exit_configuration
[[nodiscard]] int replay(const ReplayOptions& options);

void add_replay(CLI::App& app, Context& context);

}  // namespace p1meter::cli
