// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter monitor.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct MonitorOptions {
  daemon::Configuration configuration{};
  std::string meter{};   // empty: the first of the configuration
  std::string source{};  // instead of the configured one
};

/// Returns   exit_ok; exit_usage, exit_io, exit_configuration
[[nodiscard]] int monitor(const MonitorOptions& options);

void add_monitor(CLI::App& app, Context& context);

}  // namespace p1meter::cli
