// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter simulate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "adapters/simulator/simulator.hpp"
#include "cli/context.hpp"

namespace p1meter::cli {

struct SimulateOptions {
  std::string profile{};
  std::string to{};                       // open_outlet says what it may be
  std::optional<std::uint64_t> count{};   // none: until stopped
  std::optional<milliseconds> period{};   // none: the profile's
  std::optional<std::uint64_t> speed{1};  // times real time; none: as fast as it is read
  std::uint64_t seed{1};
  std::optional<Instant> start{};  // none: now, or 2024-01-01 as fast as it is read
  SimulatorFault fault{SimulatorFault::none};
};

/// Sends telegrams of a simulated meter until the count is reached, nobody reads any more, or
/// SIGINT or SIGTERM comes.
/// Returns   exit_ok; exit_usage; exit_cannot_create; exit_io
[[nodiscard]] int simulate(const SimulateOptions& options);

void add_simulate(CLI::App& app, Context& context);

}  // namespace p1meter::cli
