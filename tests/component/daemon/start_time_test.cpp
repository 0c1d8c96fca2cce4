// SPDX-License-Identifier: Apache-2.0
// Daemon: when the program started, on machines whose clock is set later.
#include <gtest/gtest.h>

#include "daemon/statistics.hpp"

namespace p1meter::daemon {
namespace {

using namespace std::chrono_literals;

constexpr Instant first_of_1970{30s};

TEST(TheStart, moves_with_a_clock_that_is_set_after_it) {
  const Moment started{.steady = 5s, .wall = first_of_1970};
  const Instant today = first_of_1970 + 24h * 365 * 56;

  const Moment moved = start_by_todays_clock(started, {.steady = 65s, .wall = today});

  EXPECT_EQ(moved.wall, today - 60s);
  EXPECT_EQ(moved.steady, 5s);
  EXPECT_EQ(start_by_todays_clock(moved, {.steady = 125s, .wall = today + 60s}), moved);
}

TEST(TheStart, stays_when_the_clock_is_corrected_by_less_than_a_minute) {
  const Moment started{.steady = 5s, .wall = first_of_1970};
  EXPECT_EQ(start_by_todays_clock(started, {.steady = 65s, .wall = first_of_1970 + 119s}), started);
  EXPECT_EQ(start_by_todays_clock(started, {.steady = 65s, .wall = first_of_1970 + 1s}), started);
}

}  // namespace
}  // namespace p1meter::daemon
