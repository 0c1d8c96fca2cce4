// SPDX-License-Identifier: Apache-2.0
// Pipeline: which keys still come.
#include "pipeline/freshness.hpp"

#include <algorithm>

namespace p1meter {
namespace {

constexpr milliseconds shortest_patience = std::chrono::minutes{10};
constexpr milliseconds assumed_gap = std::chrono::hours{1};

}  // namespace

void Freshness::seen(std::span<const Reading> readings, milliseconds now) {
  for (const Reading& reading : readings) {
    if (tracks_.size() <= reading.key) tracks_.resize(std::size_t{reading.key} + 1);
    Track& track = tracks_[reading.key];
    if (track.ever) track.gaps.add(now - track.last);
    track.last = now;
    track.ever = true;
    track.fresh = true;
  }
  if (!next_check_ && !readings.empty()) next_check_ = now + shortest_patience;
}

void Freshness::expire(milliseconds now, std::vector<KeyId>& stale) {
  if (!next_check_ || now < *next_check_) return;
  next_check_.reset();
  for (std::size_t key = 0; key < tracks_.size(); ++key) {
    Track& track = tracks_[key];
    if (!track.fresh) continue;
    const milliseconds at = stale_at(track);
    if (at <= now) {
      track.fresh = false;
      stale.push_back(static_cast<KeyId>(key));
      continue;
    }
    // A key that comes after this look cannot go stale before ten minutes from now, however its
    // gaps change; one that does not come goes stale at `at`.
    next_check_ = std::min({next_check_.value_or(at), at, now + shortest_patience});
  }
}

milliseconds Freshness::stale_at(const Track& track) noexcept {
  const milliseconds gap = track.gaps.count() > 0 ? track.gaps.median() : assumed_gap;
  return track.last + std::max(3 * gap, shortest_patience);
}

}  // namespace p1meter
