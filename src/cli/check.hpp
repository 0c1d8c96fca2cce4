// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter check.
#pragma once

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct CheckOptions {
  daemon::Configuration configuration{};
};

/// Reads the configuration and says everything that is wrong with it, or what it will do.
/// Returns   exit_ok; exit_configuration
[[nodiscard]] int check(const CheckOptions& options);

void add_check(CLI::App& app, Context& context);

}  // namespace p1meter::cli
