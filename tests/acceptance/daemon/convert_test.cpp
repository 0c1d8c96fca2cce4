// SPDX-License-Identifier: Apache-2.0
// Acceptance: p1meter convert: what the predecessors published is published on.
#include <cmath>
#include <map>
#include <vector>

#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

/// A household as the Mosibi program's users have it.
constexpr const char* dutch = R"(---
debug: False
mqtt_username: meter
mqtt_password: "se cret"
mqtt_host: 127.0.0.1
mqtt_topic_base: attic/meter
serial_device: /dev/ttyUSB0
serial_baudrate: 115200
obis:
  1-0:1.8.1: {description: low tariff, publish: True, mqtt_topic: low_kWh, count: 6}
  1-0:1.7.0: {description: power, publish: True, mqtt_topic: used_watt, average: 4}
  1-0:32.7.0: {description: voltage, publish: True, mqtt_topic: u1, average: 3}
  1-0:32.32.0: {description: sags, publish: True, mqtt_topic: sags, count: 6}
  0-1:24.2.1: {description: gas, publish: True, mqtt_topic: gas, value_field: 2, count: 6}
  0-0:96.14.0: {description: tariff, publish: False, mqtt_topic: tariff, count: 1}
  1-0:2.7.0: {description: forgotten, publish: True, mqtt_topic: returned_watt}
)";

/// And the Fluvius program's.
constexpr const char* flemish = R"(debug: true
mqtt_host: 127.0.0.1
mqtt_topic_base: Cellar/Meter
serial_device: /dev/ttyAMA0
serial_baudrate: 115200
obis:
  1-0:1.8.1:
    description: day
    publish: yes
    mqtt_topic: day_kWh
    count: 5
  1-0:2.7.0:
    publish: true
    mqtt_topic: injected_watt
    average: 2
  1-0:31.7.0:
    publish: true
    mqtt_topic: i1
    average: 3
  0-1:24.2.3:
    publish: true
    mqtt_topic: gasmeter
    value_field: 2
    count: 4
  0-0:1.0.0:
    publish: true
    mqtt_topic: time
    count: 1
)";

/// What telegram number `i` says of the values that are published.
struct Values {
  explicit Values(int i)
      : energy{100000 + i * 3}, watts{400 + i * 7}, decivolts{2300 + i * 3}, gas{5000 + i / 4} {}
  int energy;     // Wh
  int watts;      // used; half of it returned
  int decivolts;  // and as many hundredths of an ampere
  int gas;        // litres
};

std::string thousandths(int value, int width) {
  std::string text = std::to_string(value);
  text.insert(0, text.size() < 4 ? 4 - text.size() : 0, '0');
  text.insert(text.size() - 3, ".");
  const auto wanted = static_cast<std::size_t>(width);
  return text.size() < wanted ? std::string(wanted - text.size(), '0') + text : text;
}

std::string telegrams(int count, const std::string& gas_code) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    const Values now{i};
    const std::string second = std::to_string(10 + i);
    all += telegram()
               .with("0-0:1.0.0", "(2411211200" + second + "W)")
               .with("1-0:1.8.1", "(" + thousandths(now.energy, 10) + "*kWh)")
               .with("0-0:96.14.0", "(0002)")
               .with("1-0:1.7.0", "(" + thousandths(now.watts, 6) + "*kW)")
               .with("1-0:2.7.0", "(" + thousandths(now.watts / 2, 6) + "*kW)")
               .with("1-0:32.32.0", "(00002)")
               .with("1-0:32.7.0", "(" + std::to_string(now.decivolts / 10) + "." +
                                       std::to_string(now.decivolts % 10) + "*V)")
               .with("1-0:31.7.0", "(00" + std::to_string(now.decivolts / 100) + "." +
                                       std::to_string(now.decivolts % 100 / 10) + "*A)")
               .with("0-1:24.1.0", "(003)")
               .with("0-1:96.1.0", "(4730)")
               .with(gas_code, "(241121115500W)(" + thousandths(now.gas, 9) + "*m3)")
               .text();
  }
  return all;
}

/// The numbers that their program published to a topic: each N-th value, or the mean of N.
std::vector<double> their_numbers(int count, int window, bool mean,
                                  double (*value)(const Values&)) {
  std::vector<double> published;
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    sum += value(Values{i});
    if ((i + 1) % window != 0) continue;
    published.push_back(mean ? sum / window : value(Values{i}));
    sum = 0;
  }
  return published;
}

class TheConverter : public TheDaemon {
 protected:
  /// Runs `p1meter convert` on a text.
  int convert(const std::string& theirs) {
    process_ = std::make_unique<Process>(Process::Setup{
        .command = {P1METER_PROGRAM, "convert", directory_.file("theirs.yaml", theirs)}});
    const int status = process_->wait(10s).value_or(-1);
    ours_ = process_->out();
    complaints_ = process_->err();
    return status;
  }
  /// All numbers that arrived on a topic, in order.
  static std::vector<double> numbers_on(Subscriber& subscriber, const std::string& topic) {
    std::vector<double> numbers;
    const std::string text = "\n" + subscriber.text();
    const std::string start = "\n" + topic + " ";
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
      numbers.push_back(std::stod(text.substr(at + start.size())));
    }
    return numbers;
  }
  /// Replays telegrams with the converted configuration until all is published.
  void replay(std::uint16_t port, const std::string& capture) {
    const auto port_at = ours_.find("port: 1883");
    ASSERT_NE(port_at, std::string::npos) << ours_;
    std::string yaml = ours_;
    yaml.replace(port_at, 10, "port: " + std::to_string(port));
    configure(yaml);
    Process check{{.command = {P1METER_PROGRAM, "--config", configuration(), "check"}}};
    ASSERT_EQ(check.wait(10s), 0) << check.err() << yaml;
    Process run{{.command = {P1METER_PROGRAM, "--config", configuration(), "replay", "--live",
                             "--speed", "max", directory_.file("some.capture", capture)},
                 .environment = environment()}};
    ASSERT_EQ(run.wait(30s), 0) << run.err();
  }
  /// `exactness`: a mean has the decimals of its values, theirs had all.
  static void expect_numbers(Subscriber& subscriber, const std::string& topic,
                             const std::vector<double>& expected, double exactness = 1e-9) {
    EXPECT_TRUE(
        eventually([&] { return numbers_on(subscriber, topic).size() >= expected.size(); }, 5s))
        << topic;
    const auto numbers = numbers_on(subscriber, topic);
    ASSERT_EQ(numbers.size(), expected.size()) << topic;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_NEAR(numbers[i], expected[i], exactness) << topic << " " << i;
    }
  }

  std::unique_ptr<Process> process_{};
  std::string ours_{};
  std::string complaints_{};
};

TEST_F(TheConverter, publishes_what_the_dutch_program_did) {
  ASSERT_EQ(convert(dutch), 0) << complaints_;
  const Mosquitto broker;
  Subscriber subscriber{broker.port(), "attic/#"};
  constexpr int count = 24;
  replay(broker.port(), telegrams(count, "0-1:24.2.1"));
  const auto last = [](int window, double (*value)(const Values&)) {
    return their_numbers(count, window, false, value);
  };
  const auto mean = [](int window, double (*value)(const Values&)) {
    return their_numbers(count, window, true, value);
  };
  expect_numbers(subscriber, "attic/meter/low_kWh",
                 last(6, [](const Values& now) { return now.energy / 1000.0; }));
  expect_numbers(subscriber, "attic/meter/used_watt",
                 mean(4, [](const Values& now) { return double(now.watts); }), 0.5);
  expect_numbers(subscriber, "attic/meter/u1",
                 mean(3, [](const Values& now) { return now.decivolts / 10.0; }), 0.05);
  expect_numbers(subscriber, "attic/meter/sags", last(6, [](const Values&) { return 2.0; }));
  EXPECT_TRUE(subscriber.sees("attic/meter/sags 00002")) << "leading zeros are kept";
  expect_numbers(subscriber, "attic/meter/gas",
                 last(6, [](const Values& now) { return now.gas / 1000.0; }));
  EXPECT_EQ(subscriber.count_start("attic/meter/tariff"), 0U);
  EXPECT_EQ(subscriber.count_start("attic/meter/returned_watt"), 0U) << "neither average nor count";
}

TEST_F(TheConverter, publishes_what_the_flemish_program_did) {
  ASSERT_EQ(convert(flemish), 0) << complaints_;
  EXPECT_NE(ours_.find("log:\n  level: debug\n"), std::string::npos) << ours_;
  const Mosquitto broker;
  Subscriber subscriber{broker.port(), "Cellar/#"};
  constexpr int count = 12;
  replay(broker.port(), telegrams(count, "0-1:24.2.3"));
  expect_numbers(
      subscriber, "Cellar/Meter/day_kWh",
      their_numbers(count, 5, false, [](const Values& now) { return now.energy / 1e3; }));
  expect_numbers(
      subscriber, "Cellar/Meter/injected_watt",
      their_numbers(count, 2, true, [](const Values& now) { return double(now.watts / 2); }), 0.5);
  expect_numbers(
      subscriber, "Cellar/Meter/i1",
      their_numbers(count, 3, true, [](const Values& now) { return now.decivolts / 10 / 10.0; }),
      0.05);
  expect_numbers(subscriber, "Cellar/Meter/gasmeter",
                 their_numbers(count, 4, false, [](const Values& now) { return now.gas / 1e3; }));
}

TEST_F(TheConverter, says_what_is_different_and_what_it_cannot_carry_over) {
  ASSERT_EQ(convert(dutch), 0);
  EXPECT_NE(complaints_.find("theirs.yaml:4:16: mqtt_password: is written into"), std::string::npos)
      << complaints_;
  EXPECT_EQ(complaints_.find("32.32.0"), std::string::npos) << complaints_;
  EXPECT_NE(ours_.find("# It had neither average nor count, so it was never published."),
            std::string::npos)
      << ours_;
  EXPECT_NE(ours_.find("  password: \"se cret\"\n"), std::string::npos) << ours_;
  EXPECT_EQ(complaints_.find("se cret"), std::string::npos);

  ASSERT_EQ(convert(flemish), 0);
  EXPECT_NE(complaints_.find("theirs.yaml:25:3: obis.0-0:1.0.0: cannot be carried over"),
            std::string::npos)
      << complaints_;
}

TEST_F(TheConverter, finds_gas_on_whichever_channel_and_code_it_is) {
  ASSERT_EQ(convert(dutch), 0) << complaints_;  // it names 0-1:24.2.1
  const Mosquitto broker;
  Subscriber subscriber{broker.port(), "attic/#"};
  constexpr int count = 12;
  std::string capture = telegrams(count, "0-1:24.2.3");
  replay(broker.port(), capture);
  const auto expected =
      their_numbers(count, 6, false, [](const Values& now) { return now.gas / 1e3; });
  expect_numbers(subscriber, "attic/meter/gas", expected);
}

std::string with_reading(const std::string& reading) {
  return "mqtt_host: a\nmqtt_topic_base: b\nserial_device: /dev/ttyUSB0\nobis:\n  " + reading +
         "\n";
}

TEST_F(TheConverter, names_every_fault_of_a_file_with_its_place) {
  const auto complains = [this](const std::string& theirs, const std::string& complaint) {
    EXPECT_EQ(convert(theirs), 65) << theirs;
    EXPECT_EQ(ours_, "");
    EXPECT_NE(complaints_.find(complaint), std::string::npos) << complaints_;
  };
  complains("a: [", "theirs.yaml:");
  complains(std::string("\0\1\2", 3), "theirs.yaml:");
  complains("", "obis: is missing: this is no configuration of");
  complains("mqtt: {host: a}\n", "obis: is missing: this is no configuration of");
  complains(with_reading("1-0:1.8: {publish: no}"), "expected an OBIS code such as 1-0:1.8.1");
  complains(with_reading("1-0:1.8.1: {publsh: no}"), "unknown key; did you mean 'publish'?");
  complains(with_reading("1-0:1.8.1: {publish: maybe}"), "expected true or false");
  complains(with_reading("1-0:1.8.1: {publish: yes, mqtt_topic: a, average: 0}"),
            "found '0', expected a whole number from 1 to");
  complains(with_reading("1-0:1.8.1: {publish: yes, count: 1}"), "mqtt_topic: is missing");
  complains(with_reading("1-0:1.8.1: 5"), "expected publish, mqtt_topic, average or count");
  complains("mqtt_hots: a\n" + with_reading("1-0:1.8.1: {publish: no}"),
            "theirs.yaml:1:1: mqtt_hots: unknown key; did you mean 'mqtt_host'?");
  complains("obis: {}\n", "mqtt_host: is missing");
}

TEST_F(TheConverter, leaves_out_with_a_warning_what_has_no_place_here) {
  const auto warns = [this](const std::string& reading, const std::string& warning) {
    EXPECT_EQ(convert(with_reading(reading)), 0) << complaints_;
    EXPECT_NE(complaints_.find(warning), std::string::npos) << complaints_;
  };
  warns("9-9:9.9.9: {publish: yes, mqtt_topic: a, count: 1}", "p1meter knows no such code");
  warns("1-0:1.8.1: {publish: yes, mqtt_topic: a, count: 1, value_field: 3}", "value_field 3");
  warns("1-0:1.8.1: {publish: yes, mqtt_topic: \"a/#\", count: 1}", "no topic may hold");
  warns("1-0:1.8.1: {publish: yes, mqtt_topic: a, count: 1, average: 2}", "average is taken");
  warns("1-0:1.8.1: {publish: yes, mqtt_topic: a, average: 2}", "its last value takes the place");
  warns("0-1:24.2.1: {publish: yes, mqtt_topic: a, count: 2}", "was the time of the value");
  warns(
      "1-0:1.8.1: {publish: yes, mqtt_topic: a, count: 1}\n  1-0:1.8.2: {publish: yes, "
      "mqtt_topic: a, count: 1}",
      "its topic is that of 1-0:1.8.1");
}

TEST_F(TheConverter, takes_for_gas_only_what_is_called_so_and_only_once) {
  const auto writes = [this](const std::string& reading, const std::string& line) {
    EXPECT_EQ(convert(with_reading(reading)), 0) << complaints_;
    EXPECT_NE(ours_.find(line), std::string::npos) << ours_;
  };
  writes("0-2:24.2.1: {publish: yes, mqtt_topic: water, count: 2, value_field: 2}",
         "  \"0-2:24.2.1\": {publish: true, topic: b/water");
  writes(
      "0-2:24.2.1: {description: Gas, publish: yes, mqtt_topic: m3, count: 2, value_field: 2}\n"
      "  0-1:24.2.3: {publish: yes, mqtt_topic: gas2, count: 2, value_field: 2}",
      "  gas_volume: {publish: true, topic: b/m3, every: 2, aggregate: last}\n"
      "  \"0-1:24.2.3\": {publish: true, topic: b/gas2");
}

TEST_F(TheConverter, keeps_texts_as_the_meter_writes_them) {
  ASSERT_EQ(convert(with_reading("0-0:96.13.0: {publish: yes, mqtt_topic: text, average: 2}\n"
                                 "  0-0:96.14.0: {publish: yes, mqtt_topic: tariff, count: 2}")),
            0)
      << complaints_;
  EXPECT_NE(ours_.find("# A text has no mean: its last value is published.\n"
                       "  \"0-0:96.13.0\": {publish: true, topic: b/text, every: 2, "
                       "aggregate: last, payload: raw}\n"),
            std::string::npos)
      << ours_;
  const Mosquitto broker;
  Subscriber subscriber{broker.port(), "b/#"};
  ours_.replace(ours_.find("host: a"), 7, "host: 127.0.0.1");
  replay(broker.port(), telegrams(2, "0-1:24.2.1"));
  EXPECT_TRUE(subscriber.sees("b/tariff 0002"));
}

TEST_F(TheConverter, asks_for_a_broker_where_none_is_named) {
  for (const std::string empty : {"mqtt_host:", "mqtt_host: \"\""}) {
    std::string theirs = with_reading("1-0:1.8.1: {publish: yes, mqtt_topic: a, count: 1}");
    theirs.replace(theirs.find("mqtt_host: a"), 12, empty);
    EXPECT_EQ(convert(theirs), 0) << complaints_;
    EXPECT_NE(complaints_.find("theirs.yaml:1:"), std::string::npos) << complaints_;
    EXPECT_NE(complaints_.find("mqtt_host: is empty"), std::string::npos) << complaints_;
    EXPECT_EQ(ours_.find("  host:"), std::string::npos) << ours_;
    EXPECT_NE(ours_.find("# host: "), std::string::npos) << ours_;
  }
  EXPECT_EQ(convert("mqtt_host: a\nmqtt_topic_base:\nserial_device: b\nobis: {}\n"), 65);
  EXPECT_NE(complaints_.find("mqtt_topic_base: is missing"), std::string::npos) << complaints_;
}

TEST_F(TheConverter, cannot_read_what_is_not_there) {
  Process missing{{.command = {P1METER_PROGRAM, "convert", "/nowhere/at/all"}}};
  EXPECT_EQ(missing.wait(10s), 66);
  Process none{{.command = {P1METER_PROGRAM, "convert"}}};
  EXPECT_EQ(none.wait(10s), 64);
}

}  // namespace
}  // namespace p1meter::test
