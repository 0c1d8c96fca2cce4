// SPDX-License-Identifier: Apache-2.0
// Pipeline: which key came when, and in which telegram. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "p1meter/values/reading.hpp"
#include "pipeline/gap_history.hpp"

namespace p1meter {

/// When a telegram was made and when it came.
struct Stamp {
  std::uint64_t telegram{};  // counted from 1; 0: none
  Instant received{};
  std::optional<MeterTime> time{};  // none without clock or zone
};

/// Follows the arrivals of all keys of one meter: notices those that have not come for three of
/// their usual gaps, at least ten minutes, and knows the telegram that brought a key's newest
/// value.
///
/// A key that has come only once has no usual gap yet: an hour is assumed, the longest time between
/// two lists of any meter. Most telegrams bring the same keys as the one before: such a run is
/// noted once for all, and written to the keys when it ends or somebody asks.
/// Source    docs/mqtt.md, "Values"
class Arrivals {
 public:
  /// A telegram has come. False when it brought the same keys as the one before.
  bool telegram_came(std::span<const Reading> readings, const std::optional<MeterTime>& time,
                     Moment now);
  [[nodiscard]] const Stamp& newest() const noexcept { return newest_; }
  /// The telegram that brought the key's newest value.
  [[nodiscard]] const Stamp& stamp_of(KeyId key);

  /// When expire() must be called at the latest; calling it then may find nothing.
  [[nodiscard]] std::optional<milliseconds> next_check() const noexcept { return next_check_; }
  /// Appends the keys that went stale until now, each once until it comes again.
  void expire(milliseconds now, std::vector<KeyId>& stale);

 private:
  struct Track {
    milliseconds last{};
    GapHistory gaps{};
    bool ever{};
    bool fresh{};
    Stamp stamp{};
  };
  [[nodiscard]] static milliseconds stale_at(const Track& track) noexcept;
  [[nodiscard]] bool same_keys(std::span<const Reading> readings) const noexcept;
  void start_run(std::span<const Reading> readings, milliseconds now);
  void write_run();

  Stamp newest_{};
  milliseconds last_{};
  std::vector<KeyId> run_keys_{};  // of the telegrams of this run
  GapHistory run_gaps_{};          // not yet written to the keys
  std::vector<Track> tracks_{};    // by key
  std::optional<milliseconds> next_check_{};
};

}  // namespace p1meter
