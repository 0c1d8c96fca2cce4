// SPDX-License-Identifier: Apache-2.0
// Tests of which broker is tried next, with which version, and when.
#include "adapters/mqtt/connect_plan.hpp"

#include <gtest/gtest.h>

namespace p1meter::mqtt {
namespace {

using settings::MqttVersion;

TEST(AConnectPlan, tries_version_5_at_once) {
  const ConnectPlan plan{1, MqttVersion::automatic, 1};

  EXPECT_EQ(plan.next().wait, milliseconds{0});
  EXPECT_EQ(plan.next().version, ProtocolVersion::v5);
}

TEST(AConnectPlan, waits_longer_and_longer_up_to_thirty_seconds) {
  ConnectPlan plan{1, MqttVersion::automatic, 7};
  const int expected[] = {1000, 2000, 4000, 8000, 16'000, 30'000, 30'000, 30'000};
  for (const int full : expected) {
    plan.attempt_ended(Outcome::failed);
    EXPECT_LE(plan.next().wait, milliseconds{full});
    EXPECT_GT(plan.next().wait, milliseconds{full * 3 / 4 - 1});
  }
}

TEST(AConnectPlan, spreads_clients_that_lost_the_same_broker) {
  std::vector<milliseconds> waits;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ConnectPlan plan{1, MqttVersion::automatic, seed};
    plan.attempt_ended(Outcome::failed);
    waits.push_back(plan.next().wait);
  }
  std::sort(waits.begin(), waits.end());
  EXPECT_GT(waits.back() - waits.front(), milliseconds{50});
}

TEST(AConnectPlan, tries_all_brokers_in_order_before_it_waits) {
  ConnectPlan plan{3, MqttVersion::v3_1_1, 1};
  for (const std::size_t broker : {0U, 1U, 2U}) {
    EXPECT_EQ(plan.next().broker, broker);
    EXPECT_EQ(plan.next().wait, milliseconds{0});
    plan.attempt_ended(Outcome::failed);
  }
  EXPECT_EQ(plan.next().broker, 0U);
  EXPECT_GT(plan.next().wait, milliseconds{0});
}

TEST(AConnectPlan, asks_a_broker_that_refuses_5_again_at_once_with_3_1_1) {
  ConnectPlan plan{2, MqttVersion::automatic, 1};
  EXPECT_TRUE(plan.would_fall_back());
  plan.attempt_ended(Outcome::version_refused);

  EXPECT_EQ(plan.next().broker, 0U);
  EXPECT_EQ(plan.next().version, ProtocolVersion::v3_1_1);
  EXPECT_EQ(plan.next().wait, milliseconds{0});
}

TEST(AConnectPlan, remembers_3_1_1_for_that_broker_and_tells_it_once) {
  ConnectPlan plan{2, MqttVersion::automatic, 1};
  plan.attempt_ended(Outcome::version_refused);
  plan.connected();
  EXPECT_TRUE(plan.newly_fell_back());
  EXPECT_FALSE(plan.newly_fell_back());
  plan.lost(milliseconds{60'000});
  EXPECT_EQ(plan.next().version, ProtocolVersion::v3_1_1);
  plan.attempt_ended(Outcome::failed);
  EXPECT_EQ(plan.next().broker, 1U);
  EXPECT_EQ(plan.next().version, ProtocolVersion::v5) << "the other broker was not asked yet";
  plan.attempt_ended(Outcome::failed);
  EXPECT_EQ(plan.next().version, ProtocolVersion::v3_1_1);
}

TEST(AConnectPlan, does_not_remember_3_1_1_when_that_failed_too) {
  ConnectPlan plan{1, MqttVersion::automatic, 1};
  plan.attempt_ended(Outcome::version_refused);
  plan.attempt_ended(Outcome::version_refused);

  EXPECT_EQ(plan.next().version, ProtocolVersion::v5);
  EXPECT_GT(plan.next().wait, milliseconds{0});
}

TEST(AConnectPlan, never_leaves_a_version_that_is_configured) {
  for (const auto& [configured, version] :
       {std::pair{MqttVersion::v5, ProtocolVersion::v5},
        std::pair{MqttVersion::v3_1_1, ProtocolVersion::v3_1_1}}) {
    ConnectPlan plan{1, configured, 1};
    EXPECT_FALSE(plan.would_fall_back());
    plan.attempt_ended(Outcome::version_refused);
    EXPECT_EQ(plan.next().version, version);
    plan.connected();
    EXPECT_FALSE(plan.newly_fell_back());
  }
}

TEST(AConnectPlan, comes_back_at_once_after_a_steady_connection_and_starts_with_the_first_broker) {
  ConnectPlan plan{2, MqttVersion::automatic, 1};
  plan.attempt_ended(Outcome::failed);
  plan.connected();
  plan.lost(milliseconds{60'000});

  EXPECT_EQ(plan.next().broker, 0U);
  EXPECT_LT(plan.next().wait, milliseconds{100});
}

TEST(AConnectPlan, slows_down_when_connections_do_not_last) {
  ConnectPlan plan{1, MqttVersion::automatic, 1};
  plan.connected();
  plan.lost(milliseconds{50});
  EXPECT_LT(plan.next().wait, milliseconds{100}) << "the first try is quick";
  for (const int at_least : {1500, 3000, 6000, 12'000}) {
    plan.connected();
    plan.lost(milliseconds{50});
    EXPECT_GE(plan.next().wait, milliseconds{at_least});
  }
}

}  // namespace
}  // namespace p1meter::mqtt
