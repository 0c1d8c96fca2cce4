// SPDX-License-Identifier: Apache-2.0
// Pipeline: which keys still come. Includes the pure rooms only.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "p1meter/values/reading.hpp"
#include "pipeline/gap_history.hpp"

namespace p1meter {

/// Notices keys that have not come for three of their usual gaps, at least ten minutes.
///
/// A key that has come only once has no usual gap yet: an hour is assumed, the longest time between
/// two lists of any meter.
/// Cost      seen() two nanoseconds a key; the medians are looked at once in ten minutes
/// Source    DESIGN section 6, "state"
class Freshness {
 public:
  /// The readings of one telegram have come.
  void seen(std::span<const Reading> readings, milliseconds now);

  /// When expire() must be called at the latest; calling it then may find nothing.
  [[nodiscard]] std::optional<milliseconds> next_check() const noexcept { return next_check_; }
  /// Appends the keys that went stale until now, each once until it is seen again.
  void expire(milliseconds now, std::vector<KeyId>& stale);

 private:
  struct Track {
    milliseconds last{};
    GapHistory gaps{};
    bool ever{};
    bool fresh{};
  };
  [[nodiscard]] static milliseconds stale_at(const Track& track) noexcept;

  std::vector<Track> tracks_{};  // by key
  std::optional<milliseconds> next_check_{};
};

}  // namespace p1meter
