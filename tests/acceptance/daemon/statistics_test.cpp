// SPDX-License-Identifier: Apache-2.0
// Acceptance: every figure of the statistics, from the built program by way of a real broker.
#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_line.hpp"

namespace p1meter::test {
namespace {

using Json = nlohmann::json;

constexpr const char* topic = "p1meter/statistics";

std::string telegram_with(int watts) {
  return telegram()
      .with("1-3:0.2.8", "(50)")
      .with("0-0:1.0.0", "(241121120000W)")
      .with("1-0:1.7.0", "(00." + std::to_string(watts) + "*kW)")
      .text();
}

std::string with_wrong_checksum(std::string text) {
  const auto digit = text.find('!') + 1;
  text[digit] = text[digit] == '0' ? '1' : '0';
  return text;
}

class TheStatistics : public TheDaemon {
 protected:
  /// The newest message that a later one may still replace.
  Json newest() {
    const auto all = subscriber_.payloads(topic);
    return all.empty() ? Json{} : Json::parse(all.back());
  }
  [[nodiscard]] bool come(std::size_t count) {
    return eventually([&] { return subscriber_.payloads(topic).size() >= count; }, 20s);
  }
  void publish(const std::string& client_id, bool retained = true) const {
    std::vector<std::string> command{"mosquitto_pub", "-h", "127.0.0.1", "-p",
                                     std::to_string(broker_.port()), "-t", topic, "-m",
                                     R"({"client_id":")" + client_id + R"("})"};
    if (retained) command.emplace_back("-r");
    Process publisher{{.command = command}};
    ASSERT_EQ(publisher.wait(5s), 0);
  }
  /// Everything that can go wrong on a line, and five telegrams that are well.
  void send_trouble(TcpLine& line) {
    ASSERT_TRUE(line.send("noise before the first\r\n" + telegram_with(101)));
    ASSERT_TRUE(power_is("101")) << daemon_->err();
    const std::string cut = telegram_with(999).substr(0, 40);
    ASSERT_TRUE(line.send(cut + telegram_with(102)));
    ASSERT_TRUE(power_is("102")) << daemon_->err();
    const std::string endless = "/TST5\\P1METER\r\n\r\n" + std::string(3000, '1');
    ASSERT_TRUE(line.send(with_wrong_checksum(telegram_with(998)) + endless + "\r\n" +
                          telegram_with(103)));
    ASSERT_TRUE(power_is("103")) << daemon_->err();
  }
  bool power_is(const std::string& watts) {
    return subscriber_.sees("p1meter/home/power_import", watts);
  }

  Mosquitto broker_{};
  MqttSubscriber subscriber_{broker_.port()};
};

void expect_count(const Json& value, std::uint64_t least) {
  ASSERT_TRUE(value.is_number_unsigned()) << value;
  EXPECT_GE(value.get<std::uint64_t>(), least);
}

void expect_null_or_number(const Json& value) {
  EXPECT_TRUE(value.is_null() || value.is_number()) << value;
}

TEST_F(TheStatistics, count_everything_that_happens_to_meters_and_messages) {
  TcpLine line;
  const std::string unchecked = directory_.file("unchecked", with_wrong_checksum(telegram_with(7)));
  Process& daemon = start(
      "meters:\n"
      "  - {name: home, source: 'tcp://127.0.0.1:" + std::to_string(line.port()) + "', "
      "telegram_limit: 2KiB, zone: Europe/Brussels}\n"
      "  - {name: loose, source: 'file:" + unchecked + "', crc: 'off'}\n"
      "  - {name: away, source: 'serial:/dev/p1meter-not-there'}\n"
      "readings: {default: {interval: 0s}}\n" + at(broker_));
  ASSERT_TRUE(line.accept());
  send_trouble(line);
  line.close();
  ASSERT_TRUE(line.accept()) << daemon.err();
  ASSERT_TRUE(come(1));
  publish("p1meter-0123456789ab");
  ASSERT_TRUE(daemon.shows("another p1meter publishes", 10s)) << daemon.err();

  broker_.stop();
  ASSERT_TRUE(daemon.shows("MQTT broker lost", 10s)) << daemon.err();
  ASSERT_TRUE(line.send(telegram_with(104)));
  ASSERT_TRUE(line.send(telegram_with(105)));
  broker_.start();
  const MqttSubscriber after{broker_.port()};
  subscriber_ = MqttSubscriber{broker_.port()};
}

}  // namespace
}  // namespace p1meter::test
