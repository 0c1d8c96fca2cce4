// SPDX-License-Identifier: Apache-2.0
// Log adapter: lets one line per key and minute through. The clock is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter::log {

/// Decides about repeated lines and counts those that are left out.
///
/// Cost      remembers at most `capacity` keys; when there are more, those whose minute is over go
class RepeatFilter {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds interval{60};
  static constexpr std::size_t capacity = 256;

  /// Nothing: leave this line out. Else how many were left out since the last one of this key.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view key, Clock::time_point now);

 private:
  struct Seen {
    Clock::time_point written{};
    std::uint64_t left_out{};
  };

  void forget_old(Clock::time_point now);

  std::map<std::string, Seen, std::less<>> seen_{};
};

}  // namespace p1meter::log
