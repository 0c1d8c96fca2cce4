// SPDX-License-Identifier: Apache-2.0
// Pipeline: which key came when, and in which telegram.
#include "pipeline/arrivals.hpp"

#include <algorithm>

namespace p1meter {
namespace {

constexpr milliseconds shortest_patience = std::chrono::minutes{10};
constexpr milliseconds assumed_gap = std::chrono::hours{1};

}  // namespace

bool Arrivals::telegram_came(std::span<const Reading> readings,
                             const std::optional<MeterTime>& time, Moment now) {
  const bool same = same_keys(readings);
  if (!same) write_run();
  ++newest_.telegram;
  newest_.received = now.wall;
  newest_.time = time && time->certainty != TimeCertainty::zone_unknown ? time : std::nullopt;
  if (same) {
    run_gaps_.add(now.steady - last_);
  } else {
    start_run(readings, now.steady);
  }
  last_ = now.steady;
  if (!next_check_ && !readings.empty()) next_check_ = now.steady + shortest_patience;
  return !same;
}

const Stamp& Arrivals::stamp_of(KeyId key) {
  write_run();
  return tracks_[key].stamp;
}

void Arrivals::expire(milliseconds now, std::vector<KeyId>& stale) {
  if (!next_check_ || now < *next_check_) return;
  write_run();
  next_check_.reset();
  for (std::size_t key = 0; key < tracks_.size(); ++key) {
    Track& track = tracks_[key];
    if (!track.fresh) continue;
    const milliseconds at = stale_at(track);
    if (at <= now) {
      track.fresh = false;
      stale.push_back(static_cast<KeyId>(key));
      run_keys_.clear();  // the next telegram makes its keys fresh again
      continue;
    }
    // A key that comes after this look cannot go stale before ten minutes from now, however its
    // gaps change; one that does not come goes stale at `at`.
    next_check_ = std::min({next_check_.value_or(at), at, now + shortest_patience});
  }
}

milliseconds Arrivals::stale_at(const Track& track) noexcept {
  const milliseconds gap = track.gaps.count() > 0 ? track.gaps.median() : assumed_gap;
  return track.last + std::max(3 * gap, shortest_patience);
}

bool Arrivals::same_keys(std::span<const Reading> readings) const noexcept {
  return std::ranges::equal(readings, run_keys_, {}, &Reading::key);
}

void Arrivals::start_run(std::span<const Reading> readings, milliseconds now) {
  run_keys_.clear();
  for (const Reading& reading : readings) run_keys_.push_back(reading.key);
  if (!run_keys_.empty()) {
    // All at once: one by one the vector would take twice the memory.
    const std::size_t most = std::size_t{*std::ranges::max_element(run_keys_)} + 1;
    if (tracks_.size() < most) tracks_.resize(most);
  }
  for (const Reading& reading : readings) {
    Track& track = tracks_[reading.key];
    if (track.ever) track.gaps.add(now - track.last);
    track.last = now;
    track.ever = true;
    track.fresh = true;
    track.stamp = newest_;
  }
}

/// Gives every key of the run what it has in common with the others.
void Arrivals::write_run() {
  if (run_gaps_.count() == 0) return;
  for (const KeyId key : run_keys_) {
    Track& track = tracks_[key];
    track.gaps.append(run_gaps_);
    track.last = last_;
    track.stamp = newest_;
  }
  run_gaps_ = {};
}

}  // namespace p1meter
