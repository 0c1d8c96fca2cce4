// SPDX-License-Identifier: Apache-2.0
// Tests: when another daemon counts as alive under our base topic.
#include "daemon/neighbours.hpp"

#include <gtest/gtest.h>

namespace p1meter::daemon {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST(Neighbours, are_news_once_and_gone_when_they_stop) {
  Neighbours neighbours;
  EXPECT_FALSE(neighbours.any());
  EXPECT_TRUE(neighbours.heard("other", 10s));
  EXPECT_FALSE(neighbours.heard("other", 61s)) << "known already";

  EXPECT_EQ(neighbours.take_silent(61s + Neighbours::patience - 1ms), Names{});
  EXPECT_TRUE(neighbours.any());
  EXPECT_EQ(neighbours.take_silent(61s + Neighbours::patience), Names{"other"});
  EXPECT_FALSE(neighbours.any());

  EXPECT_TRUE(neighbours.heard("other", 500s)) << "back again, and news again";
}

TEST(Neighbours, may_miss_one_of_their_statistics) {
  Neighbours neighbours;
  ASSERT_TRUE(neighbours.heard("other", 0s));
  EXPECT_EQ(neighbours.take_silent(120s), Names{});
}

TEST(Neighbours, are_told_apart_and_few_whatever_is_published) {
  Neighbours neighbours;
  for (int i = 0; i < 1000; ++i)
    static_cast<void>(neighbours.heard(std::to_string(i), milliseconds{i}));

  EXPECT_EQ(neighbours.take_silent(Neighbours::patience), Names{"0"});
  EXPECT_EQ(neighbours.take_silent(1h).size(), Neighbours::most - 1);
}

}  // namespace
}  // namespace p1meter::daemon
