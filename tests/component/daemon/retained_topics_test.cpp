// SPDX-License-Identifier: Apache-2.0
// Tests: which retained topics are remembered, and which are cleared where.
#include "daemon/retained_topics.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

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
  const Names yielded{"house/home/state", "p1meter/home/tariff"};
  topics.note("a:1883", yielded);

  EXPECT_EQ(topics.outdated("a:1883", yielded), Names{"p1meter/home/state"});
}

TEST(RetainedTopics, stay_remembered_until_the_broker_has_what_clears_them) {
  RetainedTopics topics{{"a:1883 old"}};
  topics.note("a:1883", {"new"});
  EXPECT_EQ(topics.take_changed(), (Names{"a:1883 new", "a:1883 old"}));
  EXPECT_EQ(topics.outdated("a:1883", {"new"}), Names{"old"});
  EXPECT_EQ(topics.outdated("a:1883", {"new"}), Names{"old"}) << "nothing has arrived yet";

  topics.taken_back({.broker = "b:1883", .topic = "old", .whole = true});
  EXPECT_EQ(topics.outdated("a:1883", {"new"}), Names{"old"}) << "that was elsewhere";
  topics.taken_back({.broker = "a:1883", .topic = "old", .whole = true});
  EXPECT_EQ(topics.outdated("a:1883", {"new"}), Names{});
  EXPECT_EQ(topics.take_changed(), Names{"a:1883 new"});
  EXPECT_EQ(topics.take_changed(), std::nullopt) << "nothing new";
}

TEST(RetainedTopics, go_with_the_message_whose_parts_they_are) {
  const Names all{"ha/device/x/config", "ha/device/x/config#sensor a",
                  "ha/device/xy/config#sensor"};
  RetainedTopics topics;
  topics.note("a:1883", all);
  topics.taken_back({.broker = "a:1883", .topic = "ha/device/x/config", .whole = false});
  EXPECT_EQ(topics.at("a:1883"), (Names{all[0], all[2]}));

  topics.note("a:1883", all);
  topics.taken_back({.broker = "a:1883", .topic = "ha/device/x/config", .whole = true});
  EXPECT_EQ(topics.at("a:1883"), Names{all[2]});
}

TEST(RetainedTopics, are_kept_apart_by_broker) {
  RetainedTopics topics{{"a:1883 x", "b:1883 y z"}};

  EXPECT_EQ(topics.outdated("b:1883", {"new"}), Names{"y z"});
  EXPECT_TRUE(topics.any_at({"c:1883", "a:1883"}));
  EXPECT_FALSE(topics.any_at({"c:1883"}));
  topics.taken_back({.broker = "a:1883", .topic = "x", .whole = true});
  EXPECT_FALSE(topics.any_at({"a:1883"}));
}

TEST(RetainedTopics, include_the_time_of_a_value_that_has_not_come_again_yet) {
  RetainedTopics topics{{"a:1883 gas_volume", "a:1883 gas_volume_time", "a:1883 water_time"}};

  EXPECT_EQ(topics.outdated("a:1883", {"gas_volume"}), Names{"water_time"});
  EXPECT_EQ(topics.outdated("a:1883", {}), (Names{"gas_volume", "gas_volume_time", "water_time"}));
}

class AConnectionsRetainedTopics : public testing::Test {
 protected:
  boost::asio::io_context context_{};
  RetainedTopics topics_{{"a:1883 old"}};
  RetainedHere here_{context_};
};

TEST_F(AConnectionsRetainedTopics, are_those_of_the_broker_where_it_is) {
  here_.remember_in(topics_);
  here_.note({"x"});
  EXPECT_EQ(topics_.items(), Names{"a:1883 old"}) << "it is nowhere yet";

  here_.connected_to("b:1883");
  here_.note({"x"});
  EXPECT_EQ(here_.outdated({"x"}), Names{});
  here_.connected_to("a:1883");
  EXPECT_EQ(here_.outdated({"x"}), Names{"old"});
  EXPECT_EQ(topics_.items(), (Names{"a:1883 old", "b:1883 x"}));
}

TEST_F(AConnectionsRetainedTopics, are_forgotten_as_they_are_cleared_also_while_it_ends) {
  here_.remember_in(topics_);
  here_.connected_to("a:1883");
  here_.leave();
  here_.note({"x"});
  EXPECT_EQ(topics_.items(), Names{"a:1883 old"}) << "a successor says what is current";

  here_.entrance()({.broker = "a:1883", .topic = "old", .whole = true});
  EXPECT_EQ(topics_.items(), Names{"a:1883 old"}) << "on the read loop only";
  context_.poll();
  EXPECT_EQ(topics_.items(), Names{});
}

}  // namespace
}  // namespace p1meter::daemon
