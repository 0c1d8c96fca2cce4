// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter's end: within two seconds in every state, with `offline` where a broker
// is there to hear it.
#include <atomic>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_peer.hpp"

namespace {

/// Look-ups of this name hang as they do without a reachable DNS server; released at the end.
constexpr std::string_view hanging_name = "hanging.test";
std::atomic<bool> hanging{false};
std::atomic<bool> release{false};

}  // namespace

// Stands before the C library's, for the whole program.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  if (node != nullptr && node == hanging_name) {
    hanging = true;
    while (!release) poll(nullptr, 0, 20);
    return EAI_AGAIN;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

namespace p1meter::test {
namespace {

constexpr auto promised = 2s;
/// What must not wait for anything: half the promise, on a machine that is busy with other tests
/// too.
constexpr auto at_once = 1s;

/// Stops and says how long that took.
Clock::duration time_to_stop(TestPublisher& publisher) {
  const auto start = Clock::now();
  publisher.sink().stop(promised);
  return Clock::now() - start;
}

TEST(StoppingAnMqttSink, says_offline_for_meters_and_daemon_and_sends_what_waits_before) {
  Mosquitto broker;
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.meter().go_online(true);
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  for (int i = 1; i <= 100; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    publisher.deliver();
  }
  EXPECT_LT(time_to_stop(publisher), promised);

  ASSERT_TRUE(subscriber.sees("p1meter/status", "offline"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/status", "offline", 0s));
  EXPECT_EQ(subscriber.payloads("p1meter/home/power_import").back(), "100");
  EXPECT_EQ(subscriber.payloads("p1meter/status").size(), 2U) << "online and offline, no will";
  EXPECT_TRUE(broker.logs("Received DISCONNECT from p1meter-test")) << broker.log();
}

TEST(StoppingAnMqttSink, that_was_never_started_takes_no_time) {
  TestPublisher publisher{TestPublisher::at(free_port())};
  EXPECT_LT(time_to_stop(publisher), at_once);
}

TEST(StoppingAnMqttSink, twice_is_harmless) {
  TestPublisher publisher{TestPublisher::at(free_port())};
  publisher.start();
  EXPECT_LT(time_to_stop(publisher), promised);
  EXPECT_LT(time_to_stop(publisher), at_once);
}

TEST(StoppingAnMqttSink, that_waits_to_try_again_is_quick) {
  TestPublisher publisher{TestPublisher::at(free_port())};
  publisher.start();
  ASSERT_TRUE(publisher.eventually(
      [&] { return !publisher.changes(TestPublisher::Kind::refused).empty(); }));
  EXPECT_LT(time_to_stop(publisher), promised);
}

TEST(StoppingAnMqttSink, that_connects_to_a_black_hole_keeps_its_promise) {
  const BlackHole hole;
  TestPublisher publisher{TestPublisher::at(hole.port())};
  publisher.start();
  static_cast<void>(publisher.eventually([] { return false; }, 300ms));
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
}

TEST(StoppingAnMqttSink, whose_dns_look_up_hangs_keeps_its_promise_and_calls_back_no_more) {
  hanging = false;
  release = false;
  TestPublisher publisher{TestPublisher::at(1883, std::string{hanging_name})};
  publisher.start();
  ASSERT_TRUE(eventually([] { return hanging.load(); }, 5s));
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
  release = true;
  EXPECT_FALSE(publisher.eventually([&] { return !publisher.changes().empty(); }, 300ms));
}

TEST(StoppingAnMqttSink, whose_dns_look_up_hangs_does_not_hold_up_another) {
  hanging = false;
  release = false;
  Mosquitto broker;
  TestPublisher stuck{TestPublisher::at(1883, std::string{hanging_name})};
  stuck.start();
  ASSERT_TRUE(eventually([] { return hanging.load(); }, 5s));

  TestPublisher other{TestPublisher::at(broker.port())};
  other.start();
  EXPECT_TRUE(other.connects(5s));
  EXPECT_LT(time_to_stop(other), promised);
  release = true;
}

TEST(StoppingAnMqttSink, that_waits_for_connack_keeps_its_promise) {
  TcpPeer peer{[](std::string_view) { return std::string{}; }};
  TestPublisher publisher{TestPublisher::at(peer.port())};
  publisher.start();
  ASSERT_TRUE(publisher.eventually([&] { return peer.packets() > 0; }));
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
}

TEST(StoppingAnMqttSink, in_the_middle_of_a_tls_handshake_keeps_its_promise) {
  TcpPeer peer{[](std::string_view) { return std::string{}; }};
  auto mqtt = TestPublisher::at(peer.port());
  mqtt.tls.emplace();
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.eventually([&] { return peer.packets() > 0; }));
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
}

TEST(StoppingAnMqttSink, whose_broker_has_stopped_keeps_its_promise_and_offline_still_arrives) {
  Mosquitto broker;
  MqttSubscriber subscriber{broker.port()};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.meter().go_online(true);
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  ASSERT_TRUE(publisher.sink().drain(5s));
  broker.pause();
  for (int i = 1; i <= 100; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    publisher.deliver();
  }
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
  broker.resume();
  EXPECT_TRUE(subscriber.sees("p1meter/status", "offline"));
}

TEST(StoppingAnMqttSink, whose_brokers_socket_is_full_keeps_its_promise) {
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.raw = {true, 0, false};
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  broker.pause();
  std::string frame(15'000, 'x');
  for (int i = 0; i < 2000; ++i) {
    Telegram telegram;
    telegram.frame = frame.replace(0, 5, std::to_string(10'000 + i));
    publisher.meter().deliver(publisher.sink(), &telegram);
  }
  EXPECT_LE(time_to_stop(publisher), 2 * promised);
  broker.resume();
}

TEST(DestroyingAnMqttSink, without_a_stop_ends_its_thread_too) {
  Mosquitto broker;
  MqttSubscriber subscriber{broker.port()};
  {
    TestPublisher publisher{TestPublisher::at(broker.port())};
    publisher.start();
    ASSERT_TRUE(publisher.connects());
  }
  EXPECT_TRUE(subscriber.sees("p1meter/status", "offline"));
}

}  // namespace
}  // namespace p1meter::test
