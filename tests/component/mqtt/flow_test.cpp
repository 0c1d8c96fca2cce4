// SPDX-License-Identifier: Apache-2.0
// How much may be on its way to the broker.
#include "adapters/mqtt/flow.hpp"

#include <gtest/gtest.h>

namespace p1meter::mqtt {
namespace {

Message named(const std::string& payload) {
  return {.topic = std::make_shared<const std::string>("t"), .payload = payload, .qos = 1};
}

TEST(AnAcknowledgeWindow, gives_back_what_was_taken_last_first_wherever_it_lay) {
  AcknowledgeWindow window{AcknowledgeWindow::most};
  const auto first = window.take(named("1"));
  static_cast<void>(window.take(named("2")));
  EXPECT_EQ(window.give_back(first)->payload, "1");
  static_cast<void>(window.take(named("3")));  // where the first one lay

  EXPECT_EQ(window.give_newest_back()->payload, "3");
  EXPECT_EQ(window.give_newest_back()->payload, "2");
  EXPECT_FALSE(window.give_newest_back().has_value());
  EXPECT_TRUE(window.empty());
}

}  // namespace
}  // namespace p1meter::mqtt
