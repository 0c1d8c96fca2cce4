// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter against the known traps of Paho C++ 1.2.0 and Paho C 1.3.12 that have
// no test elsewhere. Each trap, and the test that would notice:
//
// clang-format off
//   QoS 1 bursts stall in version 5                  AnMqttSinkAtQos1.*, below
//   QoS 1 one by one takes 42 ms each                the same
//   a first connection that fails is never retried   AnMqttOutage.at_the_start_is_waited_out
//   copied connect options point into the original   AnMqttSinkOverTls.reconnects_after_a_restart_with_the_same_options;
//                                                    architecture.the_traps_of_paho_are_kept_away_from
//   TLS error and PSK handlers are used after free   architecture.the_traps_of_paho_are_kept_away_from
//   host names are not verified unless asked         AnMqttSinkOverTls.refuses_a_certificate_for_another_host
//   copies of TLS options lose the folder of CAs     AnMqttSinkOverTls.trusts_its_own_authority_for_a_name_and_for_an_address;
//                                                    architecture.the_traps_of_paho_are_kept_away_from
//   client and connection name different versions    AnMqttPublisher.speaks_..., falls_back_... (version_test.cpp)
//   the setter of the version is misspelt            architecture.the_traps_of_paho_are_kept_away_from
//   waiting in a callback never ends                 the same
//   handlers set after connect lock in wrong order   the same
//   destructors and disconnect can hang              StoppingAnMqttSink.*, DestroyingAnMqttSink.*
//   automatic and manual reconnect crash together    architecture.the_traps_of_paho_are_kept_away_from
//   topic aliases break after a reconnect            architecture.the_traps_of_paho_are_kept_away_from
//   connection_lost has no reason                    AnMqttSinkThatLosesItsBroker.*, below
//   file persistence replays stale values            AnMqttSinkInItsDirectory.*, below; AnMqttOutage.ends_with_each_topics_newest_value_...
// clang-format on
#include <filesystem>
#include <gtest/gtest.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_peer.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;

/// Paho's send thread sleeps up to a second whenever the broker's receive maximum is reached, and
/// waits 42 ms for each acknowledgement when messages go one by one.
void keeps_up_at_qos_1(const std::string& lines) {
  Mosquitto broker{{.lines = lines}};
  MqttSubscriber subscriber{broker.port()};
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.keys = {true, 1, false};
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  constexpr int count = 240;
  int sent = 0;
  auto next = Clock::now();
  ASSERT_TRUE(publisher.eventually(
      [&] {
        if (Clock::now() >= next) {
          next += 16ms;
          publisher.meter().set("power_import", std::to_string(++sent).c_str());
          publisher.deliver();
        }
        return sent == count;
      },
      20s));
  const auto start = Clock::now();
  EXPECT_TRUE(publisher.sink().drain(20s));
  // Paho can miss a wake-up just before it goes to sleep: then the last message waits for a second.
  EXPECT_LT(Clock::now() - start, 2s) << "no backlog at 60 messages a second";
  ASSERT_TRUE(subscriber.sees("p1meter/home/power_import", std::to_string(count)));
  // Nothing is dropped, unless the machine itself pauses: after half a second only the newest goes
  // to a broker that takes nothing.
  EXPECT_LT(publisher.sink().statistics().dropped, count / 4);
  EXPECT_GT(subscriber.payloads("p1meter/home/power_import").size(), std::size_t{count * 3 / 4});
}

TEST(AnMqttSinkAtQos1, has_no_backlog_at_60_messages_a_second) { keeps_up_at_qos_1(""); }

TEST(AnMqttSinkAtQos1, keeps_within_the_receive_maximum_of_the_broker) {
  keeps_up_at_qos_1("max_inflight_messages 3");
}

TEST(AnMqttSinkAtQos1, gets_a_burst_through_that_exceeds_all_windows) {
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.keys = {true, 1, false};
  mqtt.state.enabled = false;
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  for (int i = 0; i < 400; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    publisher.deliver();
  }
  EXPECT_TRUE(publisher.sink().drain(5s));
  EXPECT_EQ(publisher.sink().statistics().dropped, 0U);
}

/// File persistence would keep unacknowledged messages below the working directory, and replay them
/// at the next start.
TEST(AnMqttSinkInItsDirectory, leaves_no_file_behind_for_messages_that_are_on_their_way) {
  const auto before = std::filesystem::current_path();
  const TemporaryDirectory directory;
  std::filesystem::current_path(directory.path());
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.keys = {true, 1, true};
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  ASSERT_TRUE(publisher.sink().drain(5s));
  broker.pause();
  publisher.meter().set("power_import", "1");
  publisher.deliver();
  ASSERT_TRUE(publisher.eventually([&] { return publisher.sink().statistics().queue == 0; }));

  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  broker.resume();
  EXPECT_TRUE(publisher.sink().drain(10s));
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  std::filesystem::current_path(before);
}

/// The plain end of the connection, which follows, has no reason any more.
TEST(AnMqttSinkThatLosesItsBroker, tells_the_reason_that_the_broker_gives) {
  const TcpPeer broker{[](std::string_view packet) -> std::string {
    const std::string accepted{"\x20\x03\x00\x00\x00", 5};
    const std::string session_taken_over{"\xE0\x02\x8E\x00", 4};
    return connect_version(packet) == 5 ? accepted + session_taken_over : TcpPeer::close_it;
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  EXPECT_EQ(publisher.reason(Kind::lost), "another client with the same client id has connected");
}

TEST(AnMqttSinkThatLosesItsBroker, says_so_when_the_broker_gives_no_reason) {
  Mosquitto broker;
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  broker.kill();
  EXPECT_EQ(publisher.reason(Kind::lost), "the broker closed the connection");
}

}  // namespace
}  // namespace p1meter::test
