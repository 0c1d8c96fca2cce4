// SPDX-License-Identifier: Apache-2.0
// Pipeline: the usual time between two events. Includes the pure rooms only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "p1meter/values/time.hpp"

namespace p1meter {

/// The last eight gaps and their median. Small, because there is one for every key.
class GapHistory {
 public:
  static constexpr std::size_t capacity = 8;

  void add(milliseconds gap) noexcept {
    constexpr milliseconds longest{UINT32_MAX};  // 49 days
    gaps_[next_] = static_cast<std::uint32_t>(std::clamp(gap, milliseconds{0}, longest).count());
    next_ = static_cast<std::uint8_t>((next_ + 1U) % capacity);
    if (count_ < capacity) ++count_;
  }
  /// Adds another history's gaps, oldest first.
  void append(const GapHistory& other) noexcept {
    for (std::size_t i = capacity - other.count_; i < capacity; ++i) {
      add(milliseconds{other.gaps_[(other.next_ + i) % capacity]});
    }
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// The middle gap, or the mean of the two in the middle. 0 without gaps.
  [[nodiscard]] milliseconds median() const noexcept {
    if (count_ == 0) return milliseconds{0};
    auto sorted = gaps_;
    // By insertion: in std::sort g++ 12 and 14 see steps beyond eight.
    for (std::size_t i = 1; i < std::min<std::size_t>(count_, capacity); ++i) {
      for (std::size_t at = i; at > 0 && sorted[at] < sorted[at - 1]; --at) {
        std::swap(sorted[at], sorted[at - 1]);
      }
    }
    const std::uint64_t upper = sorted[count_ / 2U];
    const std::uint64_t lower = sorted[(count_ - 1U) / 2U];
    return milliseconds{static_cast<std::int64_t>((lower + upper) / 2)};
  }

 private:
  std::array<std::uint32_t, capacity> gaps_{};  // milliseconds
  std::uint8_t next_{};
  std::uint8_t count_{};
};

}  // namespace p1meter
