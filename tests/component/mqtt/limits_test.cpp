// SPDX-License-Identifier: Apache-2.0
// Brokers that take less than the settings say.
#include <gtest/gtest.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;

settings::MqttSettings careful(const Mosquitto& broker) {
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.version = settings::MqttVersion::v5;
  mqtt.keys = {true, 1, true};
  return mqtt;
}

TEST(ABrokerWithALimit, refuses_a_payload_that_is_too_large_and_gets_everything_else) {
  Mosquitto broker{{.lines = "max_packet_size 200"}};
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{careful(broker)};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  publisher.meter().set("text_message", std::string(400, 'x'), {}, ReadingKind::text);
  publisher.deliver();
  publisher.meter().set("power_import", "1");
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import", "1"));
  EXPECT_NE(publisher.reason(Kind::publish_refused).find("larger than the broker takes (200)"),
            std::string::npos);
  EXPECT_GE(publisher.sink().statistics().refused, 2U) << "state and key";
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U);
}

TEST(ABrokerThatKeepsNothing, gets_everything_unretained_the_will_too) {
  Mosquitto broker{{.lines = "retain_available false"}};
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{careful(broker)};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  publisher.meter().set("power_import", "1");
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import", "1"));
  EXPECT_NE(publisher.reason(Kind::limited).find("keeps no messages"), std::string::npos);
  EXPECT_EQ(publisher.changes(Kind::limited).size(), 1U);
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U);
}

TEST(ABrokerOfQos0, gets_everything_at_qos_0) {
  Mosquitto broker{{.lines = "max_qos 0"}};
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{careful(broker)};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  publisher.meter().set("power_import", "1");
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import", "1"));
  EXPECT_NE(publisher.reason(Kind::limited).find("QoS 0 only"), std::string::npos);
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U);
}

}  // namespace
}  // namespace p1meter::test
