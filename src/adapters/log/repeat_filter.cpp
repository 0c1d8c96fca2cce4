// SPDX-License-Identifier: Apache-2.0
// Log adapter: lets few lines per key through.
#include "adapters/log/repeat_filter.hpp"

#include <algorithm>
#include <utility>

namespace p1meter::log {

std::optional<std::uint64_t> RepeatFilter::admit(std::string_view key, Clock::time_point now) {
  const auto found = seen_.find(key);
  if (found == seen_.end()) {
    if (seen_.size() >= capacity) forget_old(now);
    seen_.emplace(key, Seen{.written = now, .offered = now});
    return 0;
  }
  Seen& seen = found->second;
  const bool was_quiet = now - std::exchange(seen.offered, now) >= quiet;
  if (!was_quiet && now - seen.written < seen.pause) {
    ++seen.left_out;
    return std::nullopt;
  }
  seen.written = now;
  seen.pause = was_quiet ? first_pause : std::min(growth * seen.pause, longest_pause);
  return std::exchange(seen.left_out, 0);
}

void RepeatFilter::forget_old(Clock::time_point now) {
  std::erase_if(
      seen_, [&](const auto& entry) { return now - entry.second.written >= entry.second.pause; });
  if (seen_.size() >= capacity) seen_.clear();
}

}  // namespace p1meter::log
