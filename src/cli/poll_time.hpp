// SPDX-License-Identifier: Apache-2.0
// CLI: how long poll may wait.
#pragma once

#include <algorithm>
#include <chrono>

namespace p1meter::cli {

/// Milliseconds until `due`, rounded up so that poll does not return just before it; at least 0 and
/// at most an hour: callers look at the clock again.
[[nodiscard]] inline int poll_time(std::chrono::steady_clock::time_point due) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
  constexpr std::chrono::milliseconds longest = std::chrono::hours{1};
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds{0}, longest).count());
}

}  // namespace p1meter::cli
