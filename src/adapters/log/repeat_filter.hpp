// SPDX-License-Identifier: Apache-2.0
// Log adapter: lets few lines per key through. The clock is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter::log {

/// Decides about repeated lines and counts those that are left out: the pause after a line is a
/// minute, and four times as long after each further one of its key, up to a day. So what goes on
/// for a day makes seven lines, and what has kept quiet for an hour is news again.
///
/// Cost      remembers at most `capacity` keys; when there are more, those whose pause is over go
class RepeatFilter {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds first_pause{std::chrono::minutes{1}};
  static constexpr std::chrono::seconds longest_pause{std::chrono::hours{24}};
  static constexpr int growth = 4;
  static constexpr std::chrono::seconds quiet{std::chrono::hours{1}};
  static constexpr std::size_t capacity = 256;

  /// Nothing: leave this line out. Else how many were left out since the last one of this key.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view key, Clock::time_point now);

 private:
  struct Seen {
    Clock::time_point written{};
    Clock::time_point offered{};
    std::chrono::seconds pause{first_pause};
    std::uint64_t left_out{};
  };

  void forget_old(Clock::time_point now);

  std::map<std::string, Seen, std::less<>> seen_{};
};

}  // namespace p1meter::log
