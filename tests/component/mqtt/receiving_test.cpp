// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter: what comes from brokers, wanted or not.
#include <atomic>
#include <gtest/gtest.h>
#include <mutex>

#include "publisher_fixture.hpp"
#include "support/tcp_peer.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;

const std::string accepted{"\x20\x03\x00\x00\x00", 5};  // CONNACK of version 5
constexpr char subscribe = '\x82';

/// The remaining length of a packet, as the protocol writes it.
std::string with_length(char type, const std::string& rest) {
  std::string packet{type};
  for (std::size_t left = rest.size();;) {
    const auto low = static_cast<char>(left % 128);
    left /= 128;
    packet += left > 0 ? static_cast<char>(low | '\x80') : low;
    if (left == 0) return packet + rest;
  }
}

std::string publish_packet(const std::string& topic, const std::string& payload) {
  return with_length('\x30',
                     std::string{'\0', static_cast<char>(topic.size())} + topic + '\0' + payload);
}

/// A SUBACK with one reason code for the first SUBSCRIBE in `bytes`.
std::string suback(std::string_view bytes, char reason) {
  return with_length('\x90', std::string{bytes.substr(2, 2)} + '\0' + reason);
}

TEST(AnMqttPublisher, says_which_subscription_the_broker_refuses) {
  TcpPeer broker{[&](std::string_view bytes) -> std::string {
    if (connect_version(bytes) == 5) return accepted;
    return bytes.front() == subscribe ? suback(bytes, '\x87') : "";
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::subscription_refused),
            "p1meter/statistics: not authorised: check user name, password and the broker's access "
            "list");
  EXPECT_TRUE(publisher.changes(Kind::lost).empty());
}

TEST(AnMqttPublisher, says_which_subscription_a_broker_of_version_3_1_1_refuses) {
  TcpPeer broker{[&](std::string_view bytes) -> std::string {
    if (connect_version(bytes) == 4) return {"\x20\x02\x00\x00", 4};
    if (bytes.front() != subscribe) return "";
    return with_length('\x90', std::string{bytes.substr(2, 2)} + '\x80');
  }};
  settings::MqttSettings mqtt = TestPublisher::at(broker.port());
  mqtt.version = settings::MqttVersion::v3_1_1;
  TestPublisher publisher{mqtt};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::subscription_refused), "p1meter/statistics");
  EXPECT_TRUE(publisher.changes(Kind::lost).empty());
}

TEST(AnMqttPublisher, no_longer_subscribes_where_that_ends_the_connection) {
  std::atomic<int> subscriptions{0};
  TcpPeer broker{[&](std::string_view bytes) -> std::string {
    if (connect_version(bytes) == 5) return accepted;
    if (bytes.front() != subscribe) return "";
    ++subscriptions;
    return TcpPeer::close_it;
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();

  EXPECT_TRUE(
      publisher.eventually([&] { return publisher.changes(Kind::connected).size() == 3; }, 30s));
  EXPECT_EQ(subscriptions, 2);
  EXPECT_EQ(publisher.changes(Kind::subscription_refused).size(), 1U);
  EXPECT_EQ(publisher.reason(Kind::subscription_refused), "the broker closed the connection");
}

TEST(AnMqttPublisher, keeps_little_of_a_flood) {
  constexpr std::size_t most = 64;
  constexpr std::size_t messages = 3000;
  const std::string long_one = publish_packet("p1meter/set/publish", std::string(100'000, 'x'));
  std::string flood;
  for (std::size_t i = 0; i < messages; ++i) flood += publish_packet("p1meter/set/publish", "{}");
  TcpPeer broker{[&](std::string_view bytes) -> std::string {
    if (connect_version(bytes) == 5) return accepted;
    return bytes.front() == subscribe ? suback(bytes, '\0') + long_one + flood : "";
  }};
  // Whoever should take the messages is busy with the first of them.
  std::mutex mutex;
  std::unique_lock busy{mutex};
  std::vector<std::size_t> sizes;
  TestPublisher publisher{
      {.mqtt = TestPublisher::at(broker.port()), .received = [&](const mqtt::Received& message) {
         const std::lock_guard lock{mutex};
         sizes.push_back(message.payload.size());
       }}};
  publisher.start();
  EXPECT_TRUE(publisher.eventually(
      [&] { return publisher.sink().statistics().unread >= messages - 2 * most; }, 20s))
      << publisher.sink().statistics().unread;
  busy.unlock();
  EXPECT_TRUE(publisher.eventually([&] {
    const std::lock_guard lock{mutex};
    return sizes.size() + publisher.sink().statistics().unread == messages + 1;
  }));
  publisher.sink().stop(5s);
  ASSERT_FALSE(sizes.empty());
  EXPECT_EQ(sizes.front(), 8192U) << "the rest is cut off";
  EXPECT_LE(sizes.size(), 2 * most);
}

}  // namespace
}  // namespace p1meter::test
