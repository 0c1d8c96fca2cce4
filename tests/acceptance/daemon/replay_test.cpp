// SPDX-License-Identifier: Apache-2.0
// Acceptance: p1meter replay: where it publishes, by which clock, and how it ends.
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon_fixture.hpp"
#include "support/sanitizers.hpp"

namespace p1meter::test {
namespace {

/// What a signal is to end within, with room for a busy machine.
constexpr auto stop_bound = slow_build ? 20s : 4s;

/// A telegram with a time of its own (a day's "hhmmss"; empty: none) and a power in whole watts.
std::string telegram_at(const std::string& time, int watts) {
  const std::string digits = std::to_string(100'000 + watts).substr(1);
  TelegramBuilder builder = telegram().with("1-3:0.2.8", "(50)");
  if (!time.empty()) builder.with("0-0:1.0.0", "(241121" + time + "W)");
  return builder.with("1-0:1.7.0", "(" + digits.substr(0, 2) + "." + digits.substr(2) + "*kW)")
      .text();
}

std::string record_chunk(const std::string& time, const std::string& bytes) {
  return time + " " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
}

/// True once the program has asked for the signal: before, it would just die of it.
bool catches_sigterm(const Process& process) {
  std::ifstream status{"/proc/" + std::to_string(process.pid()) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigCgt:", 0) != 0) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> (SIGTERM - 1) & 1U) != 0;
  }
  return false;
}

class TheReplay : public TheDaemon {
 protected:
  /// Starts `p1meter replay` with these arguments.
  Process& replay(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), {P1METER_PROGRAM, "--config", configuration(), "replay"});
    replay_ = std::make_unique<Process>(Process::Setup{
        .command = std::move(arguments), .environment = environment(), .input = input});
    return *replay_;
  }
  std::string capture(const std::string& bytes) const {
    return directory_.file("some.capture", bytes);
  }

  std::unique_ptr<Process> replay_{};
};

/// Every value of a power at once, so that each telegram shows.
constexpr const char* every_power =
    "readings: {power_import: {interval: 0s, aggregate: last, on_change: false}}\n";
/// One power per 20 s of the replay's clock, the last of them.
constexpr const char* power_each_20_s =
    "readings: {power_import: {interval: 20s, aggregate: last, on_change: false}}\n";

// ---- where it publishes -------------------------------------------------------------------------
TEST_F(TheReplay, publishes_live_topics_but_nothing_in_the_name_of_the_daemon) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  Subscriber test_topics{broker.port(), "p1meter-test/#"};
  configure(every_power + at(broker));

  Process& run = replay({"--live", "--speed", "max", capture(telegram_at("120000", 193))});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter/home/power_import 193"));
  EXPECT_TRUE(subscriber.sees_start("p1meter/home/state {"));
  EXPECT_TRUE(subscriber.sees("p1meter/home/status offline")) << "the goodbye, so all has come";
  EXPECT_EQ(subscriber.count_start("p1meter/status"), 0U) << subscriber.text();
  EXPECT_EQ(subscriber.count_start("p1meter/statistics"), 0U) << subscriber.text();
  EXPECT_EQ(test_topics.count_start("p1meter-test/"), 0U) << test_topics.text();
}

TEST_F(TheReplay, stays_under_the_test_topic_without_live) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(every_power + at(broker));

  Process& run = replay({"--speed", "max", capture(telegram_at("120000", 193))});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 193"));
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/status offline"));
  EXPECT_EQ(subscriber.count_start("p1meter/"), 0U) << subscriber.text();
}

TEST_F(TheReplay, refuses_live_with_75_while_a_daemon_has_the_state_directory) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("p1meter is up", 10s)) << daemon.err();
  const std::string file = capture(telegram_at("120000", 193));

  EXPECT_EQ(replay({"--live", "--speed", "max", file}).wait(20s), 75) << replay_->err();
  EXPECT_TRUE(replay_->shows("leave out --live", 0s)) << replay_->err();
  EXPECT_EQ(replay({"--speed", "max", file}).wait(20s), 0) << replay_->err();
}

TEST_F(TheReplay, takes_the_settings_of_the_meter_that_is_named) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(
      "meters:\n"
      "  - {name: house, source: 'tcp://127.0.0.1:9'}\n"
      "  - {name: garage, source: 'tcp://127.0.0.1:9'}\n" +
      at(broker));
  const std::string file = capture(telegram_at("120000", 193));

  EXPECT_EQ(replay({"--meter", "garage", "--speed", "max", file}).wait(20s), 0) << replay_->err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/garage/power_import 193"));
  EXPECT_EQ(subscriber.count_start("p1meter-test/house/"), 0U) << subscriber.text();
  EXPECT_EQ(replay({"--speed", "max", file}).wait(20s), 0) << replay_->err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/house/power_import 193"));
  EXPECT_EQ(replay({"--meter", "barn", file}).wait(20s), 64);
  EXPECT_TRUE(replay_->shows("no meter is named 'barn'", 0s)) << replay_->err();
}

// ---- which clock --------------------------------------------------------------------------------
TEST_F(TheReplay, goes_by_the_receive_times_of_a_record) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(power_each_20_s + at(broker));
  // By the telegrams' own times, an hour apart, the second would be due at once.
  const std::string record = "p1meter-record 1\n" +
                             record_chunk("2024-11-21T11:00:00.000Z", telegram_at("120000", 100)) +
                             record_chunk("2024-11-21T11:00:10.000Z", telegram_at("130000", 200)) +
                             record_chunk("2024-11-21T11:00:15.000Z", telegram_at("140000", 300)) +
                             record_chunk("2024-11-21T11:00:30.000Z", telegram_at("150000", 400));

  Process& run = replay({"--follow-time", "--speed", "max", capture(record)});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 400"));
  EXPECT_EQ(subscriber.count_start("p1meter-test/home/power_import "), 3U) << subscriber.text();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 300"));  // held back till 11:00:20
  EXPECT_NE(subscriber.text().find("\"received\":\"2024-11-21T11:00:15.000Z\""), std::string::npos)
      << subscriber.text();
}

TEST_F(TheReplay, goes_by_the_telegrams_own_times_where_there_is_no_record) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(power_each_20_s + at(broker));
  const std::string telegrams = telegram_at("120000", 100) + telegram_at("120019", 200) +
                                telegram_at("120040", 300) + telegram_at("120500", 400);

  Process& run = replay({"--follow-time", "--speed", "max", capture(telegrams)});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 400"));
  EXPECT_EQ(subscriber.count_start("p1meter-test/home/power_import "), 4U) << subscriber.text();
  EXPECT_NE(subscriber.text().find("\"received\":\"2024-11-21T11:05:00.000Z\""), std::string::npos)
      << subscriber.text();
}

TEST_F(TheReplay, takes_telegrams_without_time_for_10_s_apart) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(power_each_20_s + at(broker));
  std::string telegrams;
  for (int i = 1; i <= 7; ++i) telegrams += telegram_at("", 100 * i);

  Process& run = replay({"--speed", "max", capture(telegrams)});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 700"));
  EXPECT_EQ(subscriber.count_start("p1meter-test/home/power_import "), 4U) << subscriber.text();
  for (const char* watts : {"100", "300", "500"}) {
    EXPECT_TRUE(subscriber.sees(std::string{"p1meter-test/home/power_import "} + watts));
  }
}

TEST_F(TheReplay, lets_held_values_out_at_the_end) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(power_each_20_s + at(broker));

  Process& run =
      replay({"--speed", "max", capture(telegram_at("120000", 100) + telegram_at("120005", 200))});

  EXPECT_EQ(run.wait(20s), 0) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 200")) << subscriber.text();
}

TEST_F(TheReplay, stamps_with_the_present_unless_it_follows_the_captures_time) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(at(broker));
  const std::string file = capture(telegram_at("120000", 193));

  EXPECT_EQ(replay({"--speed", "max", file}).wait(20s), 0) << replay_->err();
  EXPECT_TRUE(subscriber.sees_start("p1meter-test/home/state {"));
  EXPECT_EQ(subscriber.text().find("\"received\":\"2024-11-21"), std::string::npos)
      << subscriber.text();
  EXPECT_EQ(replay({"--follow-time", "--speed", "max", file}).wait(20s), 0) << replay_->err();
  EXPECT_TRUE(eventually(
      [&] {
        return subscriber.text().find("\"received\":\"2024-11-21T11:00:00.000Z\"") !=
               std::string::npos;
      },
      10s))
      << subscriber.text();
}

TEST_F(TheReplay, divides_the_waiting_by_the_speed) {
  configure("{}\n");
  const std::string file =
      capture(telegram_at("120000", 100) + telegram_at("120005", 200) + telegram_at("120010", 300));

  const auto begun = Clock::now();
  EXPECT_EQ(replay({"--speed", "10", file}).wait(20s), 0) << replay_->err();
  EXPECT_GE(Clock::now() - begun, 1s);
  EXPECT_LT(Clock::now() - begun, 5s);
}

// ---- again and again ----------------------------------------------------------------------------
TEST_F(TheReplay, begins_again_at_the_end_with_a_clock_that_goes_on) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(power_each_20_s + at(broker));
  // A last telegram without its end is used in each pass.
  const std::string unended =
      "/TST5\\P1METER\r\n\r\n0-0:1.0.0(241121120030W)\r\n1-0:1.7.0(00.200*kW)\r\n";

  Process& run = replay({"--loop", "--speed", "200",
                         capture(telegram()
                                     .without_checksum()
                                     .with("0-0:1.0.0", "(241121120000W)")
                                     .with("1-0:1.7.0", "(00.100*kW)")
                                     .text() +
                                 unended)});

  EXPECT_TRUE(eventually(
      [&] { return subscriber.count_start("p1meter-test/home/power_import 200") >= 3; }, 20s))
      << subscriber.text();
  EXPECT_GE(subscriber.count_start("p1meter-test/home/power_import 100"), 3U);
  run.send(SIGINT);
  EXPECT_EQ(run.wait(stop_bound), 0) << run.err();
}

TEST_F(TheReplay, ends_a_loop_over_nothing_with_65) {
  configure("{}\n");
  for (const std::string& nothing : {std::string{}, std::string{"just noise\n"}}) {
    Process& run = replay({"--loop", "--speed", "max", capture(nothing)});
    EXPECT_EQ(run.wait(10s), 65) << run.err();
    EXPECT_TRUE(run.shows("no telegram found", 0s)) << run.err();
  }
}

TEST_F(TheReplay, refuses_to_loop_over_what_cannot_be_read_twice) {
  configure("{}\n");
  Process& run = replay({"--loop", "-"}, telegram_at("120000", 193));
  EXPECT_EQ(run.wait(10s), 64) << run.err();
  EXPECT_TRUE(run.shows("--loop needs a file", 0s)) << run.err();
}

// ---- how it ends --------------------------------------------------------------------------------
TEST_F(TheReplay, ends_with_65_when_no_telegram_can_be_used) {
  configure("{}\n");
  std::string damaged = telegram_at("120000", 193);
  damaged.replace(damaged.find("193"), 3, "194");

  EXPECT_EQ(replay({"--speed", "max", capture("")}).wait(10s), 65);
  EXPECT_TRUE(replay_->shows("some.capture: no telegram found", 0s)) << replay_->err();
  EXPECT_EQ(replay({"--speed", "max", capture(damaged)}).wait(10s), 65);
  EXPECT_TRUE(replay_->shows("no telegram passed its checks, 1 refused", 0s)) << replay_->err();
  EXPECT_EQ(replay({"--speed", "max", capture(damaged + telegram_at("120010", 1))}).wait(10s), 0);
}

TEST_F(TheReplay, says_why_a_capture_cannot_be_read) {
  configure("{}\n");
  EXPECT_EQ(replay({directory_.path().string()}).wait(10s), 66);
  EXPECT_TRUE(replay_->shows(": Is a directory\n", 0s)) << replay_->err();
  EXPECT_EQ(replay({"/nonexistent"}).wait(10s), 66);
  EXPECT_TRUE(replay_->shows("/nonexistent: No such file or directory\n", 0s)) << replay_->err();
}

TEST_F(TheReplay, uses_what_comes_before_a_fault_of_the_capture) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(every_power + at(broker));

  Process& run = replay({"--speed", "max",
                         capture("p1meter-record 1\n" +
                                 record_chunk("2024-11-21T11:00:00Z", telegram_at("120000", 193)) +
                                 "nonsense\x1b[31m\n")});

  EXPECT_EQ(run.wait(20s), 66) << run.err();
  EXPECT_TRUE(run.shows("expected a time", 0s)) << run.err();
  EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import 193"));
}

TEST_F(TheReplay, shows_no_control_characters_of_a_capture) {
  configure("{}\n");
  Process& run = replay({capture("p1meter-record \x1b[31m2\n")});
  EXPECT_EQ(run.wait(10s), 66) << run.err();
  EXPECT_EQ(run.err().find('\x1b'), std::string::npos) << run.err();
}

// ---- signals ------------------------------------------------------------------------------------
TEST_F(TheReplay, reads_standard_input_as_it_comes_and_stops_while_it_is_silent) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "#"};
  configure(every_power + at(broker));
  const std::string fifo = (directory_.path() / "fifo").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const std::string line = "exec \"$0\" --config \"$1\" replay --speed max - < \"$2\"";
  for (const int signal : {SIGTERM, SIGINT}) {
    Process run{{.command = {"sh", "-c", line, P1METER_PROGRAM, configuration(), fifo},
                 .environment = environment()}};
    const int writer = open(fifo.c_str(), O_WRONLY | O_CLOEXEC);  // waits for the reader
    const std::string bytes = telegram_at("120000", signal);
    ASSERT_EQ(write(writer, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_TRUE(subscriber.sees("p1meter-test/home/power_import " + std::to_string(signal)))
        << run.err();

    run.send(signal);

    EXPECT_EQ(run.wait(stop_bound), 0) << run.err();
    close(writer);
  }
}

TEST_F(TheReplay, stops_while_it_waits_for_the_next_telegram) {
  configure("{}\n");
  Process& run = replay({capture(telegram_at("120000", 100) + telegram_at("130000", 200))});
  ASSERT_TRUE(run.shows("nothing is published", 10s)) << run.err();
  run.send(SIGTERM);
  EXPECT_EQ(run.wait(stop_bound), 0) << run.err();
}

TEST_F(TheReplay, stops_while_the_broker_is_absent_or_stalled) {
  Mosquitto broker;
  configure(every_power + at(broker));
  broker.pause();
  const std::string file = capture(telegram_at("120000", 193));
  Process& unanswered = replay({"--speed", "max", file});
  ASSERT_TRUE(eventually([&] { return catches_sigterm(unanswered); }, 5s));
  unanswered.send(SIGTERM);
  EXPECT_EQ(unanswered.wait(stop_bound), 0) << unanswered.err();
  broker.resume();

  Process& stalled = replay({"--loop", "--speed", "max", file});
  ASSERT_TRUE(stalled.shows("publishing under", 10s)) << stalled.err();
  broker.pause();
  stalled.send(SIGTERM);
  EXPECT_EQ(stalled.wait(stop_bound), 0) << stalled.err();
  broker.resume();
}

TEST_F(TheReplay, stops_a_loop_at_full_speed) {
  configure("{}\n");
  Process& run = replay({"--loop", "--speed", "max", capture(telegram_at("120000", 193))});
  ASSERT_TRUE(run.shows("nothing is published", 10s)) << run.err();
  run.send(SIGTERM);
  EXPECT_EQ(run.wait(stop_bound), 0) << run.err();
}

}  // namespace
}  // namespace p1meter::test
