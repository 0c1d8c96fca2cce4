// SPDX-License-Identifier: Apache-2.0
// Pipeline: which keys still come.
#include "pipeline/freshness.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using Keys = std::vector<KeyId>;

void see(Freshness& freshness, KeyId key, milliseconds now) {
  const Reading reading{.key = key};
  freshness.seen({&reading, 1}, now);
}

/// Runs every check until `until` and tells when each key went stale.
std::vector<std::pair<KeyId, milliseconds>> checks(Freshness& freshness, milliseconds until) {
  std::vector<std::pair<KeyId, milliseconds>> result;
  while (freshness.next_check() && *freshness.next_check() <= until) {
    const milliseconds now = *freshness.next_check();
    Keys stale;
    freshness.expire(now, stale);
    for (const KeyId key : stale) result.emplace_back(key, now);
  }
  return result;
}
using Stale = std::vector<std::pair<KeyId, milliseconds>>;

TEST(AKey, goes_stale_ten_minutes_after_it_last_came) {
  Freshness freshness;
  for (int second = 0; second < 5; ++second) {
    see(freshness, 0, seconds{second});
    see(freshness, 1, seconds{second});
  }
  for (int second = 5; second < 300; ++second) see(freshness, 1, seconds{second});

  EXPECT_EQ(checks(freshness, hours{2}), (Stale{{0, seconds{604}}, {1, seconds{899}}}));
  EXPECT_FALSE(freshness.next_check()) << "nothing is left to go stale";
}

TEST(AKey, is_given_three_of_its_usual_gaps) {
  Freshness freshness;
  for (int count = 0; count < 4; ++count) see(freshness, 0, minutes{15 * count});

  EXPECT_EQ(checks(freshness, minutes{45 + 45} - milliseconds{1}), Stale{});
  EXPECT_EQ(checks(freshness, hours{9}), (Stale{{0, minutes{90}}}));
}

TEST(AKey, is_given_three_hours_while_its_gap_is_unknown) {
  Freshness freshness;
  see(freshness, 0, seconds{5});

  EXPECT_EQ(checks(freshness, hours{9}), (Stale{{0, hours{3} + seconds{5}}}));
}

TEST(AKey, whose_gaps_became_short_goes_stale_soon) {
  Freshness freshness;
  for (int count = 0; count < 9; ++count) see(freshness, 0, hours{count});
  EXPECT_EQ(checks(freshness, hours{8} + minutes{1}), Stale{});
  for (int second = 61; second < 80; ++second) see(freshness, 0, hours{8} + seconds{second});

  EXPECT_EQ(checks(freshness, hours{20}), (Stale{{0, hours{8} + seconds{79} + minutes{10}}}));
}

TEST(AKey, can_come_back_and_go_stale_again) {
  Freshness freshness;
  for (int second = 0; second < 5; ++second) see(freshness, 3, seconds{second});
  EXPECT_EQ(checks(freshness, hours{1}).size(), 1U);
  for (int second = 0; second < 9; ++second) see(freshness, 3, hours{2} + seconds{second});

  EXPECT_EQ(checks(freshness, hours{9}), (Stale{{3, hours{2} + minutes{10} + seconds{8}}}));
}

}  // namespace
}  // namespace p1meter
