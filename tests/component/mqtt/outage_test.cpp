// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter with a broker that is absent, restarts, or stops in the middle.
#include <filesystem>
#include <gtest/gtest.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/sanitizers.hpp"
#include "support/tcp_peer.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;

/// Resident kilobytes of this process.
long resident_memory() {
  long pages = 0;
  long resident = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/// Delivers a value every `pause` for a while, as a meter does.
template <class Check>
int deliver_for(TestPublisher& publisher, Clock::duration duration, Clock::duration pause, int from,
                Check&& check) {
  int value = from;
  auto next = Clock::now();
  static_cast<void>(publisher.eventually(
      [&] {
        if (Clock::now() < next) return false;
        next += pause;
        publisher.meter().set("power_import", std::to_string(++value).c_str());
        publisher.deliver();
        check();
        return false;
      },
      duration));
  return value;
}

TEST(AnMqttOutage, at_the_start_is_waited_out) {
  Mosquitto broker{{.start = false}};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  EXPECT_EQ(publisher.reason(Kind::refused),
            "connection refused: nothing listens at 127.0.0.1:" + std::to_string(broker.port()));
  publisher.meter().set("power_import", "193");
  publisher.deliver();

  broker.start();
  MqttSubscriber subscriber{broker.port()};
  ASSERT_TRUE(publisher.connects());
  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import", "193"));
  EXPECT_TRUE(subscriber.sees("p1meter/status", "online"));
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U) << "the first connection is none";
  EXPECT_EQ(publisher.changes(Kind::refused).size(), 1U) << "one line per change, not per attempt";
}

TEST(AnMqttOutage, ends_with_each_topics_newest_value_once_and_in_order) {
  Mosquitto broker;
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  ASSERT_TRUE(publisher.sink().drain(5s)) << "the greeting must be over";
  broker.stop();
  ASSERT_TRUE(publisher.eventually([&] { return !publisher.sink().statistics().connected; }));
  for (int i = 1; i <= 50; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    if (i <= 25) publisher.meter().set("power_export", std::to_string(i).c_str());
    publisher.deliver();
  }
  EXPECT_EQ(publisher.sink().statistics().queue, 3U) << "state and two keys";
  EXPECT_EQ(publisher.sink().statistics().dropped, 49U + 49U + 24U);

  broker.start();
  MqttSubscriber subscriber{broker.port()};
  ASSERT_TRUE(publisher.connects(30s));
  ASSERT_TRUE(subscriber.sees("p1meter/status", "online"));
  EXPECT_EQ(subscriber.payloads("p1meter/home/power_import"), std::vector<std::string>{"50"});
  EXPECT_EQ(subscriber.payloads("p1meter/home/power_export"), std::vector<std::string>{"25"});
  EXPECT_EQ(subscriber.payloads("p1meter/home/state").size(), 1U);
  EXPECT_EQ(publisher.sink().statistics().reconnects, 1U);
  EXPECT_EQ(subscriber.messages().back().topic, "p1meter/status");
}

TEST(AnMqttOutage, by_restart_is_told_once_and_survived) {
  Mosquitto broker;
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  for (int round = 1; round <= 2; ++round) {
    broker.restart();
    ASSERT_TRUE(publisher.eventually(
        [&] {
          const auto now = publisher.sink().statistics();
          return now.connected && now.reconnects == static_cast<std::uint64_t>(round);
        },
        30s));
    EXPECT_EQ(publisher.changes(Kind::lost).size(), static_cast<std::size_t>(round));
    EXPECT_EQ(publisher.changes(Kind::connected).size(), static_cast<std::size_t>(round) + 1);
  }
  MqttSubscriber subscriber{broker.port()};
  EXPECT_TRUE(subscriber.sees("p1meter/status", "online"));
}

TEST(AnMqttOutage, in_version_3_1_1_is_no_refusal_of_messages) {
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.version = settings::MqttVersion::v3_1_1;
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  publisher.meter().go_online(true);
  publisher.deliver();
  ASSERT_TRUE(publisher.sink().drain(5s));
  broker.kill();
  ASSERT_TRUE(publisher.eventually([&] { return !publisher.changes(Kind::lost).empty(); }));
  EXPECT_TRUE(publisher.changes(Kind::publish_refused).empty());
}

TEST(AnMqttOutage, puts_back_what_was_not_acknowledged) {
  // A broker that accepts, and acknowledges no message: what left must not be lost with it.
  auto mqtt = settings::MqttSettings{};
  mqtt.version = settings::MqttVersion::v3_1_1;
  mqtt.statistics = {true, 1, true};
  mqtt.statistics.enabled = true;
  auto accepting = std::make_unique<TcpPeer>([](std::string_view packet) -> std::string {
    return connect_version(packet) != 0 ? std::string{"\x20\x02\x00\x00", 4} : std::string{};
  });
  mqtt.brokers = {{"127.0.0.1", accepting->port()}};
  Mosquitto broker{{.start = false}};
  mqtt.brokers.push_back({"127.0.0.1", broker.port()});
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  publisher.sink().publish_statistics("only once");
  ASSERT_TRUE(publisher.eventually([&] { return publisher.sink().statistics().queue == 0; }));

  broker.start();
  MqttSubscriber subscriber{broker.port()};
  accepting.reset();
  ASSERT_TRUE(publisher.eventually(
      [&] { return subscriber.sees("p1meter/statistics", "only once", 0s); }, 20s));
}

/// The broker process is stopped while values keep coming: the kernel takes what is written, so
/// only the missing answer tells.
void survives_a_stalled_broker(Clock::duration stall) {
  Mosquitto broker;
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  int value = deliver_for(publisher, 3s, 100ms, 0, [] {});
  ASSERT_TRUE(subscriber.sees("p1meter/home/power_import", std::to_string(value)));
  const auto before = subscriber.payloads("p1meter/home/power_import").size();
  const long memory = resident_memory();

  broker.pause();
  const int last_before = value;
  Clock::duration longest{};
  value = deliver_for(publisher, stall, 100ms, value, [&] {
    const auto start = Clock::now();
    publisher.deliver();
    longest = std::max(longest, Clock::now() - start);
  });
  EXPECT_LT(longest, 1s) << "the read loop never waits";
  // Sanitizers keep freed memory back for a while.
  if (!slow_build) {
    EXPECT_LT(resident_memory() - memory, 4096) << "kB";
  }
  broker.resume();

  ASSERT_TRUE(publisher.eventually([&] {
    return subscriber.sees("p1meter/home/power_import", std::to_string(value), 0s);
  })) << subscriber.payloads("p1meter/home/power_import").back();
  const auto after = subscriber.payloads("p1meter/home/power_import");
  // At most two seconds' worth was on its way when the answer failed to come.
  EXPECT_LE(after.size() - before, 23U);
  EXPECT_GE(value - last_before, static_cast<int>(stall / 100ms) - 5) << "the test did its part";
  EXPECT_EQ(publisher.sink().statistics().reconnects, 0U);
}

TEST(AnMqttBrokerThatStalls, for_six_seconds_gets_the_newest_values_and_no_backlog) {
  survives_a_stalled_broker(6s);
}

TEST(AnMqttBrokerThatStalls, for_thirty_seconds_gets_the_newest_values_and_no_backlog) {
  survives_a_stalled_broker(30s);
}

TEST(AnMqttBrokerThatStalls, is_held_back_also_when_its_socket_is_full) {
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.raw = {true, 0, false};
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  broker.pause();
  const long memory = resident_memory();
  std::string frame(15'000, 'x');
  // 60 MB, more than any socket buffers.
  for (int i = 0; i < 4000; ++i) {
    Telegram telegram;
    telegram.frame = frame.replace(0, 5, std::to_string(10'000 + i));
    publisher.meter().deliver(publisher.sink(), &telegram);
  }
  if (!slow_build) {
    EXPECT_LT(resident_memory() - memory, 24L * 1024) << "kB";
  }
  EXPECT_GT(publisher.sink().statistics().dropped, 1000U);

  broker.resume();
  EXPECT_TRUE(publisher.sink().drain(10s));
  EXPECT_TRUE(publisher.sink().statistics().connected);
}

TEST(AnMqttPublisherThatDies, leaves_its_last_will) {
  Mosquitto broker;
  MqttSubscriber subscriber{broker.port()};
  Process publisher{{.command = {std::filesystem::read_symlink("/proc/self/exe").string(),
                                 "--publish-to", std::to_string(broker.port())},
                     .environment = {},
                     .input = {}}};
  ASSERT_TRUE(subscriber.sees("p1meter/status", "online")) << publisher.err();
  publisher.send(SIGKILL);

  ASSERT_TRUE(subscriber.sees("p1meter/status", "offline"));
  const auto last = subscriber.messages().back();
  EXPECT_TRUE(last.retained);
  EXPECT_EQ(last.qos, 1);
}

TEST(AnMqttPublisherWithSeveralBrokers, takes_the_first_that_answers_and_moves_on_when_it_goes) {
  Mosquitto second;
  Mosquitto third;
  auto mqtt = TestPublisher::at(free_port());
  mqtt.brokers.push_back({"127.0.0.1", second.port()});
  mqtt.brokers.push_back({"127.0.0.1", third.port()});
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  EXPECT_EQ(publisher.changes(Kind::connected).back().broker,
            "127.0.0.1:" + std::to_string(second.port()));

  second.kill();
  MqttSubscriber subscriber{third.port()};
  ASSERT_TRUE(
      publisher.eventually([&] { return publisher.changes(Kind::connected).size() == 2; }, 20s));
  EXPECT_EQ(publisher.changes(Kind::connected).back().broker,
            "127.0.0.1:" + std::to_string(third.port()));
  EXPECT_TRUE(
      publisher.eventually([&] { return subscriber.sees("p1meter/status", "online", 0s); }));
}

TEST(AnMqttPublisher, tries_every_address_of_a_name) {
  // localhost is ::1 and 127.0.0.1; mosquitto listens on the latter only.
  Mosquitto broker;
  TestPublisher publisher{TestPublisher::at(broker.port(), "localhost")};
  publisher.start();
  EXPECT_TRUE(publisher.connects());
}

TEST(AnMqttPublisher, that_is_pushed_out_by_its_own_client_id_does_not_push_back_at_full_speed) {
  Mosquitto broker;
  TestPublisher first{TestPublisher::at(broker.port())};
  TestPublisher second{TestPublisher::at(broker.port())};
  first.start();
  ASSERT_TRUE(first.connects());
  second.start();
  static_cast<void>(second.eventually(
      [&] {
        first.run_posted();
        return false;
      },
      5s));
  const auto connections =
      first.changes(Kind::connected).size() + second.changes(Kind::connected).size();
  EXPECT_LE(connections, 10U) << "in five seconds";
  EXPECT_FALSE(first.changes(Kind::lost).empty());
}

}  // namespace
}  // namespace p1meter::test
