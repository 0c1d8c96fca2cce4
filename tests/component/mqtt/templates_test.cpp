// SPDX-License-Identifier: Apache-2.0
// Tests of topics and payloads from templates against a real mosquitto.
#include <gtest/gtest.h>

#include "p1meter/values/telegram.hpp"
#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using Kind = mqtt::StateChange::Kind;

/// A broker, a witness, and a publisher that is configured in words.
class ATemplatedSink : public testing::Test {
 protected:
  TestPublisher& publisher(const std::string& yaml, const std::string& base_topic = {}) {
    auto setup = TestPublisher::configured(yaml, broker.port());
    if (!base_topic.empty()) setup.base_topic = base_topic;
    publisher_ = std::make_unique<TestPublisher>(setup);
    return *publisher_;
  }
  void connect() {
    publisher_->start();
    ASSERT_TRUE(publisher_->connects());
    ASSERT_TRUE(publisher_->sink().drain(5s));
  }
  void deliver() {
    publisher_->deliver();
    ASSERT_TRUE(publisher_->sink().drain(5s));
  }
  /// The newest message of a topic.
  SeenMessage newest(const std::string& topic) {
    SeenMessage found;
    static_cast<void>(eventually(
        [&] {
          for (const auto& message : subscriber.messages()) {
            if (message.topic == topic) found = message;
          }
          return !found.topic.empty();
        },
        10s));
    return found;
  }

  Mosquitto broker{};
  MqttSubscriber subscriber{broker.port()};
  std::unique_ptr<TestPublisher> publisher_{};
};

TEST_F(ATemplatedSink, publishes_each_key_with_its_own_qos_and_retain_flag) {
  auto& meter = publisher(
                    "mqtt: {topics: {keys: {topic: '{base}/{topic}'}}}\n"
                    "readings:\n"
                    "  power_import: {qos: 2, retain: false, payload: '{value} {unit}'}\n"
                    "  power_export: {qos: 1, decimals: 1}\n")
                    .meter();
  connect();
  meter.set("power_import", "193");
  meter.set("power_export", "1.25");
  meter.set("power_net", "0.001");
  deliver();

  const auto import = newest("p1meter/power_import");
  const auto other = newest("p1meter/power_export");
  const auto plain = newest("p1meter/power_net");
  EXPECT_EQ(import.payload, "193 ");
  EXPECT_EQ((std::pair{import.qos, import.retained}), (std::pair{2, false}));
  EXPECT_EQ(other.payload, "1.2");
  EXPECT_EQ((std::pair{other.qos, other.retained}), (std::pair{1, true}));
  EXPECT_EQ(plain.payload, "0.001");
  EXPECT_EQ((std::pair{plain.qos, plain.retained}), (std::pair{0, true}));
  EXPECT_EQ(newest("p1meter/home/state").payload,
            R"({"power_import":193,"power_export":1.2,"power_net":0.001,)"
            R"("timestamp":null,"received":null})");
}

TEST_F(ATemplatedSink, publishes_a_list_of_what_is_due_and_an_object_of_all) {
  auto& meter = publisher(
                    "mqtt:\n"
                    "  topics: {state: {topic: 's/{meter}', payload: influx}}\n"
                    "  messages:\n"
                    "    - {on: state, topic: '{base}/json', qos: 1, "
                    "payload: [{meter: '{tail}', reading: '{raw}'}]}\n"
                    "    - {on: state, topic: '{base}/all', retain: true, "
                    "payload: {p: '{power_import}', g: '{gas_volume}'}}\n"
                    "readings: {power_import: {topic: '{base}/x/p'}}\n")
                    .meter();
  connect();
  meter.set("power_import", "193");
  deliver();
  meter.set("power_export", "7");
  deliver();
  ASSERT_TRUE(subscriber.sees("p1meter/home/power_export", "7")) << "the last of the batch";

  EXPECT_EQ(subscriber.payloads("p1meter/json"),
            (std::vector<std::string>{R"([{"meter":"x/p","reading":"193"}])",
                                      R"([{"meter":"home/power_export","reading":"7"}])"}));
  EXPECT_EQ(newest("p1meter/json").qos, 1);
  EXPECT_EQ(newest("p1meter/all").payload, R"({"p":193})");
  EXPECT_TRUE(newest("p1meter/all").retained);
  EXPECT_EQ(newest("s/home").payload, "p1meter,meter=home power_import=193,power_export=7");
}

TEST_F(ATemplatedSink, leaves_out_of_a_list_of_digits_what_is_a_list_itself) {
  auto& meter = publisher(
                    "mqtt: {messages: [{on: state, topic: j, "
                    "payload: [{k: '{key}', r: '{value:raw}'}]}]}\n")
                    .meter();
  connect();
  meter.set("power_failure_log", OwnedValue{std::vector<ListRow>{}}, std::nullopt,
            ReadingKind::failure_log);
  meter.set("power_import", "193");
  deliver();

  EXPECT_EQ(newest("j").payload, R"([{"k":"power_import","r":"193"}])");
}

TEST_F(ATemplatedSink, clears_the_topic_of_a_text_whose_value_is_null) {
  auto& meter = publisher("readings: {default: {payload: '{value} W'}}\n").meter();
  connect();
  meter.set("power_import", "193");
  deliver();
  EXPECT_EQ(newest("p1meter/home/power_import").payload, "193 W");
  meter.set("power_import", OwnedValue{});
  deliver();
  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import", ""));
}

TEST_F(ATemplatedSink, gives_no_time_to_a_value_that_is_null) {
  auto& meter = publisher("mqtt: {}\n").meter();
  connect();
  const MeterTime at{*parse_instant("2024-01-15T12:55:00Z"), 60, TimeCertainty::exact};
  meter.set("gas_volume_today", *parse_decimal("1.5"), at);
  deliver();
  EXPECT_EQ(newest("p1meter/home/gas_volume_today_time").payload, "2024-01-15T13:55:00+01:00");
  meter.set("gas_volume_today", OwnedValue{}, at);
  deliver();
  EXPECT_TRUE(subscriber.sees("p1meter/home/gas_volume_today_time", ""));
  EXPECT_NE(newest("p1meter/home/state").payload.find(R"("gas_volume_today_time":null)"),
            std::string::npos);
}

TEST_F(ATemplatedSink, leaves_a_message_out_that_has_nothing_to_say) {
  auto& meter =
      publisher("mqtt: {messages: [{on: state, topic: g, payload: '{gas_volume}'}]}\n").meter();
  connect();
  meter.set("power_import", "193");
  deliver();
  meter.set("gas_volume", "1.5");
  deliver();

  EXPECT_EQ(newest("g").payload, "1.5");
  EXPECT_EQ(subscriber.payloads("g").size(), 1U);
}

TEST_F(ATemplatedSink, says_online_and_offline_in_the_configured_words) {
  auto& publisher_in_words = publisher(
      "mqtt: {topics: {status: {topic: 'tele/{base}/LWT', meter_topic: '{base}/{meter}/there', "
      "online: Online, offline: Offline}}}\n");
  publisher_in_words.meter().go_online(true);
  connect();
  EXPECT_TRUE(subscriber.sees("tele/p1meter/LWT", "Online"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/there", "Online"));

  publisher_in_words.sink().stop(2s);

  EXPECT_TRUE(subscriber.sees("tele/p1meter/LWT", "Offline"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/there", "Offline"));
}

mqtt::Figures two_meters() {
  mqtt::Figures figures;
  figures.daemon["memory_free"] = Decimal{1024, 0};
  figures.daemon["hostname"] = std::string{"pi/4"};
  figures.daemon["started"] = *parse_instant("2024-01-15T13:00:02Z");
  figures.meters.emplace_back("home", mqtt::FigureMap{{"telegrams", Decimal{7, 0}}});
  figures.meters.emplace_back("barn", mqtt::FigureMap{{"telegrams", Decimal{9, 0}}});
  return figures;
}

TEST_F(ATemplatedSink, publishes_messages_on_statistics_at_their_interval) {
  auto& sink = publisher(
                   "mqtt:\n"
                   "  messages:\n"
                   "    - {on: statistics, interval: 5min, topic: 'sys/{hostname}/m', qos: 1, "
                   "retain: true, payload: {free: '{memory_free}', at: '{started:unix}', "
                   "none: '{cpu_temperature}'}}\n"
                   "    - {on: statistics, topic: '{base}/{meter}/n', payload: '{telegrams}'}\n"
                   "    - {on: statistics, topic: '{base}/first', payload: '{meter} {telegrams}'}\n"
                   "    - {on: statistics, topic: '{base}/warm', payload: '{cpu_temperature}'}\n")
                   .sink();
  connect();
  for (int minute = 0; minute <= 5; ++minute) {
    sink.publish_statistics("{}", two_meters(), std::chrono::minutes{minute});
    ASSERT_TRUE(sink.drain(5s));
  }
  ASSERT_TRUE(
      eventually([&] { return subscriber.payloads("p1meter/statistics").size() == 6; }, 10s));

  EXPECT_EQ(subscriber.payloads("sys/pi_4/m"),
            (std::vector<std::string>(2, R"({"free":1024,"at":1705323602})")));
  EXPECT_EQ((std::pair{newest("sys/pi_4/m").qos, newest("sys/pi_4/m").retained}),
            (std::pair{1, true}));
  EXPECT_EQ(subscriber.payloads("p1meter/home/n"), (std::vector<std::string>(6, "7")));
  EXPECT_EQ(newest("p1meter/barn/n").payload, "9");
  EXPECT_EQ(newest("p1meter/first").payload, "home 7");
  EXPECT_TRUE(subscriber.payloads("p1meter/warm").empty()) << "it has nothing to say";
  const auto retained = sink.retained_topics();
  EXPECT_NE(std::find(retained.begin(), retained.end(), "sys/pi_4/m"), retained.end());
}

TEST_F(ATemplatedSink, takes_the_figures_of_a_removed_meter_back) {
  auto& one = publisher(
      "mqtt:\n"
      "  messages:\n"
      "    - {on: statistics, topic: '{base}/{meter}/n', payload: '{telegrams}', retain: true}\n");
  connect();
  one.meter().set("power_import", "193");
  deliver();
  one.sink().publish_statistics("{}", two_meters(), {});
  ASSERT_TRUE(subscriber.sees("p1meter/barn/n", "9"));

  one.sink().remove("home");

  EXPECT_TRUE(subscriber.sees("p1meter/home/n", ""));
  EXPECT_EQ(newest("p1meter/barn/n").payload, "9");
}

TEST_F(ATemplatedSink, says_once_that_a_meter_sends_no_equipment_id_for_its_topics) {
  auto& one = publisher("mqtt: {topics: {keys: {topic: '{base}/{equipment_id}/{key}'}}}\n");
  connect();
  one.meter().set("power_import", "193");
  const Telegram telegram{};
  for (const milliseconds now : {0s, 59s, 60s, 61s, 200s}) {
    one.meter().deliver(one.sink(), &telegram, {.steady = now});
    EXPECT_EQ(one.changes(Kind::topic_incomplete).size(), now < 60s ? 0U : 1U);
  }
  EXPECT_EQ(one.reason(Kind::topic_incomplete),
            "home sends no equipment id, which {equipment_id} stands for; {meter} would do");
}

TEST_F(ATemplatedSink, keeps_a_topic_for_the_key_that_had_it_first) {
  auto& publisher_of_one = publisher("mqtt: {topics: {keys: {topic: '{base}/{device}'}}}\n");
  connect();
  publisher_of_one.meter().set("power_import", "193");
  publisher_of_one.meter().set("power_export", "7");
  deliver();
  publisher_of_one.meter().set("power_export", "8");
  deliver();

  EXPECT_EQ(newest("p1meter/electricity").payload, "193");
  EXPECT_EQ(subscriber.payloads("p1meter/electricity"), (std::vector<std::string>{"193"}));
  EXPECT_EQ(publisher_of_one.sink().statistics().refused, 2U);
  EXPECT_EQ(publisher_of_one.reason(Kind::topic_taken),
            "p1meter/electricity has power_import of home, power_export of home is not published "
            "there");
  EXPECT_EQ(publisher_of_one.changes(Kind::topic_taken).size(), 1U) << "it is said once";
}

TEST_F(ATemplatedSink, follows_the_equipment_id_when_another_meter_stands_there) {
  auto& meter = publisher(
                    "mqtt: {topics: {state: {enabled: false}, keys: {topic: "
                    "'{base}/{equipment_id}/{key}'}}}\n")
                    .meter();
  connect();
  meter.set("power_import", "1");
  deliver();
  meter.set("equipment_id", std::string{"E1/+"}, std::nullopt, ReadingKind::info);
  meter.set("power_import", "2");
  deliver();
  EXPECT_EQ(newest("p1meter/E1__/power_import").payload, "2");
  meter.set("equipment_id", std::string{"E2"}, std::nullopt, ReadingKind::info);
  meter.set("power_import", "3");
  deliver();

  EXPECT_EQ(newest("p1meter/E2/power_import").payload, "3");
  EXPECT_TRUE(subscriber.sees("p1meter/E1__/power_import", "")) << "the former topic is cleared";
}

TEST_F(ATemplatedSink, stays_below_the_test_topic_in_a_test_run) {
  auto& publisher_of_test = publisher(
      "mqtt: {topics: {status: {topic: 'tele/{base}/LWT'}, keys: {topic: 'x/{key}'}},\n"
      "       messages: [{on: state, topic: y, payload: '{power_import}'},\n"
      "                  {on: statistics, topic: z, payload: '{memory_free}'}]}\n",
      "p1meter-test");
  connect();
  publisher_of_test.meter().set("power_import", "193");
  deliver();
  publisher_of_test.sink().publish_statistics("{}", two_meters(), {});
  ASSERT_TRUE(subscriber.sees("p1meter-test/z", "1024"));

  for (const auto& message : subscriber.messages()) {
    EXPECT_TRUE(message.topic.starts_with("p1meter-test/")) << message.topic;
  }
  EXPECT_EQ(newest("p1meter-test/x/power_import").payload, "193");
  EXPECT_EQ(newest("p1meter-test/y").payload, "193");
  EXPECT_EQ(newest("p1meter-test/tele/p1meter-test/LWT").payload, "online");
}

}  // namespace
}  // namespace p1meter::test
