// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter against a real mosquitto: what arrives, on which topic, in which order.
#include <gtest/gtest.h>

#include "p1meter/values/telegram.hpp"
#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using Texts = std::vector<std::string>;

Texts topics_of(const std::vector<SeenMessage>& messages) {
  Texts topics;
  for (const auto& message : messages) topics.push_back(message.topic);
  return topics;
}

/// A broker, a witness, and a publisher that is connected.
class AnMqttSink : public testing::Test {
 protected:
  void connect(TestPublisher& publisher) {
    publisher.start();
    ASSERT_TRUE(publisher.connects());
    ASSERT_TRUE(publisher.sink().drain(5s));
  }

  Mosquitto broker{};
  MqttSubscriber subscriber{broker.port()};
};

TEST_F(AnMqttSink, publishes_every_digit_of_a_number) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);

  publisher.meter().set("energy_import_tariff1", "1234.560");
  publisher.meter().set("energy_import_total", "99999999.999");
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/energy_import_tariff1", "1234.560"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/energy_import_total", "99999999.999"));
  EXPECT_TRUE(
      subscriber.sees("p1meter/home/state",
                      R"({"energy_import_tariff1":1234.560,"energy_import_total":99999999.999,)"
                      R"("timestamp":null,"received":null})"));
}

TEST_F(AnMqttSink, greets_with_state_keys_meter_status_and_its_own_status_last) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.meter().set("power_import", "193");
  publisher.meter().know("power_export");
  publisher.meter().go_online(true);
  connect(publisher);
  ASSERT_TRUE(subscriber.sees("p1meter/status", "online"));

  EXPECT_EQ(topics_of(subscriber.messages()),
            (Texts{"p1meter/home/state", "p1meter/home/power_import", "p1meter/home/status",
                   "p1meter/status"}));
}

TEST_F(AnMqttSink, sends_one_state_per_batch_and_then_its_scalars) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  ASSERT_TRUE(subscriber.sees("p1meter/status", "online")) << "the greeting must be over";
  const auto before = subscriber.messages().size();

  const MeterTime time{*parse_instant("2024-01-15T12:55:00Z"), 60, TimeCertainty::exact};
  publisher.meter().set("power_import", "193");
  publisher.meter().set("gas_volume", *parse_decimal("1.5"), time);
  publisher.deliver();
  ASSERT_TRUE(subscriber.sees("p1meter/home/gas_volume_time", "2024-01-15T13:55:00+01:00"));

  auto topics = topics_of(subscriber.messages());
  topics.erase(topics.begin(), topics.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_EQ(topics, (Texts{"p1meter/home/state", "p1meter/home/power_import",
                           "p1meter/home/gas_volume", "p1meter/home/gas_volume_time"}));
}

TEST_F(AnMqttSink, uses_the_qos_and_retain_flag_of_each_class_of_topics) {
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.raw = {true, 0, false};
  mqtt.keys = {true, 1, false};
  TestPublisher publisher{mqtt};
  connect(publisher);
  publisher.meter().set("power_import", "193");
  publisher.meter().go_online(true);
  Telegram telegram;
  telegram.frame = "/ABC!1234";
  publisher.meter().deliver(publisher.sink(), &telegram);
  publisher.sink().publish_statistics(R"({"client_id":"p1meter-test"})");
  ASSERT_TRUE(publisher.sink().drain(5s));
  ASSERT_TRUE(subscriber.sees("p1meter/home/status", "online"));
  ASSERT_TRUE(subscriber.sees("p1meter/statistics", R"({"client_id":"p1meter-test"})"));

  std::map<std::string, std::pair<int, bool>> seen;
  for (const auto& message : subscriber.messages())
    seen[message.topic] = {message.qos, message.retained};
  EXPECT_EQ(seen["p1meter/status"], (std::pair{1, true}));
  EXPECT_EQ(seen["p1meter/home/status"], (std::pair{1, true}));
  EXPECT_EQ(seen["p1meter/home/state"], (std::pair{0, true}));
  EXPECT_EQ(seen["p1meter/home/power_import"], (std::pair{1, false}));
  EXPECT_EQ(seen["p1meter/home/raw"], (std::pair{0, false}));
  EXPECT_EQ(seen["p1meter/statistics"], (std::pair{0, true}));
}

TEST_F(AnMqttSink, sends_nothing_of_a_class_that_is_off) {
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.keys.enabled = false;
  mqtt.statistics.enabled = false;
  TestPublisher publisher{mqtt};
  connect(publisher);
  publisher.meter().set("power_import", "193");
  publisher.deliver();
  publisher.sink().publish_statistics("{}");
  publisher.meter().go_online(true);
  publisher.deliver();
  ASSERT_TRUE(subscriber.sees("p1meter/home/status", "online"));

  EXPECT_TRUE(subscriber.payloads("p1meter/home/power_import").empty());
  EXPECT_TRUE(subscriber.payloads("p1meter/statistics").empty());
  EXPECT_FALSE(subscriber.payloads("p1meter/home/state").empty());
}

TEST_F(AnMqttSink, clears_the_topics_of_a_key_that_is_gone) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  const MeterTime time{*parse_instant("2024-01-15T12:55:00Z"), 60, TimeCertainty::exact};
  publisher.meter().set("gas_volume", *parse_decimal("1.5"), time);
  publisher.deliver();
  publisher.meter().lose("gas_volume");
  publisher.deliver();
  ASSERT_TRUE(subscriber.sees("p1meter/home/gas_volume_time", ""));
  EXPECT_TRUE(subscriber.sees("p1meter/home/gas_volume", ""));
  EXPECT_TRUE(subscriber.sees(
      "p1meter/home/state",
      R"({"gas_volume":null,"gas_volume_time":null,"timestamp":null,"received":null})"));

  MqttSubscriber later{broker.port(), "p1meter/home/+"};
  ASSERT_TRUE(later.sees("p1meter/home/status", "offline"));
  EXPECT_TRUE(later.payloads("p1meter/home/gas_volume").empty()) << "nothing is retained";
}

TEST_F(AnMqttSink, sends_text_as_valid_utf_8_by_one_rule_for_key_and_state) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  publisher.meter().set("gas_equipment_id", std::string{"TM\x80i \xC3\xA9"}, {}, ReadingKind::info);
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/gas_equipment_id", "TM\xEF\xBF\xBDi \xC3\xA9"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/state",
                              "{\"gas_equipment_id\":\"TM\xEF\xBF\xBDi \xC3\xA9\","
                              "\"timestamp\":null,\"received\":null}"));
}

TEST_F(AnMqttSink, publishes_a_reading_without_value_as_an_empty_message) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  publisher.meter().set("limiter_power", OwnedValue{});
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/limiter_power", ""));
  EXPECT_TRUE(subscriber.sees("p1meter/home/state",
                              R"({"limiter_power":null,"timestamp":null,"received":null})"));
}

TEST_F(AnMqttSink, follows_the_topic_of_a_rule_and_skips_what_is_no_topic) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  for (const auto& [key, topic] :
       {std::pair{"power_import", "actual_power"}, std::pair{"power_export", "meter/returned"},
        std::pair{"tariff", "a/+/b"}}) {
    KeyInfo info;
    info.key = key;
    info.topic = topic;
    publisher.meter().describe(info);
  }
  connect(publisher);
  publisher.meter().set("tariff", "1");
  publisher.meter().set("power_import", "193");
  publisher.meter().set("power_export", "7");
  publisher.deliver();

  EXPECT_TRUE(subscriber.sees("p1meter/home/actual_power", "193"));
  EXPECT_TRUE(subscriber.sees("meter/returned", "7"));
  EXPECT_TRUE(publisher.sink().statistics().connected);
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U);
}

TEST_F(AnMqttSink, lists_what_is_retained_and_clears_what_an_earlier_run_left) {
  Process leave{
      {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-r",
                   "-t", "p1meter/home/old", "-m", "5"},
       .environment = {},
       .input = {}}};
  ASSERT_EQ(leave.wait(5s), 0);
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  publisher.meter().set("power_import", "193");
  publisher.deliver();
  publisher.sink().forget({"p1meter/home/old"});

  EXPECT_TRUE(subscriber.sees("p1meter/home/old", ""));
  EXPECT_EQ(publisher.sink().retained_topics(),
            (Texts{"p1meter/home/state", "p1meter/home/status", "p1meter/home/power_import",
                   "p1meter/status", "p1meter/statistics"}));
}

TEST_F(AnMqttSink, leaves_the_daemons_topics_alone_when_it_is_not_the_daemon) {
  TestPublisher publisher{{.mqtt = TestPublisher::at(broker.port()), .daemon_topics = false}};
  connect(publisher);
  publisher.meter().set("power_import", "193");
  publisher.deliver();
  publisher.sink().publish_statistics("{}");
  ASSERT_TRUE(publisher.sink().drain(5s));
  publisher.sink().stop(2s);
  ASSERT_TRUE(subscriber.sees("p1meter/home/power_import", "193"));
  ASSERT_TRUE(subscriber.sees("p1meter/home/status", "offline"));

  EXPECT_TRUE(subscriber.payloads("p1meter/status").empty());
  EXPECT_TRUE(subscriber.payloads("p1meter/statistics").empty());
}

/// As another daemon would: a broker keeps the newest.
void publish_statistics_as(const std::string& client_id, std::uint16_t port) {
  Process other{{.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port), "-r",
                             "-t", "p1meter/statistics", "-m",
                             R"({"version":"1","client_id":")" + client_id + R"("})"},
                 .environment = {},
                 .input = {}}};
  ASSERT_EQ(other.wait(5s), 0);
}

TEST_F(AnMqttSink, hears_another_daemon_that_publishes_under_its_base_topic_now) {
  publish_statistics_as("p1meter-who-was-here", broker.port());
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  publisher.meter().set("power_import", "193");  // is followed by a question to the broker
  publisher.deliver();
  ASSERT_TRUE(broker.logs("Received UNSUBSCRIBE")) << broker.log();

  EXPECT_EQ(publisher.reason(TestPublisher::Kind::base_topic_shared), "p1meter-who-was-here");
  publish_statistics_as("p1meter-0123456789ab", broker.port());

  ASSERT_TRUE(eventually(
      [&] { return publisher.changes(TestPublisher::Kind::base_topic_shared).size() == 2; }, 15s));
  const auto changes = publisher.changes(TestPublisher::Kind::base_topic_shared);
  EXPECT_EQ(changes[0].text, "p1meter-who-was-here");
  EXPECT_TRUE(changes[0].retained);
  EXPECT_EQ(changes[1].text, "p1meter-0123456789ab");
  EXPECT_FALSE(changes[1].retained);
}

TEST_F(AnMqttSink, does_not_take_its_own_statistics_for_another_daemons) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  publisher.sink().publish_statistics(R"({"version":"1","client_id":"p1meter-test"})");
  ASSERT_TRUE(publisher.sink().drain(5s));
  publish_statistics_as("p1meter-later", broker.port());

  EXPECT_EQ(publisher.reason(TestPublisher::Kind::base_topic_shared), "p1meter-later");
  EXPECT_EQ(publisher.changes(TestPublisher::Kind::base_topic_shared).size(), 1U);
}

TEST_F(AnMqttSink, has_sent_everything_once_drained) {
  TestPublisher publisher{TestPublisher::at(broker.port())};
  connect(publisher);
  // More than all windows hold, few enough for mosquitto not to drop any for a slow subscriber.
  constexpr int count = 300;
  for (int i = 0; i < count; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    publisher.deliver();
  }
  ASSERT_TRUE(publisher.sink().drain(10s));
  EXPECT_EQ(publisher.sink().statistics().dropped, 0U);
  EXPECT_EQ(publisher.sink().statistics().queue, 0U);
  publisher.sink().stop(2s);

  ASSERT_TRUE(subscriber.sees("p1meter/home/power_import", std::to_string(count - 1)));
  const auto seen = subscriber.payloads("p1meter/home/power_import");
  ASSERT_EQ(seen.size(), std::size_t{count});
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], std::to_string(i));
}

TEST_F(AnMqttSink, does_not_drain_without_a_broker) {
  TestPublisher publisher{TestPublisher::at(free_port())};
  publisher.start();
  publisher.meter().set("power_import", "1");
  publisher.deliver();

  EXPECT_FALSE(publisher.sink().drain(200ms));
}

TEST(AnMqttSinkWithoutBroker, opens_no_connection) {
  TestPublisher publisher{settings::MqttSettings{}};
  publisher.start();
  publisher.meter().set("power_import", "1");
  publisher.deliver();

  EXPECT_FALSE(publisher.sink().drain(200ms));
  publisher.sink().stop(1s);
  EXPECT_TRUE(publisher.changes().empty());
}

}  // namespace
}  // namespace p1meter::test
