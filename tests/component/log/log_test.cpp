// SPDX-License-Identifier: Apache-2.0
// The log: lines as people and the journal get them, and few of what repeats.
#include "adapters/log/log.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/log/line.hpp"
#include "adapters/log/repeat_filter.hpp"
#include "support/pty.hpp"

namespace p1meter::log {
namespace {

using namespace std::chrono_literals;

/// What a process of its own, whose standard error is `descriptor`, leaves to be read from
/// `reader`.
std::string output_of(int descriptor, int reader, const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    dup2(descriptor, STDERR_FILENO);
    work();
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  std::string text;
  std::array<char, 4096> buffer{};
  pollfd ready{reader, POLLIN, 0};
  while (poll(&ready, 1, 0) > 0) {
    const auto size = read(reader, buffer.data(), buffer.size());
    if (size <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

std::string piped(const std::function<void()>& work) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const std::string text = output_of(ends[1], ends[0], work);
  close(ends[0]);
  close(ends[1]);
  return text;
}

TEST(TheLog, writes_level_sentence_and_fields_as_text) {
  EXPECT_EQ(piped([] {
              open(Level::info);
              write(Level::warning, "meter is lost",
                    {{"meter", "home"}, {"reason", "No such device"}, {"empty", ""}});
            }),
            "warning: meter is lost meter=home reason=\"No such device\"\n");
}

TEST(TheLog, leaves_out_what_lies_below_its_level) {
  EXPECT_EQ(piped([] {
              open(Level::warning);
              write(Level::info, "one");
              set_level(Level::debug);
              write(Level::debug, "two");
            }),
            "debug: two\n");
}

TEST(TheLog, escapes_what_would_break_a_line_or_steer_a_terminal) {
  EXPECT_EQ(piped([] {
              write(Level::error, "a\nb\x1b[2J\x1f", {{"id", "\x7f\r\xc2\x9b"}});
            }),
            "error: a\\nb\\u001b[2J\\u001f id=\\u007f\\r\\u009b\n");
}

TEST(TheLog, says_what_repeats_once) {
  const std::string text = piped([] {
    for (int i = 0; i < 1000; ++i) write_limited("crc", Level::warning, "bad checksum");
    write_limited("other", Level::warning, "something else");
  });
  EXPECT_EQ(text, "warning: bad checksum\nwarning: something else\n");
}

TEST(TheLog, shows_time_and_colour_on_a_terminal_unless_no_color_is_set) {
  const auto on_terminal = [](const char* no_color) {
    const test::Pty pty;
    const int terminal = ::open(pty.device().c_str(), O_RDWR | O_NOCTTY);
    const std::string text = output_of(terminal, pty.master(), [no_color] {
      setenv("TERM", "xterm", 1);
      setenv("NO_COLOR", no_color, 1);
      open(Level::info);
      write(Level::info, "hello");
    });
    close(terminal);
    return text;
  };

  EXPECT_EQ(on_terminal("1").substr(8), " info    hello\n");
  EXPECT_NE(on_terminal("").find("\x1b["), std::string::npos);
}

TEST(ARepeatFilter, counts_what_it_leaves_out_per_key) {
  RepeatFilter filter;
  const RepeatFilter::Clock::time_point start{};

  EXPECT_EQ(filter.admit("a", start), 0U);
  EXPECT_EQ(filter.admit("a", start + 1s), std::nullopt);
  EXPECT_EQ(filter.admit("a", start + 59s), std::nullopt);
  EXPECT_EQ(filter.admit("b", start + 59s), 0U);
  EXPECT_EQ(filter.admit("a", start + 60s), 2U);
  EXPECT_EQ(filter.admit("a", start + 120s), std::nullopt) << "the second pause is longer";
  EXPECT_EQ(filter.admit("a", start + 299s), std::nullopt);
  EXPECT_EQ(filter.admit("a", start + 300s), 2U);
}

/// How many of the lines that come every `spacing` from `start` to `end` get through.
int admitted(RepeatFilter& filter, RepeatFilter::Clock::time_point start,
             RepeatFilter::Clock::time_point end, std::chrono::seconds spacing) {
  int lines = 0;
  for (auto now = start; now < end; now += spacing) lines += filter.admit("a", now) ? 1 : 0;
  return lines;
}

TEST(ARepeatFilter, lets_seven_lines_through_on_the_first_day_and_then_one_a_day) {
  RepeatFilter filter;
  const RepeatFilter::Clock::time_point start{};

  EXPECT_EQ(admitted(filter, start, start + 24h, 1s), 7);
  EXPECT_EQ(admitted(filter, start + 24h, start + 10 * 24h, 1s), 9);
}

TEST(ARepeatFilter, takes_what_kept_quiet_for_an_hour_for_news) {
  RepeatFilter filter;
  const RepeatFilter::Clock::time_point start{};
  EXPECT_EQ(admitted(filter, start, start + 12h, 1s), 6);

  EXPECT_TRUE(filter.admit("a", start + 13h));

  EXPECT_FALSE(filter.admit("a", start + 13h + 59s));
  EXPECT_EQ(filter.admit("a", start + 13h + 60s), 1U) << "its pauses begin anew";
}

TEST(ARepeatFilter, stays_small_whatever_the_keys) {
  RepeatFilter filter;
  for (int i = 0; i < 100'000; ++i) {
    EXPECT_EQ(filter.admit(std::to_string(i), RepeatFilter::Clock::time_point{}), 0U);
  }
}

TEST(AJournalEntry, has_message_priority_identifier_and_a_field_per_name) {
  const std::string encoded = encode_line("meter is lost", {{"meter", "home"}, {"why_2", "a b"}});
  const auto fields = journal_fields(decode_line(encoded), 4);

  const std::vector<std::string> expected{"MESSAGE=meter is lost meter=home why_2=\"a b\"",
                                          "PRIORITY=4",
                                          "SYSLOG_IDENTIFIER=p1meter",
                                          "P1METER_EVENT=meter is lost",
                                          "P1METER_METER=home",
                                          "P1METER_WHY_2=a b"};
  EXPECT_EQ(fields, expected);
}

// ---- the real way into the journal: a socket where journald has its own, in a mount namespace
// ----
constexpr const char* journal_socket = "/run/systemd/journal/socket";
constexpr int no_namespace = 77;

int bind_journal() {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("none", "/run", "tmpfs", 0, nullptr) != 0) {
    _exit(no_namespace);
  }
  std::filesystem::create_directories("/run/systemd/journal");
  const int journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string{journal_socket}.copy(address.sun_path, sizeof address.sun_path - 1);
  void* const name = &address;
  if (bind(journal, static_cast<sockaddr*>(name), sizeof address) != 0) _exit(no_namespace);
  return journal;
}

TEST(TheLog, reaches_the_journal_when_standard_error_is_connected_to_it) {
  std::array<int, 2> result{};
  std::array<int, 2> errors{};
  ASSERT_EQ(pipe(result.data()), 0);
  ASSERT_EQ(pipe(errors.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const int journal = bind_journal();
    dup2(errors[1], STDERR_FILENO);
    struct stat status {};
    fstat(STDERR_FILENO, &status);
    const std::string stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    setenv("JOURNAL_STREAM", stream.c_str(), 1);
    open(Level::info);
    write(Level::error, "lost", {{"meter", "home"}});
    setenv("JOURNAL_STREAM", "0:0", 1);
    open(Level::info);
    write(Level::info, "as text");
    std::array<char, 4096> entry{};
    const auto size = recv(journal, entry.data(), entry.size(), 0);
    if (size > 0)
      static_cast<void>(::write(result[1], entry.data(), static_cast<std::size_t>(size)));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == no_namespace) GTEST_SKIP() << "no mount namespace to be had here";
  close(result[1]);
  close(errors[1]);
  std::array<char, 4096> buffer{};
  const auto entry_size = read(result[0], buffer.data(), buffer.size());
  const std::string entry{buffer.data(),
                          static_cast<std::size_t>(std::max<ssize_t>(entry_size, 0))};
  const auto text_size = read(errors[0], buffer.data(), buffer.size());
  const std::string text{buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(text_size, 0))};
  close(result[0]);
  close(errors[0]);

  for (const std::string field :
       {"MESSAGE=lost meter=home\n", "PRIORITY=3\n", "SYSLOG_IDENTIFIER=p1meter\n",
        "P1METER_EVENT=lost\n", "P1METER_METER=home\n"}) {
    EXPECT_NE(entry.find(field), std::string::npos) << entry;
  }
  EXPECT_EQ(entry.find("CODE_FILE"), std::string::npos);
  EXPECT_EQ(text, "info: as text\n");
}

}  // namespace
}  // namespace p1meter::log
