// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter with brokers of other versions and with what is no broker at all.
#include <filesystem>
#include <gtest/gtest.h>

#include "publisher_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_peer.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;
using settings::MqttVersion;

// CONNACKs: flags, code, and in version 5 the length of the properties.
const std::string accepted_3{"\x20\x02\x00\x00", 4};
const std::string bad_version_3{"\x20\x02\x00\x01", 4};
const std::string bad_password_3{"\x20\x02\x00\x04", 4};
const std::string bad_version_5{"\x20\x03\x00\x84\x00", 5};

std::filesystem::path aedes_folder() {
  return std::filesystem::path{P1METER_SOURCE_DIR} / "tests/support/aedes";
}

TEST(AnMqttPublisher, speaks_version_5_to_a_broker_that_does) {
  Mosquitto broker;
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  EXPECT_TRUE(broker.logs("as p1meter-test (p5, c1, k60)")) << broker.log();
  EXPECT_TRUE(publisher.changes(Kind::fell_back).empty());
}

TEST(AnMqttPublisher, speaks_3_1_1_when_told_to) {
  Mosquitto broker;
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.version = MqttVersion::v3_1_1;
  mqtt.keep_alive = seconds{30};
  TestPublisher publisher{mqtt};
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  EXPECT_TRUE(broker.logs("as p1meter-test (p2, c1, k30)")) << broker.log();
}

TEST(AnMqttPublisher, falls_back_to_a_broker_of_3_1_1_only) {
  if (!std::filesystem::exists(aedes_folder() / "node_modules"))
    GTEST_SKIP() << "npm ci --prefix tests/support/aedes was not run";
  const auto port = free_port();
  Process broker{
      {.command = {"node", (aedes_folder() / "broker.mjs").string(), std::to_string(port)},
       .environment = {},
       .input = {}}};
  ASSERT_TRUE(broker.shows("listening", 20s)) << broker.err();
  TestPublisher publisher{TestPublisher::at(port)};
  publisher.meter().set("energy_import_total", "99999999.999");
  publisher.start();
  ASSERT_TRUE(publisher.connects());

  EXPECT_TRUE(broker.shows("client p1meter-test version 4", 5s)) << broker.out();
  EXPECT_TRUE(broker.shows("=p1meter/home/energy_import_total|99999999.999", 5s)) << broker.out();
  EXPECT_EQ(publisher.changes(Kind::fell_back).size(), 1U);
  EXPECT_TRUE(publisher.changes(Kind::refused).empty()) << "the fall-back is no refusal";
}

/// Answers CONNECT of version 5 with `to_5`, of 3.1.1 with acceptance.
void falls_back_after(const std::string& to_5, int most_fives = 1) {
  std::atomic<int> fives{0};
  TcpPeer broker{[&](std::string_view packet) -> std::string {
    const int version = connect_version(packet);
    if (version == 5) ++fives;
    return version == 5 ? to_5 : version == 4 ? accepted_3 : std::string{};
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  EXPECT_EQ(publisher.changes(Kind::fell_back).size(), 1U);
  EXPECT_GE(fives, 1);
  EXPECT_LE(fives, most_fives);
}

TEST(AnMqttPublisher, falls_back_when_version_5_is_refused_in_the_words_of_3_1_1) {
  falls_back_after(bad_version_3);
}
TEST(AnMqttPublisher, falls_back_when_version_5_is_refused_in_the_words_of_5) {
  falls_back_after(bad_version_5);
}
TEST(AnMqttPublisher, falls_back_when_version_5_ends_the_connection) {
  // Now and then Paho does not say that it was the peer who closed: then the same is tried again.
  falls_back_after(TcpPeer::close_it, 3);
}

TEST(AnMqttPublisher, does_not_fall_back_when_the_password_is_wrong) {
  std::atomic<int> threes{0};
  TcpPeer broker{[&](std::string_view packet) -> std::string {
    if (connect_version(packet) == 4) ++threes;
    return {"\x20\x03\x00\x86\x00", 5};
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::refused), "user name or password is wrong");
  EXPECT_EQ(threes, 0);
}

TEST(AnMqttPublisher, does_not_fall_back_from_a_configured_version) {
  std::atomic<int> threes{0};
  TcpPeer broker{[&](std::string_view packet) -> std::string {
    if (connect_version(packet) == 4) ++threes;
    return bad_version_5;
  }};
  auto mqtt = TestPublisher::at(broker.port());
  mqtt.version = MqttVersion::v5;
  TestPublisher publisher{mqtt};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::refused), "the broker does not speak this MQTT version");
  EXPECT_EQ(threes, 0);
}

TEST(AnMqttPublisher, tells_3_1_1_refusals_in_words) {
  TcpPeer broker{[](std::string_view packet) -> std::string {
    return connect_version(packet) == 5 ? bad_version_3 : bad_password_3;
  }};
  TestPublisher publisher{TestPublisher::at(broker.port())};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::refused), "user name or password is wrong");
}

/// A peer that is no broker: told in words, tried again, never a crash and no busy loop.
void survives(const TcpPeer::Answer& answer, const std::string& reason) {
  TcpPeer peer{answer};
  auto mqtt = TestPublisher::at(peer.port());
  TestPublisher publisher{mqtt};
  publisher.meter().set("power_import", "1");
  publisher.start();
  publisher.deliver();

  EXPECT_NE(publisher.reason(Kind::refused, 25s).find(reason), std::string::npos)
      << publisher.reason(Kind::refused);
  ASSERT_TRUE(publisher.eventually([&] { return peer.packets() >= 3; }, 25s)) << "tried again";
  EXPECT_LT(peer.connections(), 20);
  EXPECT_FALSE(publisher.sink().statistics().connected);
  publisher.sink().stop(2s);
}

TEST(AnMqttPublisher, survives_a_peer_that_closes_each_connection) {
  survives([](std::string_view) { return std::string{TcpPeer::close_it}; }, "closed");
}
TEST(AnMqttPublisher, survives_a_web_server) {
  survives([](std::string_view) { return std::string{"HTTP/1.1 400 Bad Request\r\n\r\n"}; }, "");
}
TEST(AnMqttPublisher, survives_bytes_without_sense) {
  survives(
      [](std::string_view) {
        return std::string{"\x20\xFF\xFF\xFF\xFF\xFF\xFF\x7F garbage \x00\x01", 19};
      },
      "");
}

TEST(AnMqttPublisher, survives_nonsense_after_a_good_start) {
  TcpPeer peer{[](std::string_view packet) -> std::string {
    return connect_version(packet) == 5 ? std::string{"\x20\x03\x00\x00\x00", 5}
                                        : std::string{"\xF7\x05nonsense\x00\x00\x30\x80", 14};
  }};
  TestPublisher publisher{TestPublisher::at(peer.port())};
  publisher.meter().set("power_import", "1");
  publisher.start();
  ASSERT_TRUE(publisher.eventually([&] { return !publisher.changes(Kind::lost).empty(); }, 20s));
  ASSERT_TRUE(publisher.eventually([&] { return peer.connections() >= 2; }, 20s)) << "tried again";
}

TEST(AnMqttPublisher, gives_up_on_a_peer_that_never_answers) {
  TcpPeer peer{[](std::string_view) { return std::string{}; }};
  TestPublisher publisher{TestPublisher::at(peer.port())};
  publisher.start();

  EXPECT_EQ(publisher.reason(Kind::refused, 30s), "the broker did not answer in time");
}

TEST(AnMqttPublisher, tells_a_name_that_dns_does_not_know) {
  TestPublisher publisher{TestPublisher::at(1883, "no-such-host.invalid")};
  publisher.start();

  EXPECT_NE(publisher.reason(Kind::refused, 30s).find("DNS"), std::string::npos)
      << publisher.reason(Kind::refused);
}

}  // namespace
}  // namespace p1meter::test
