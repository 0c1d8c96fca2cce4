// SPDX-License-Identifier: Apache-2.0
// Mapping: one telegram's readings, and which keys they have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "p1meter/values/reading.hpp"

namespace p1meter::mapping {

/// The readings of one telegram. Its memory stays for the next.
class ReadingList {
 public:
  /// Empty, with room for so many readings of a telegram's own.
  void begin(std::size_t most) {
    size_ = 0;
    if (readings_.size() < most + most_computed) readings_.resize(most + most_computed);
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Reading& operator[](std::size_t index) noexcept { return readings_[index]; }
  /// One more, which holds anything: the caller sets every member.
  [[nodiscard]] Reading& next() noexcept { return readings_[size_++]; }
  [[nodiscard]] std::span<const Reading> all() const noexcept { return {readings_.data(), size_}; }

 private:
  static constexpr std::size_t most_computed = 24;  // as many as there are, and some

  std::vector<Reading> readings_{};
  std::size_t size_{};
};

/// Which keys a telegram has brought, and where in its readings.
class SeenKeys {
 public:
  void begin() noexcept { ++telegram_; }
  /// False when this telegram has brought the key before.
  bool mark(KeyId key, std::size_t index) {
    make_room_for(key);
    return mark_known(key, index);
  }
  void make_room_for(KeyId key) {
    if (key >= seen_.size()) seen_.resize(std::size_t{key} + 1);
  }
  /// The same for a key that was marked, or made room for, before.
  bool mark_known(KeyId key, std::size_t index) noexcept {
    Seen& seen = seen_[key];
    if (seen.telegram == telegram_) return false;
    seen.telegram = telegram_;
    seen.index = static_cast<std::uint32_t>(index);
    return true;
  }
  [[nodiscard]] std::optional<std::size_t> index(KeyId key) const noexcept {
    if (key >= seen_.size() || seen_[key].telegram != telegram_) return std::nullopt;
    return seen_[key].index;
  }

 private:
  struct Seen {
    std::uint32_t telegram{};
    std::uint32_t index{};
  };
  std::uint32_t telegram_{};
  std::vector<Seen> seen_{};
};

}  // namespace p1meter::mapping
