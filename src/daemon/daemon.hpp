// SPDX-License-Identifier: Apache-2.0
// Daemon: what the service runs.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "settings/settings.hpp"

namespace p1meter::daemon {

/// Where a daemon's settings came from, for reloading and for its identity.
struct Configuration {
  std::filesystem::path path{};
  bool must_exist{};  // named on the command line: its absence is a fault
  settings::Credentials credentials{};
};

/// Reads the configuration as the program does: a default file that is missing is the defaults.
[[nodiscard]] settings::Loaded load(const Configuration& configuration);

/// Another process holds the state directory.
class StateBusy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// All meters of one process, their sinks, signals, systemd and the state directory.
class Daemon {
 public:
  /// Errors    throws std::runtime_error when it cannot start (another instance holds the state
  /// directory)
  Daemon(Configuration configuration, settings::Settings settings);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  Daemon(Daemon&&) = delete;
  Daemon& operator=(Daemon&&) = delete;

  enum class End { stopped, restart };
  /// Runs until SIGTERM or SIGINT, or until somebody at the broker asks for a restart: that is up
  /// to the caller, once this object has gone. SIGHUP reads the configuration anew.
  [[nodiscard]] End run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace p1meter::daemon
