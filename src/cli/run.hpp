// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter run.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct RunOptions {
  daemon::Configuration configuration{};
};

/// Returns   exit_ok after SIGTERM; exit_configuration; exit_busy
[[nodiscard]] int run(const RunOptions& options);

void add_run(CLI::App& app, Context& context);

}  // namespace p1meter::cli
