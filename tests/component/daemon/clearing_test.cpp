// SPDX-License-Identifier: Apache-2.0
#include "daemon/clearing.hpp"

#include <chrono>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace p1meter::daemon {
namespace {

using namespace std::chrono_literals;

struct AClearing : testing::Test {
  boost::asio::io_context context{};
  bool outdated{true};
  int cleared{};

  void watch(Clearing& clearing) {
    clearing.on_cleared([this] { return outdated; }, [this] { ++cleared; });
  }
};

TEST_F(AClearing, lasts_until_nothing_is_outdated) {
  Clearing clearing{context};
  watch(clearing);
  clearing.begun();
  context.run_for(200ms);
  EXPECT_EQ(cleared, 0) << "the broker has not acknowledged yet";

  outdated = false;
  context.run_for(10s);  // ends when nothing is awaited any more
  EXPECT_EQ(cleared, 1);
}

TEST_F(AClearing, ends_at_once_when_nothing_was_outdated) {
  Clearing clearing{context};
  watch(clearing);
  outdated = false;
  clearing.begun();
  EXPECT_EQ(cleared, 1);
  clearing.begun();
  EXPECT_EQ(cleared, 1) << "it is told once";
}

TEST_F(AClearing, gives_up_on_a_broker_that_refuses) {
  Clearing clearing{context, 100ms};
  watch(clearing);
  clearing.begun();
  context.run_for(10s);
  EXPECT_EQ(cleared, 1);
}

TEST_F(AClearing, calls_nothing_that_was_let_go_of) {
  Clearing clearing{context};
  watch(clearing);
  clearing.begun();
  clearing.leave();
  outdated = false;
  context.run_for(10s);
  EXPECT_EQ(cleared, 0);
}

}  // namespace
}  // namespace p1meter::daemon
