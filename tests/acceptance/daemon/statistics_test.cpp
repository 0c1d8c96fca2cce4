// SPDX-License-Identifier: Apache-2.0
// Acceptance: every figure of the statistics, from the built program by way of a real broker.
#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"
#include "support/tcp_line.hpp"

namespace p1meter::test {
namespace {

using Json = nlohmann::json;

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

void expect_at_least(const Json& value, std::uint64_t least) {
  ASSERT_TRUE(value.is_number_unsigned()) << value;
  EXPECT_GE(value.get<std::uint64_t>(), least);
}

/// UTC with milliseconds.
void expect_time(const Json& value) {
  ASSERT_TRUE(value.is_string()) << value;
  const auto text = value.get<std::string>();
  EXPECT_EQ(text.size(), std::string{"2024-11-21T11:00:00.000Z"}.size()) << text;
  EXPECT_TRUE(text.starts_with("20") && text.ends_with("Z")) << text;
}

class TheStatistics : public TheDaemon {
 protected:
  /// The newest message, once there is one.
  Json newest() {
    static_cast<void>(eventually([&] { return count() > 0; }, 20s));
    return count() > 0 ? Json::parse(subscriber_->payloads("p1meter/statistics").back()) : Json{};
  }
  std::size_t count() { return subscriber_->payloads("p1meter/statistics").size(); }
  bool power_is(const std::string& watts) {
    return subscriber_->sees("p1meter/home/power_import", watts);
  }
  /// As another daemon would.
  void publish_as(const std::string& client_id) {
    Process publisher{
        {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-r",
                     "-t", "p1meter/statistics", "-m", R"({"client_id":")" + client_id + R"("})"}}};
    EXPECT_EQ(publisher.wait(5s), 0);
  }

  /// Three telegrams that are well, and before each of them what is not. Over two connections.
  void send_trouble(TcpLine& line) {
    ASSERT_TRUE(line.is_called());
    ASSERT_TRUE(line.send("noise before the first\r\n" + telegram_with(101)));
    ASSERT_TRUE(power_is("101")) << daemon_->err();
    ASSERT_TRUE(line.send(telegram_with(999).substr(0, 40) + telegram_with(102)));
    ASSERT_TRUE(power_is("102")) << daemon_->err();
    line.hang_up();
    ASSERT_TRUE(line.is_called());
    const std::string endless = "/TST5\\P1METER\r\n\r\n" + std::string(3000, '1') + "\r\n";
    ASSERT_TRUE(line.send(with_wrong_checksum(telegram_with(998)) + endless + telegram_with(103)));
    ASSERT_TRUE(power_is("103")) << daemon_->err();
  }
  /// Two telegrams come while the broker is away; the second replaces what waits of the first.
  void send_during_an_outage(TcpLine& line) {
    subscriber_.reset();
    broker_.stop();
    ASSERT_TRUE(daemon_->shows("MQTT broker lost", 10s)) << daemon_->err();
    ASSERT_TRUE(line.send(telegram_with(104) + telegram_with(105)));
    line.hang_up();
    ASSERT_TRUE(line.is_called()) << daemon_->err();
    broker_.start();
    subscriber_.emplace(broker_.port());
  }

  Mosquitto broker_{};
  std::optional<MqttSubscriber> subscriber_{std::in_place, broker_.port()};
};

TEST_F(TheStatistics, tell_everything_that_happened_to_meters_and_messages) {
  TcpLine line;
  const std::string unchecked = directory_.file("loose", with_wrong_checksum(telegram_with(107)));
  start(
      "meters:\n"
      "  - {name: home, source: 'tcp://127.0.0.1:" +
      std::to_string(line.port()) +
      "', telegram_limit: 2KiB, zone: Europe/Brussels}\n"
      "  - {name: loose, source: 'file:" +
      unchecked +
      "', crc: 'off'}\n"
      "  - {name: away, source: 'serial:/dev/p1meter-not-there'}\n"
      "readings: {default: {interval: 0s}, 'power_*': {interval: 0s}}\n" +
      at(broker_));
  ASSERT_NO_FATAL_FAILURE(send_trouble(line));
  const Json first = newest();
  publish_as("p1meter-0123456789ab");
  ASSERT_TRUE(daemon_->shows("another p1meter publishes", 10s)) << daemon_->err();
  ASSERT_NO_FATAL_FAILURE(send_during_an_outage(line));

  const Json all = newest();
  SCOPED_TRACE(all.dump(2));
  EXPECT_EQ(all["version"], P1METER_VERSION);
  EXPECT_TRUE(all["client_id"].get<std::string>().starts_with("p1meter-"));
  expect_time(all["started"]);
  EXPECT_EQ(all["started"], first["started"]);
  expect_at_least(all["uptime"], first["uptime"].get<std::uint64_t>());
  expect_at_least(all["rss"], 1'000'000);
  expect_at_least(all["memory_free"], 1'000'000);
  const Json& temperature = all.at("cpu_temperature");
  EXPECT_TRUE(temperature.is_null() || temperature.is_number());

  const Json& mqtt = all["mqtt"];
  EXPECT_EQ(first["mqtt"]["connected"], true);
  EXPECT_EQ(first["mqtt"]["reconnects"], 0);
  EXPECT_EQ(mqtt["connected"], true);
  EXPECT_EQ(mqtt["reconnects"], 1);
  expect_at_least(mqtt["queue"], 0);
  expect_at_least(mqtt["dropped"], 1);
  EXPECT_EQ(mqtt["insecure"], false);

  ASSERT_EQ(all["meters"].size(), 3U);
  const Json& home = all["meters"]["home"];
  EXPECT_EQ(home["telegrams"], 5);
  EXPECT_EQ(home["crc_errors"], 1);
  EXPECT_EQ(home["unchecked"], 0);
  EXPECT_EQ(home["truncated"], 1);
  EXPECT_EQ(home["oversized"], 1);
  expect_at_least(home["skipped_bytes"], std::string_view{"noise before the first\r\n"}.size());
  EXPECT_EQ(home["reopened"], 2);
  EXPECT_EQ(home["line_errors"],
            Json::parse(R"({"total":null,"framing":null,"parity":null,"breaks":null,)"
                        R"("overruns":null})"))
      << "no serial line";
  EXPECT_GT(home["period"].get<double>(), 0);
  expect_time(home["last"]);
  EXPECT_EQ(home["detected"]["identification"], "TST5\\P1METER");
  EXPECT_EQ(home["detected"]["version"], "50");
  EXPECT_EQ(home["detected"]["checksum"], "arc");
  EXPECT_LT(home["clock_offset"].get<double>(), 0) << "the meter's clock has long stood still";
  EXPECT_EQ(home["findings"], Json::parse(R"(["base_topic_shared"])"));

  EXPECT_EQ(all["meters"]["loose"]["telegrams"], 1);
  EXPECT_EQ(all["meters"]["loose"]["unchecked"], 1);
  EXPECT_EQ(all["meters"]["loose"]["crc_errors"], 0);

  const Json& away = all["meters"]["away"];
  EXPECT_EQ(away["telegrams"], 0);
  EXPECT_EQ(away["detected"], Json::object());
  for (const char* unknown : {"period", "last", "clock_offset"})
    EXPECT_TRUE(away.at(unknown).is_null()) << unknown;
  EXPECT_EQ(away["findings"], Json::parse(R"(["base_topic_shared","meter_offline"])"));
}

TEST_F(TheStatistics, say_connected_from_the_first_message_on) {
  // The two threads meet in another order now and then.
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::size_t before = count();
    Process& daemon = start(simulated("dsmr5") + at(broker_));
    ASSERT_TRUE(eventually([&] { return count() > before; }, 10s)) << daemon.err();
    EXPECT_EQ(newest()["mqtt"]["connected"], true) << newest();
    daemon.send(SIGTERM);
    ASSERT_EQ(daemon.wait(4s), 0) << daemon.err();
  }
}

TEST_F(TheStatistics, of_an_earlier_configuration_are_no_other_p1meters) {
  for (const char* client_id : {"one", "two"}) {
    const std::size_t before = count();
    Process& daemon = start(simulated("dsmr5") + at(broker_) + "  client_id: " + client_id + "\n");
    ASSERT_TRUE(subscriber_->sees("p1meter/home/status", "online")) << daemon.err();
    ASSERT_TRUE(eventually([&] { return count() > before; }, 10s)) << daemon.err();
    EXPECT_EQ(newest()["client_id"], client_id);
    daemon.send(SIGTERM);
    ASSERT_EQ(daemon.wait(4s), 0) << daemon.err();
    EXPECT_EQ(daemon.err().find("another p1meter"), std::string::npos) << daemon.err();
  }
}

}  // namespace
}  // namespace p1meter::test
