// SPDX-License-Identifier: Apache-2.0
// How long it takes until a broker that has come back knows everything.
#include <gtest/gtest.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"

namespace p1meter::test {
namespace {

constexpr int keys = 80;
constexpr auto promised = 2s;

/// Everything at QoS 1, so that it is acknowledged: beyond its receive maximum (20) a broker of
/// version 5 makes Paho stall.
TestPublisher::Setup acknowledged(const Mosquitto& broker, settings::Discovery form) {
  TestPublisher::Setup setup{.mqtt = TestPublisher::at(broker.port())};
  setup.mqtt.version = settings::MqttVersion::v5;
  setup.mqtt.state = {true, 1, true};
  setup.mqtt.keys = {true, 1, true};
  setup.home_assistant.emplace().discovery = form;
  return setup;
}

void announces_in_time(settings::Discovery form) {
  Mosquitto broker;
  TestPublisher publisher{acknowledged(broker, form)};
  publisher.meter().plate.equipment_id = "E0047";
  for (int i = 0; i < keys; ++i) publisher.meter().set("key" + std::to_string(i), "1");
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  publisher.deliver();
  ASSERT_TRUE(publisher.sink().drain(20s));
  const auto before = publisher.sink().statistics().published;

  broker.restart();
  using Kind = TestPublisher::Kind;
  ASSERT_TRUE(publisher.eventually([&] { return publisher.changes(Kind::connected).size() > 1; }));
  const auto start = Clock::now();
  ASSERT_TRUE(publisher.connects());
  ASSERT_TRUE(publisher.sink().drain(20s));

  const auto took = Clock::now() - start;
  testing::Test::RecordProperty("ms", static_cast<int>(took / 1ms));
  EXPECT_LT(took, 2 * promised);
  const auto published = publisher.sink().statistics().published - before;
  EXPECT_GE(published, form == settings::Discovery::single ? 2U * keys : std::uint64_t{keys});
}

TEST(AMeterOfEightyKeys, is_announced_in_time_as_one_device) {
  announces_in_time(settings::Discovery::device);
}

TEST(AMeterOfEightyKeys, is_announced_in_time_entity_by_entity) {
  announces_in_time(settings::Discovery::single);
}

}  // namespace
}  // namespace p1meter::test
