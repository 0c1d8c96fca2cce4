// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter show.
#pragma once

#include <cstdint>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct ShowOptions {
  enum class What : std::uint8_t { keys, obis, config, profiles };
  What what{};
  daemon::Configuration configuration{};
};

/// Prints what the program knows: keys, the OBIS table, the effective configuration, the
/// simulator's profiles.
/// Returns   exit_ok; exit_configuration; exit_io
[[nodiscard]] int show(const ShowOptions& options);

void add_show(CLI::App& app, Context& context);

}  // namespace p1meter::cli
