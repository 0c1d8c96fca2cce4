// SPDX-License-Identifier: Apache-2.0
// Daemon: the log's levels as the settings name them.
#pragma once

#include <string_view>

#include "adapters/log/log.hpp"

namespace p1meter::daemon {

[[nodiscard]] inline log::Level log_level(std::string_view name) noexcept {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

}  // namespace p1meter::daemon
