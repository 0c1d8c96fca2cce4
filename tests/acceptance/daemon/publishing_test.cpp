// SPDX-License-Identifier: Apache-2.0
// Acceptance: what the daemon publishes.
#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

std::string exact_telegram() {
  return telegram()
      .with("1-3:0.2.8", "(50)")
      .with("0-0:1.0.0", "(241121120000W)")
      .with("1-0:1.8.1", "(001234.560*kWh)")
      .with("1-0:1.8.2", "(99999999.999*kWh)")
      .with("1-0:1.7.0", "(00.193*kW)")
      .text();
}

TEST_F(TheDaemon, publishes_the_meters_own_digits) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};

  start(file_meter(directory_.file("exact.telegram", exact_telegram())) + at(broker));

  EXPECT_TRUE(subscriber.sees("p1meter/home/energy_import_tariff1 1234.560"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/energy_import_tariff2 99999999.999"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/energy_import_total 100001234.559"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import 193"));
  EXPECT_NE(subscriber.text().find("\"energy_import_tariff1\":1234.560,"), std::string::npos)
      << subscriber.text();
  EXPECT_NE(subscriber.text().find("\"energy_import_tariff2\":99999999.999,"), std::string::npos);
}

TEST_F(TheDaemon, says_online_for_itself_and_the_meter) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};

  start(simulated("dsmr5") + at(broker));

  EXPECT_TRUE(subscriber.sees("p1meter/status online"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/status online"));
  EXPECT_TRUE(subscriber.sees_start("p1meter/statistics {\"version\":"));
}

TEST_F(TheDaemon, keeps_a_simulated_meter_out_of_the_real_topics) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};

  start(simulated("fluvius", false) + at(broker));

  EXPECT_TRUE(subscriber.sees_start("p1meter-test/home/state {"));
  EXPECT_TRUE(subscriber.sees("p1meter/status online"));
  EXPECT_EQ(subscriber.count_start("p1meter/home/"), 0U) << subscriber.text();
}

TEST_F(TheDaemon, runs_several_meters_side_by_side) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};

  start(
      "meters:\n"
      "  - {name: house, source: 'simulator:dsmr5', live: true}\n"
      "  - {name: garage, source: 'simulator:fluvius', live: true}\n" +
      at(broker));

  EXPECT_TRUE(subscriber.sees_start("p1meter/house/state {"));
  EXPECT_TRUE(subscriber.sees_start("p1meter/garage/state {"));
}

TEST_F(TheDaemon, retains_what_a_late_subscriber_needs) {
  Mosquitto broker;
  {
    Subscriber early{broker.port(), "p1meter/#"};
    start(file_meter(directory_.file("exact.telegram", exact_telegram())) + at(broker));
    ASSERT_TRUE(early.sees("p1meter/home/power_import 193"));
  }

  Subscriber late{broker.port(), "p1meter/#"};

  EXPECT_TRUE(late.sees("p1meter/home/power_import 193"));
  EXPECT_TRUE(late.sees_start("p1meter/home/state {"));
  EXPECT_TRUE(late.sees("p1meter/status online"));
}

TEST_F(TheDaemon, replays_a_capture_under_the_test_topic_with_the_same_digits) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(at(broker));

  Process replay{
      {.command = {P1METER_PROGRAM, "--config", configuration(), "replay",
                   directory_.file("exact.telegram", exact_telegram()), "--speed", "max"},
       .environment = environment()}};

  EXPECT_EQ(replay.wait(20s), 0) << replay.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/energy_import_tariff1 1234.560"));
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/energy_import_tariff2 99999999.999"));
  EXPECT_EQ(subscriber.count_start("p1meter/"), 0U);
}

TEST_F(TheDaemon, shows_the_same_digits_in_the_monitor) {
  configure(file_meter(directory_.file("exact.telegram", exact_telegram())));

  Process monitor{{.command = {P1METER_PROGRAM, "--config", configuration(), "monitor"},
                   .environment = environment()}};

  EXPECT_EQ(monitor.wait(10s), 0) << monitor.err();
  EXPECT_NE(monitor.out().find(" energy_import_tariff1 1234.560 kWh\n"), std::string::npos)
      << monitor.out();
  EXPECT_NE(monitor.out().find(" energy_import_tariff2 99999999.999 kWh\n"), std::string::npos);
}

}  // namespace
}  // namespace p1meter::test
