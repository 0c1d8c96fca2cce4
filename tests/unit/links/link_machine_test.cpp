// SPDX-License-Identifier: Apache-2.0
// Unit tests of the link machine: scripts of events and the steps they must give.
#include "p1meter/links/link_machine.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace p1meter::link {
namespace {

using namespace std::chrono_literals;

constexpr LineSettings fast{115200, 8, Parity::none, 1};
constexpr LineSettings slow{9600, 7, Parity::even, 1};

std::string describe(const Action& action) {
  if (const auto* open = std::get_if<Open>(&action)) return "open " + to_string(open->line);
  if (const auto* read = std::get_if<Read>(&action)) {
    return read->deadline ? "read " + std::to_string(read->deadline->count()) : "read";
  }
  if (const auto* wait = std::get_if<Wait>(&action)) {
    return "wait " + std::to_string(wait->delay.count());
  }
  return "finish";
}

std::string describe(const Step& step) {
  std::string text = describe(step.action);
  switch (step.change) {
    case Change::none:
      break;
    case Change::connected:
      text += ", connected";
      break;
    case Change::lost:
      text += ", lost: " + step.reason;
      break;
    case Change::absent:
      text += ", absent: " + step.reason;
      break;
    case Change::probing:
      text += ", probing";
      break;
    case Change::settled:
      text += ", settled";
      break;
  }
  return text;
}

struct Line {
  Event event{};
  std::string expected{};
};

void play(LinkMachine& machine, const std::vector<Line>& script) {
  int number = 0;
  for (const auto& line : script) {
    EXPECT_EQ(describe(machine.resume(line.event)), line.expected) << "line " << ++number;
  }
}

LinkSettings one_line() { return {.probe = {slow}, .probe_time = 21s}; }
LinkSettings two_lines() { return {.probe = {fast, slow}, .probe_time = 21s}; }
LinkSettings socket() { return {.silence = 10s}; }

const Event no_device = OpenFailed{"no such file"};
const Event taken = OpenFailed{.reason = "in use by process 7", .busy = true};
const Event unplugged = Lost{"unplugged"};
const Event silent = TimerFired{};
const Event garbage = TimerFired{true};
const Event time_up = TimerFired{};

TEST(ALinkMachine, names_line_settings_as_everybody_does) {
  EXPECT_EQ(to_string(fast), "115200 8N1");
  EXPECT_EQ(to_string(slow), "9600 7E1");
  EXPECT_EQ(to_string(LineSettings{2400, 8, Parity::odd, 2}), "2400 8O2");
}

TEST(ALinkMachine, asks_for_a_device_that_another_process_has_less_and_less_often) {
  LinkMachine machine{one_line()};

  play(machine, {{Started{}, "open 9600 7E1"},  {taken, "wait 500, absent: in use by process 7"},
                 {time_up, "open 9600 7E1"},    {taken, "wait 1000"},
                 {time_up, "open 9600 7E1"},    {taken, "wait 2000"},
                 {Opened{}, "wait 2000"},       {time_up, "open 9600 7E1"},
                 {taken, "wait 4000"},          {time_up, "open 9600 7E1"},
                 {taken, "wait 8000"},          {time_up, "open 9600 7E1"},
                 {taken, "wait 8000"},          {time_up, "open 9600 7E1"},
                 {Opened{}, "read, connected"}, {unplugged, "wait 500, lost: unplugged"},
                 {time_up, "open 9600 7E1"},    {taken, "wait 500"},
                 {time_up, "open 9600 7E1"},    {taken, "wait 1000"},
                 {time_up, "open 9600 7E1"},    {no_device, "wait 500"},
                 {time_up, "open 9600 7E1"},    {taken, "wait 500"}});
}

TEST(ALinkMachine, waits_for_an_absent_device_and_says_so_once) {
  LinkMachine machine{one_line()};

  play(machine, {{Started{}, "open 9600 7E1"},
                 {no_device, "wait 500, absent: no such file"},
                 {time_up, "open 9600 7E1"},
                 {no_device, "wait 500"},
                 {time_up, "open 9600 7E1"},
                 {Opened{}, "read, connected"},
                 {TelegramSeen{}, "read"}});
}

TEST(ALinkMachine, reopens_a_lost_device_for_ever) {
  LinkMachine machine{one_line()};
  play(machine, {{Started{}, "open 9600 7E1"}, {Opened{}, "read, connected"}});

  for (int round = 0; round < 1000; ++round) {
    play(machine, {{TelegramSeen{}, "read"},
                   {unplugged, "wait 500, lost: unplugged"},
                   {time_up, "open 9600 7E1"},
                   {no_device, "wait 500"},
                   {time_up, "open 9600 7E1"},
                   {Opened{}, "read, connected"}});
  }
}

TEST(ALinkMachine, reports_no_connection_that_hangs_up_at_once_again_and_again) {
  LinkMachine machine{socket()};
  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 10000, connected"},
                 {Lost{"closed"}, "wait 500, lost: closed"}});

  for (int round = 0; round < 100; ++round) {
    play(machine,
         {{time_up, "open 115200 8N1"}, {Opened{}, "read 10000"}, {Lost{"closed"}, "wait 500"}});
  }

  play(machine, {{time_up, "open 115200 8N1"},
                 {Opened{}, "read 10000"},
                 {TelegramSeen{}, "read 10000, connected"}});
}

TEST(ALinkMachine, reports_a_device_that_was_away_and_is_back_even_without_telegrams) {
  LinkMachine machine{one_line()};

  play(machine, {{Started{}, "open 9600 7E1"},
                 {Opened{}, "read, connected"},
                 {unplugged, "wait 500, lost: unplugged"},
                 {time_up, "open 9600 7E1"},
                 {no_device, "wait 500"},
                 {time_up, "open 9600 7E1"},
                 {Opened{}, "read, connected"}});
}

TEST(ALinkMachine, tries_the_line_settings_in_order_until_telegrams_come) {
  LinkMachine machine{two_lines()};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 21000, connected"},
                 {garbage, "open 9600 7E1, probing"},
                 {Opened{}, "read 21000"},
                 {silent, "open 115200 8N1"},
                 {Opened{}, "read 21000"},
                 {garbage, "open 9600 7E1"},
                 {Opened{}, "read 21000"},
                 {TelegramSeen{}, "read 21000, settled"},
                 {TelegramSeen{}, "read 21000"}});
  EXPECT_EQ(machine.settled(), slow);
}

TEST(ALinkMachine, keeps_the_settled_line_over_a_replug) {
  LinkMachine machine{two_lines()};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 21000, connected"},
                 {garbage, "open 9600 7E1, probing"},
                 {Opened{}, "read 21000"},
                 {TelegramSeen{}, "read 21000, settled"},
                 {unplugged, "wait 500, lost: unplugged"},
                 {time_up, "open 9600 7E1"},
                 {Opened{}, "read 21000, connected"},
                 {TelegramSeen{}, "read 21000"}});
}

TEST(ALinkMachine, stays_settled_while_the_meter_is_silent) {
  LinkMachine machine{two_lines()};
  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 21000, connected"},
                 {TelegramSeen{}, "read 21000, settled"}});

  for (int round = 0; round < 1000; ++round) play(machine, {{silent, "read 21000"}});
}

TEST(ALinkMachine, probes_again_when_another_meter_sends_what_makes_no_telegram) {
  LinkMachine machine{two_lines()};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 21000, connected"},
                 {TelegramSeen{}, "read 21000, settled"},
                 {unplugged, "wait 500, lost: unplugged"},
                 {time_up, "open 115200 8N1"},
                 {Opened{}, "read 21000, connected"},
                 {garbage, "read 21000"},
                 {garbage, "read 21000"},
                 {silent, "read 21000"},
                 {garbage, "read 21000"},
                 {garbage, "read 21000"},
                 {garbage, "open 9600 7E1, probing"},
                 {Opened{}, "read 21000"},
                 {TelegramSeen{}, "read 21000, settled"}});
  EXPECT_EQ(machine.settled(), slow);
}

TEST(ALinkMachine, tries_the_next_line_when_a_port_refuses_one) {
  LinkMachine machine{two_lines()};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {OpenFailed{"no such rate", true}, "wait 500, absent: no such rate"},
                 {time_up, "open 9600 7E1"},
                 {Opened{}, "read 21000, connected"}});
}

TEST(ALinkMachine, reopens_a_socket_that_fell_silent_and_reports_it_once) {
  LinkMachine machine{socket()};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read 10000, connected"},
                 {TelegramSeen{}, "read 10000"},
                 {silent, "wait 500, lost: no telegram for 10 s"},
                 {time_up, "open 115200 8N1"},
                 {Opened{}, "read 10000"},
                 {garbage, "wait 500"},
                 {time_up, "open 115200 8N1"},
                 {Opened{}, "read 10000"},
                 {TelegramSeen{}, "read 10000, connected"}});
}

TEST(ALinkMachine, takes_a_new_silence_limit_with_the_next_read) {
  LinkMachine machine{socket()};
  play(machine, {{Started{}, "open 115200 8N1"}, {Opened{}, "read 10000, connected"}});

  machine.set_silence(30s);

  play(machine, {{TelegramSeen{}, "read 30000"}});
}

TEST(ALinkMachine, reads_a_file_once) {
  LinkMachine machine{{.once = true}};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {no_device, "wait 500, absent: no such file"},
                 {time_up, "open 115200 8N1"},
                 {Opened{}, "read, connected"},
                 {TelegramSeen{}, "read"},
                 {Ended{}, "finish"},
                 {Started{}, "finish"}});
}

TEST(ALinkMachine, ends_a_file_that_breaks_and_says_why) {
  LinkMachine machine{{.once = true}};

  play(machine, {{Started{}, "open 115200 8N1"},
                 {Opened{}, "read, connected"},
                 {Lost{"disk error"}, "finish, lost: disk error"}});
}

// Every step of a whole life fails in turn; after the failure the same life must be possible again.
TEST(ALinkMachine, recovers_when_any_step_fails) {
  const std::vector<Event> life{Started{},      Opened{}, garbage,       Opened{},
                                TelegramSeen{}, silent,   TelegramSeen{}};
  const std::vector<Event> failures{OpenFailed{"failed"}, OpenFailed{"refused", true},
                                    Lost{"failed"}, garbage, silent};
  for (const auto& settings : {one_line(), two_lines(), socket()}) {
    for (std::size_t step = 1; step <= life.size(); ++step) {
      for (const auto& failure : failures) {
        LinkMachine machine{settings};
        Step answer;
        for (std::size_t i = 0; i < step; ++i) answer = machine.resume(life[i]);
        answer = machine.resume(failure);

        bool reading = false;
        for (int attempt = 0; attempt < 10 && !reading; ++attempt) {
          if (std::holds_alternative<Wait>(answer.action)) {
            answer = machine.resume(time_up);
          } else if (std::holds_alternative<Open>(answer.action)) {
            answer = machine.resume(Opened{});
          } else {
            reading = std::holds_alternative<Read>(answer.action);
          }
        }
        EXPECT_TRUE(reading) << "step " << step;
        answer = machine.resume(TelegramSeen{});
        EXPECT_TRUE(std::holds_alternative<Read>(answer.action)) << "step " << step;
        EXPECT_EQ(machine.settled().has_value(), !settings.probe.empty());
      }
    }
  }
}

TEST(ALinkMachine, finishes_in_every_state) {
  const std::vector<Event> life{Started{},      no_device, time_up,   Opened{},
                                TelegramSeen{}, garbage,   unplugged, time_up};
  for (std::size_t step = 0; step <= life.size(); ++step) {
    LinkMachine machine{two_lines()};
    for (std::size_t i = 0; i < step; ++i) static_cast<void>(machine.resume(life[i]));

    play(machine, {{StopRequested{}, "finish"}, {time_up, "finish"}, {Opened{}, "finish"}});
  }
}

// connected and lost must alternate, whatever happens in whatever order.
TEST(ALinkMachine, alternates_between_up_and_down_in_any_order_of_events) {
  const std::vector<Event> events{Started{}, Opened{}, no_device,     unplugged,
                                  silent,    garbage,  TelegramSeen{}};
  const auto walk = [&](const LinkSettings& settings, unsigned long long path) {
    LinkMachine machine{settings};
    static_cast<void>(machine.resume(Started{}));
    int up = 0;  // 1 up, -1 down
    for (int depth = 0; depth < 8; ++depth, path /= events.size()) {
      const Step step = machine.resume(events[path % events.size()]);
      if (step.change == Change::connected) {
        EXPECT_LE(up, 0);
        up = 1;
      } else if (step.change == Change::lost) {
        EXPECT_EQ(up, 1);
        EXPECT_FALSE(step.reason.empty());
        up = -1;
      } else if (step.change == Change::absent) {
        EXPECT_EQ(up, 0);
        up = -1;
      } else if (step.change == Change::settled) {
        up = 1;
      }
    }
  };
  for (unsigned long long path = 0; path < 7ULL * 7 * 7 * 7 * 7 * 7; ++path) {
    walk(two_lines(), path * 7 + 1);
    walk(socket(), path * 7 + 1);
  }
}

}  // namespace
}  // namespace p1meter::link
