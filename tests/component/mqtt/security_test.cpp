// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter's TLS and credentials: who is let in, who is refused, in which words.
#include <gtest/gtest.h>
#include <mutex>
#include <sys/stat.h>

#include "publisher_fixture.hpp"
#include "support/certificates.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_peer.hpp"

namespace p1meter::test {
namespace {

using Kind = TestPublisher::Kind;

std::string tls_lines(const Certificate& server, const std::string& more = {}) {
  return "certfile " + server.certificate + "\nkeyfile " + server.key + "\n" + more;
}

settings::MqttSettings tls_to(std::uint16_t port, const std::string& ca,
                              const std::string& host = "localhost") {
  auto mqtt = TestPublisher::at(port, host);
  mqtt.tls.emplace().ca = ca;
  return mqtt;
}

class AnMqttSinkOverTls : public testing::Test {
 protected:
  void expect_refusal(const settings::MqttSettings& mqtt, const std::string& words) {
    TestPublisher publisher{mqtt};
    publisher.start();
    EXPECT_NE(publisher.reason(Kind::refused).find(words), std::string::npos)
        << publisher.reason(Kind::refused);
    EXPECT_FALSE(publisher.sink().statistics().connected);
  }
  void expect_connection(const settings::MqttSettings& mqtt) {
    TestPublisher publisher{mqtt};
    publisher.start();
    EXPECT_TRUE(publisher.connects()) << publisher.reason(Kind::refused, 0s);
  }

  const CertificateAuthority authority{};
  const Certificate good{authority.sign("server", "DNS:localhost,IP:127.0.0.1")};
};

TEST_F(AnMqttSinkOverTls, trusts_its_own_authority_for_a_name_and_for_an_address) {
  const Mosquitto broker{{.lines = tls_lines(good)}};
  expect_connection(tls_to(broker.port(), authority.certificate()));
  expect_connection(tls_to(broker.port(), authority.certificate(), "127.0.0.1"));
}

TEST_F(AnMqttSinkOverTls, refuses_a_certificate_for_another_host) {
  const auto other = authority.sign("other", "DNS:broker.example");
  const Mosquitto broker{{.lines = tls_lines(other)}};
  expect_refusal(tls_to(broker.port(), authority.certificate()),
                 "the broker's certificate is for another host name than localhost");
}

TEST_F(AnMqttSinkOverTls, refuses_an_unknown_authority) {
  const Mosquitto broker{{.lines = tls_lines(good)}};
  const CertificateAuthority stranger;
  expect_refusal(tls_to(broker.port(), stranger.certificate()), "signed by an unknown CA");
  expect_refusal(tls_to(broker.port(), ""), "signed by an unknown CA");  // the system's
}

TEST_F(AnMqttSinkOverTls, refuses_a_certificate_that_has_expired) {
  const auto old = authority.sign_expired("old", "DNS:localhost");
  const Mosquitto broker{{.lines = tls_lines(old)}};
  expect_refusal(tls_to(broker.port(), authority.certificate()),
                 "the broker's certificate has expired");
}

TEST_F(AnMqttSinkOverTls, accepts_all_of_these_when_told_to_and_says_so_in_its_statistics) {
  const auto other = authority.sign("other", "DNS:broker.example");
  const Mosquitto broker{{.lines = tls_lines(other)}};
  auto mqtt = tls_to(broker.port(), "");
  mqtt.tls->insecure = true;
  TestPublisher publisher{mqtt};
  publisher.start();
  EXPECT_TRUE(publisher.connects()) << publisher.reason(Kind::refused, 0s);
  EXPECT_TRUE(publisher.sink().statistics().insecure);

  TestPublisher secure{tls_to(broker.port(), authority.certificate())};
  EXPECT_FALSE(secure.sink().statistics().insecure);
}

TEST_F(AnMqttSinkOverTls, shows_its_own_certificate_where_the_broker_wants_one) {
  const Mosquitto broker{
      {.lines =
           tls_lines(good, "cafile " + authority.certificate() +
                               "\nrequire_certificate true\nuse_identity_as_username true\n")}};
  auto mqtt = tls_to(broker.port(), authority.certificate());
  expect_refusal(mqtt, "refuses our certificate, or wants one");

  const auto ours = authority.sign("client", "DNS:client");
  mqtt.tls->certificate = ours.certificate;
  mqtt.tls->key = ours.key;
  expect_connection(mqtt);

  const CertificateAuthority stranger;
  const auto false_one = stranger.sign("client", "DNS:client");
  mqtt.tls->certificate = false_one.certificate;
  mqtt.tls->key = false_one.key;
  expect_refusal(mqtt, "refuses our certificate, or wants one");
}

TEST_F(AnMqttSinkOverTls, names_the_file_that_it_cannot_use) {
  const Mosquitto broker{{.lines = tls_lines(good)}};
  expect_refusal(tls_to(broker.port(), "/nonexistent/ca.crt"), "/nonexistent/ca.crt");
  auto mqtt = tls_to(broker.port(), authority.certificate());
  mqtt.tls->certificate = good.certificate;
  mqtt.tls->key = authority.sign("another", "DNS:x").key;
  expect_refusal(mqtt, "cannot use our private key");
}

TEST_F(AnMqttSinkOverTls, tells_a_plain_port_from_a_tls_port) {
  const Mosquitto broker;
  expect_refusal(tls_to(broker.port(), authority.certificate()), "TLS");
}

TEST_F(AnMqttSinkOverTls, reconnects_after_a_restart_with_the_same_options) {
  Mosquitto broker{{.lines = tls_lines(good)}};
  TestPublisher publisher{tls_to(broker.port(), authority.certificate())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  broker.restart();
  EXPECT_TRUE(publisher.eventually(
      [&] {
        const auto now = publisher.sink().statistics();
        return now.connected && now.reconnects == 1;
      },
      30s));
}

TEST_F(AnMqttSinkOverTls, offers_the_protocols_of_its_settings) {
  const auto port = free_port();
  const TemporaryDirectory directory;
  const auto fifo = (directory.path() / "input").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  // It ends at the end of its standard input; a FIFO open in both directions has none.
  const std::string command = "exec openssl s_server -accept 127.0.0.1:" + std::to_string(port) +
                              " -cert " + good.certificate + " -key " + good.key +
                              " -alpn x-amzn-mqtt-ca 0<>" + fifo;
  Process server{{.command = {"sh", "-c", command}, .environment = {}, .input = {}}};
  ASSERT_TRUE(eventually([&] { return listens(port); }, 10s)) << server.err();
  auto mqtt = tls_to(port, authority.certificate());
  mqtt.tls->alpn = {"x-amzn-mqtt-ca"};
  TestPublisher publisher{mqtt};
  publisher.start();

  EXPECT_TRUE(server.shows("ALPN protocols advertised by the client: x-amzn-mqtt-ca", 10s))
      << server.out() << server.err();
  EXPECT_TRUE(server.shows("ALPN protocols selected: x-amzn-mqtt-ca", 10s));
  publisher.sink().stop(2s);
}

class AnMqttSinkWithPassword : public testing::Test {
 protected:
  AnMqttSinkWithPassword() {
    Process make{{.command = {"mosquitto_passwd", "-b", "-c", file, "meter", "right"},
                  .environment = {},
                  .input = {}}};
    if (make.wait(10s) != 0) throw std::runtime_error{make.err()};
    broker = std::make_unique<Mosquitto>(
        Mosquitto::Setup{.lines = "password_file " + file, .anonymous = false});
  }
  [[nodiscard]] settings::MqttSettings with(const std::string& user,
                                            const std::string& password) const {
    auto mqtt = TestPublisher::at(broker->port());
    mqtt.username = user;
    mqtt.password = password;
    return mqtt;
  }

  TemporaryDirectory directory{};
  std::string file{(directory.path() / "passwords").string()};
  std::unique_ptr<Mosquitto> broker{};
};

TEST_F(AnMqttSinkWithPassword, is_let_in) {
  TestPublisher publisher{with("meter", "right")};
  publisher.start();
  EXPECT_TRUE(publisher.connects());
}

TEST_F(AnMqttSinkWithPassword, tells_in_words_that_it_is_refused_in_both_versions) {
  for (const auto version : {settings::MqttVersion::automatic, settings::MqttVersion::v3_1_1}) {
    auto mqtt = with("meter", "wrong");
    mqtt.version = version;
    TestPublisher publisher{mqtt};
    publisher.start();
    EXPECT_NE(publisher.reason(Kind::refused).find("user name"), std::string::npos)
        << publisher.reason(Kind::refused);
    EXPECT_EQ(publisher.changes(Kind::refused).size(), 1U);
  }
}

TEST_F(AnMqttSinkWithPassword, is_refused_without_one) {
  TestPublisher publisher{with("", "")};
  publisher.start();
  EXPECT_NE(publisher.reason(Kind::refused).find("user name"), std::string::npos)
      << publisher.reason(Kind::refused);
}

/// What a broker says that accepts everybody and refuses every message of QoS 1.
std::string refuse_publishes(std::string_view packets) {
  constexpr unsigned connect = 1;
  constexpr unsigned publish = 3;
  constexpr unsigned subscribe = 8;
  constexpr unsigned unsubscribe = 10;
  std::string answers;
  while (packets.size() >= 4) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(packets[i]); };
    const unsigned type = byte(0) >> 4U;
    const bool acknowledged = (byte(0) & 6U) != 0;
    const std::size_t length = byte(1);  // the packets of this test are short
    const std::size_t identifier = type == publish ? 4U + byte(3) : 2U;
    if (type == connect) answers += std::string{"\x20\x03\x00\x00\x00", 5};
    if (type == subscribe) answers += "\x90\x04" + std::string{packets.substr(2, 2)} + '\0' + '\0';
    if (type == unsubscribe)
      answers += "\xB0\x04" + std::string{packets.substr(2, 2)} + '\0' + '\0';
    if (type == publish && acknowledged)
      answers += "\x40\x03" + std::string{packets.substr(identifier, 2)} + '\x87';
    packets.remove_prefix(std::min(packets.size(), length + 2));
  }
  return answers;
}

/// Publishes keys and no state, each to be acknowledged.
settings::MqttSettings keys_acknowledged_at(std::uint16_t port) {
  auto mqtt = TestPublisher::at(port);
  mqtt.state.enabled = false;
  mqtt.keys = {true, 1, true};
  return mqtt;
}

TEST(AnMqttSinkWithoutRights, is_told_once_which_messages_the_broker_refuses) {
  const TcpPeer broker{refuse_publishes};
  TestPublisher publisher{keys_acknowledged_at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  for (int i = 0; i < 20; ++i) {
    publisher.meter().set("power_import", std::to_string(i).c_str());
    publisher.deliver();
    ASSERT_TRUE(publisher.sink().drain(5s));
  }
  const auto changes = publisher.changes(Kind::publish_refused);
  ASSERT_EQ(changes.size(), 3U) << "meter status, daemon status and key, once each";
  EXPECT_EQ(changes.back().text,
            "p1meter/home/power_import: not authorised: check user name, password and the broker's "
            "access list");
}

TEST(AnMqttSinkWithoutRights, is_not_told_of_every_single_topic_when_none_is_allowed) {
  const TcpPeer broker{refuse_publishes};
  TestPublisher publisher{keys_acknowledged_at(broker.port())};
  publisher.start();
  ASSERT_TRUE(publisher.connects());
  for (int i = 0; i < 30; ++i) publisher.meter().set("key_" + std::to_string(i), "1");
  publisher.deliver();
  ASSERT_TRUE(publisher.sink().drain(5s));
  const auto changes = publisher.changes(Kind::publish_refused);
  ASSERT_EQ(changes.size(), 11U);
  EXPECT_EQ(changes.back().text, "more topics, which are only counted (refused in the statistics)");
  EXPECT_GE(publisher.sink().statistics().refused, 30U);
}

/// A message that takes something back is only forgotten once it has arrived.
TEST(AnMqttSinkWithoutRights, is_not_told_that_a_topic_is_cleared_which_the_broker_keeps) {
  std::mutex mutex;
  std::vector<std::string> cleared;
  const auto remember = [&](const mqtt::TakenBack& taken) {
    const std::lock_guard lock{mutex};
    cleared.push_back(taken.broker + " " + taken.topic + (taken.whole ? "" : " in part"));
  };
  const TcpPeer refusing{refuse_publishes};
  const Mosquitto willing;
  for (const auto port : {refusing.port(), willing.port()}) {
    TestPublisher publisher{{.mqtt = TestPublisher::at(port), .taken_back = remember}};
    publisher.start();
    ASSERT_TRUE(publisher.connects());
    publisher.sink().forget({"former/state", "former/status"});
    ASSERT_TRUE(publisher.sink().drain(5s));
    publisher.sink().stop(2s);
  }
  const std::string broker = "127.0.0.1:" + std::to_string(willing.port());
  EXPECT_EQ(cleared,
            (std::vector<std::string>{broker + " former/state", broker + " former/status"}));
}

}  // namespace
}  // namespace p1meter::test
