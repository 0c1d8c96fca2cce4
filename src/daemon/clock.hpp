// SPDX-License-Identifier: Apache-2.0
// Daemon: the one place where the program asks what time it is.
#pragma once

#include <chrono>

#include "p1meter/values/time.hpp"

namespace p1meter::daemon {

/// Now, for the live program: intervals by the steady clock, stamps by the wall clock.
[[nodiscard]] inline Moment live_now() {
  using std::chrono::duration_cast;
  return {
      .steady = duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()),
      .wall = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace p1meter::daemon
