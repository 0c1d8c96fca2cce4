// SPDX-License-Identifier: Apache-2.0
// CLI: the command line as a whole.
#pragma once

#include <memory>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

/// All commands and options, before anything is read. `context` must outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> make_app(Context& context);

/// Reads the command line and does what it says.
/// Returns   an exit status (exit_codes.hpp)
[[nodiscard]] int run_app(int argc, char* const* argv);

}  // namespace p1meter::cli
