// SPDX-License-Identifier: Apache-2.0
// Log adapter: lets one line per key and minute through.
#include "adapters/log/repeat_filter.hpp"

#include <utility>

namespace p1meter::log {

std::optional<std::uint64_t> RepeatFilter::admit(std::string_view key, Clock::time_point now) {
  const auto found = seen_.find(key);
  if (found == seen_.end()) {
    if (seen_.size() >= capacity) forget_old(now);
    seen_.emplace(key, Seen{now, 0});
    return 0;
  }
  Seen& seen = found->second;
  if (now - seen.written < interval) {
    ++seen.left_out;
    return std::nullopt;
  }
  seen.written = now;
  return std::exchange(seen.left_out, 0);
}

void RepeatFilter::forget_old(Clock::time_point now) {
  std::erase_if(seen_, [&](const auto& entry) { return now - entry.second.written >= interval; });
  if (seen_.size() >= capacity) seen_.clear();
}

}  // namespace p1meter::log
