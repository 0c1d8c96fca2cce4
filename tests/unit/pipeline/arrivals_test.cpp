// SPDX-License-Identifier: Apache-2.0
// Pipeline: which key came when, and in which telegram.
#include "pipeline/arrivals.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using Keys = std::vector<KeyId>;

/// One telegram with these keys.
void see(Arrivals& arrivals, const Keys& keys, milliseconds now) {
  std::vector<Reading> readings;
  for (const KeyId key : keys) readings.push_back({.key = key});
  arrivals.telegram_came(readings, std::nullopt, {now, Instant{now}});
}

/// Runs every check until `until` and tells when each key went stale.
std::vector<std::pair<KeyId, milliseconds>> checks(Arrivals& arrivals, milliseconds until) {
  std::vector<std::pair<KeyId, milliseconds>> result;
  while (arrivals.next_check() && *arrivals.next_check() <= until) {
    const milliseconds now = *arrivals.next_check();
    Keys stale;
    arrivals.expire(now, stale);
    for (const KeyId key : stale) result.emplace_back(key, now);
  }
  return result;
}
using Stale = std::vector<std::pair<KeyId, milliseconds>>;

TEST(AKey, goes_stale_ten_minutes_after_it_last_came) {
  Arrivals arrivals;
  for (int second = 0; second < 5; ++second) {
    see(arrivals, {0, 1}, seconds{second});
  }
  for (int second = 5; second < 300; ++second) see(arrivals, {1}, seconds{second});

  EXPECT_EQ(checks(arrivals, hours{2}), (Stale{{0, seconds{604}}, {1, seconds{899}}}));
  EXPECT_FALSE(arrivals.next_check()) << "nothing is left to go stale";
}

TEST(AKey, is_given_three_of_its_usual_gaps) {
  Arrivals arrivals;
  for (int count = 0; count < 4; ++count) see(arrivals, {0}, minutes{15 * count});

  EXPECT_EQ(checks(arrivals, minutes{45 + 45} - milliseconds{1}), Stale{});
  EXPECT_EQ(checks(arrivals, hours{9}), (Stale{{0, minutes{90}}}));
}

TEST(AKey, is_given_three_hours_while_its_gap_is_unknown) {
  Arrivals arrivals;
  see(arrivals, {0}, seconds{5});

  EXPECT_EQ(checks(arrivals, hours{9}), (Stale{{0, hours{3} + seconds{5}}}));
}

TEST(AKey, whose_gaps_became_short_goes_stale_soon) {
  Arrivals arrivals;
  for (int count = 0; count < 9; ++count) see(arrivals, {0}, hours{count});
  EXPECT_EQ(checks(arrivals, hours{8} + minutes{1}), Stale{});
  for (int second = 61; second < 80; ++second) see(arrivals, {0}, hours{8} + seconds{second});

  EXPECT_EQ(checks(arrivals, hours{20}), (Stale{{0, hours{8} + seconds{79} + minutes{10}}}));
}

TEST(AKey, can_come_back_and_go_stale_again) {
  Arrivals arrivals;
  for (int second = 0; second < 5; ++second) see(arrivals, {3}, seconds{second});
  EXPECT_EQ(checks(arrivals, hours{1}).size(), 1U);
  for (int second = 0; second < 9; ++second) see(arrivals, {3}, hours{2} + seconds{second});

  EXPECT_EQ(checks(arrivals, hours{9}), (Stale{{3, hours{2} + minutes{10} + seconds{8}}}));
}

TEST(AKey, that_comes_now_and_then_has_its_own_gaps) {
  Arrivals arrivals;
  for (int minute = 0; minute < 120; ++minute) {
    see(arrivals, minute % 20 == 0 ? Keys{0, 1} : Keys{0}, minutes{minute});
  }

  EXPECT_EQ(checks(arrivals, hours{9}), (Stale{{0, minutes{129}}, {1, minutes{160}}}));
}

TEST(AKey, knows_the_telegram_that_brought_its_newest_value) {
  Arrivals arrivals;
  see(arrivals, {0, 1}, seconds{1});
  see(arrivals, {0, 1}, seconds{2});
  see(arrivals, {0, 1}, seconds{3});
  see(arrivals, {0}, seconds{4});
  see(arrivals, {0}, seconds{5});

  EXPECT_EQ(arrivals.stamp_of(0).received, Instant{seconds{5}});
  EXPECT_EQ(arrivals.stamp_of(1).received, Instant{seconds{3}});
  EXPECT_EQ(arrivals.stamp_of(1).telegram, 3U);
  EXPECT_EQ(arrivals.newest().telegram, 5U);
}

TEST(AKey, is_fresh_again_when_the_same_keys_return_after_a_silence) {
  Arrivals arrivals;
  for (int second = 0; second < 9; ++second) see(arrivals, {0}, seconds{second});
  EXPECT_EQ(checks(arrivals, hours{1}).size(), 1U);
  see(arrivals, {0}, hours{2});

  EXPECT_EQ(checks(arrivals, hours{9}), (Stale{{0, hours{2} + minutes{10}}}));
}

}  // namespace
}  // namespace p1meter
