// SPDX-License-Identifier: Apache-2.0
// Acceptance: a healthy day leaves a short log, each line of it news.
#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

/// What a healthy day may cost of the journal.
constexpr std::size_t lines_of_a_day = 20;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A simulated day of one telegram every ten seconds, as a file.
class AHealthyDay : public TheDaemon {
 protected:
  AHealthyDay() {
    Process simulator{{.command = {"sh", "-c",
                                   std::string{P1METER_PROGRAM} +
                                       " simulate fluvius --count 8640 --period 10s --speed max "
                                       "--start 2024-01-01 > " +
                                       file_}}};
    if (simulator.wait(60s) != 0) throw std::runtime_error{simulator.err()};
  }

  void expect_few_lines_and_no_repeats(const std::string& log) {
    const auto lines = lines_of(log);
    EXPECT_LE(lines.size(), lines_of_a_day) << log;
    EXPECT_EQ((std::set<std::string>{lines.begin(), lines.end()}.size()), lines.size()) << log;
    EXPECT_EQ(log.find("warning:"), std::string::npos) << log;
    EXPECT_EQ(log.find("error:"), std::string::npos) << log;
  }

  std::string file_ = (directory_.path() / "day.telegrams").string();
  Mosquitto broker_{};
};

TEST_F(AHealthyDay, makes_at_most_twenty_lines_in_the_daemons_log) {
  Subscriber subscriber{broker_.port(), "p1meter/home/state"};
  Process& daemon =
      start(file_meter(file_) +
            "readings: {power_import: {interval: 0s, on_change: false, aggregate: last}}\n" +
            at(broker_));

  const auto at_midnight = [&] {
    return subscriber.text().find(R"("timestamp":"2024-01-01T23:59:50+01:00")") !=
           std::string::npos;
  };
  ASSERT_TRUE(eventually(at_midnight, 60s)) << daemon.err();
  daemon.send(SIGTERM);
  ASSERT_EQ(daemon.wait(10s), 0) << daemon.err();

  EXPECT_NE(daemon.err().find("telegrams arrive"), std::string::npos) << daemon.err();
  expect_few_lines_and_no_repeats(daemon.err());
}

TEST_F(AHealthyDay, makes_at_most_twenty_lines_in_a_replay) {
  configure(at(broker_));

  Process replay{{.command = {P1METER_PROGRAM, "--config", configuration(), "replay", file_,
                              "--follow-time", "--speed", "max"},
                  .environment = environment()}};

  ASSERT_EQ(replay.wait(60s), 0) << replay.err();
  EXPECT_NE(replay.err().find("8640 telegrams, 0 refused, 0 problems"), std::string::npos)
      << replay.err();
  expect_few_lines_and_no_repeats(replay.err());
}

}  // namespace
}  // namespace p1meter::test
