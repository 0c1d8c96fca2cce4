// SPDX-License-Identifier: Apache-2.0
// Tests: which retained topics are remembered, and which are cleared where.
#include "daemon/retained_topics.hpp"

#include <gtest/gtest.h>

namespace p1meter::daemon {
namespace {

using Names = std::vector<std::string>;

TEST(RetainedTopics, tell_what_is_ours_at_which_broker) {
  RetainedTopics topics{{"here:1883 p1meter/statistics"}};
  EXPECT_TRUE(topics.holds("here:1883", "p1meter/statistics"));
  EXPECT_FALSE(topics.holds("there:1883", "p1meter/statistics"));
  EXPECT_FALSE(topics.holds("here:1883", "house/statistics"));
}

TEST(RetainedTopics, are_outdated_when_they_are_no_longer_yielded) {
  RetainedTopics topics{{"a:1883 p1meter/home/state", "a:1883 p1meter/home/tariff"}};

  EXPECT_EQ(topics.take_outdated("a:1883", {"house/home/state", "p1meter/home/tariff"}),
            Names{"p1meter/home/state"});
  EXPECT_EQ(topics.take_changed(),
            (Names{"a:1883 house/home/state", "a:1883 p1meter/home/tariff"}));
  EXPECT_EQ(topics.take_changed(), std::nullopt) << "nothing new";
}

TEST(RetainedTopics, are_kept_apart_by_broker) {
  RetainedTopics topics{{"a:1883 x", "b:1883 y z"}};

  EXPECT_EQ(topics.take_outdated("b:1883", {"new"}), Names{"y z"});
  EXPECT_EQ(topics.take_changed(), (Names{"a:1883 x", "b:1883 new"}));
  EXPECT_TRUE(topics.any_at({"c:1883", "a:1883"}));
  EXPECT_FALSE(topics.any_at({"c:1883"}));
  EXPECT_EQ(topics.take_outdated("a:1883", {}), Names{"x"});
  EXPECT_FALSE(topics.any_at({"a:1883"}));
}

TEST(RetainedTopics, stay_remembered_while_nothing_can_be_cleared) {
  RetainedTopics topics;
  topics.note("a:1883", {"x", "y"}, true);
  topics.note("a:1883", {"x", "z"}, false);
  EXPECT_EQ(topics.take_changed(), (Names{"a:1883 x", "a:1883 y", "a:1883 z"}));

  topics.note("a:1883", {"x", "z"}, true);
  EXPECT_EQ(topics.take_changed(), (Names{"a:1883 x", "a:1883 z"}));
}

TEST(RetainedTopics, include_the_time_of_a_value_that_has_not_come_again_yet) {
  RetainedTopics topics{{"a:1883 gas_volume", "a:1883 gas_volume_time", "a:1883 water_time"}};

  EXPECT_EQ(topics.take_outdated("a:1883", {"gas_volume"}), Names{"water_time"});
  EXPECT_EQ(topics.take_changed(), (Names{"a:1883 gas_volume", "a:1883 gas_volume_time"}));
  EXPECT_EQ(topics.take_outdated("a:1883", {}), (Names{"gas_volume", "gas_volume_time"}));
}

}  // namespace
}  // namespace p1meter::daemon
