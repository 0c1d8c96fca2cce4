// SPDX-License-Identifier: Apache-2.0
// Daemon: what `p1meter replay` does with the configured pipeline and broker.
#pragma once

#include <optional>
#include <string>

#include "daemon/daemon.hpp"

namespace p1meter::daemon {

struct ReplayOptions {
  std::string file{};                // "-" is standard input
  std::string meter{};               // empty: the first of the configuration
  std::optional<unsigned> speed{1};  // times real time; none: as fast as it goes
  bool loop{};
  bool follow_time{};
  bool live{};
};

/// Feeds a capture through the configured pipeline. Prints progress and a summary on standard
/// error. Returns   an exit status of sysexits.h
[[nodiscard]] int replay(const Configuration& configuration, settings::Settings settings,
                         const ReplayOptions& options);

}  // namespace p1meter::daemon
