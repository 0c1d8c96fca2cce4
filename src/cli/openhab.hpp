// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter openhab.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct OpenhabOptions {
  std::string directory{};  // --out
  bool force{};
  daemon::Configuration configuration{};
};

/// Writes p1meter.things, p1meter.items, p1meter.sitemap and p1meter.yaml for the configuration and
/// the keys that its meters have shown, or show within 15 s.
/// Returns   exit_ok; exit_unavailable when no telegram came; exit_cannot_create; exit_io;
///           exit_configuration
[[nodiscard]] int openhab(const OpenhabOptions& options);

void add_openhab(CLI::App& app, Context& context);

}  // namespace p1meter::cli
