// SPDX-License-Identifier: Apache-2.0
// Pipeline: of which telegram the state is. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "p1meter/limiting/limiter.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter {

/// Keeps time and receive time of the newest telegram that has an output in the state. What the
/// interval held back belongs to the telegram that brought its newest value, not to the instant it
/// goes out.
/// Source    DESIGN section 6, "state"
class StateStamp {
 public:
  void telegram_came(const std::optional<MeterTime>& time, Instant received,
                     std::span<const Reading> readings);
  void put_out(std::span<const DueReading> due);
  void clear() noexcept { newest_ = {}; }

  /// None without clock or zone.
  [[nodiscard]] const std::optional<MeterTime>& time() const noexcept { return newest_.time; }
  [[nodiscard]] std::optional<Instant> received() const noexcept;

 private:
  struct Stamp {
    std::uint64_t telegram{};  // counted from 1; 0: none
    Instant received{};
    std::optional<MeterTime> time{};
  };

  Stamp current_{};
  Stamp newest_{};
  std::vector<Stamp> by_key_{};  // of the telegram that brought the key's newest value
};

}  // namespace p1meter
