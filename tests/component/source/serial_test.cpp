// SPDX-License-Identifier: Apache-2.0
// Component tests: the serial source on real pseudo terminals.
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "component/source/loop.hpp"
#include "support/pty.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;
using test::Heard;
using test::Pty;
using test::run_until;
using test::TemporaryDirectory;

constexpr link::LineSettings fast{115200, 8, link::Parity::none, 1};
constexpr link::LineSettings slow{9600, 7, link::Parity::even, 1};

struct ASerialSource : testing::Test {
  ~ASerialSource() override {
    if (!source) return;
    source->stop();
    EXPECT_TRUE(drains()) << "the context does not end after stop";
  }

  void start(const std::string& device, std::vector<link::LineSettings> lines = {fast},
             milliseconds probe_time = 21s) {
    SerialTarget target{device, std::move(lines)};
    target.places = {folder.path(), folder.path() / "by-id"};
    if (driver) target.counters = [this](int) { return driver; };
    source = std::make_unique<Source>(context, target,
                                      link::LinkSettings{.probe_time = probe_time, .retry = retry},
                                      heard.handlers());
    source->start();
  }

  bool drains() {
    context.restart();
    context.run_for(5s);
    return context.stopped();
  }

  bool reading() {
    const int before = heard.reopened;
    return run_until(context, [&] { return heard.reopened > before; });
  }

  std::filesystem::path plug(const Pty& pty, const std::string& name = "usb-meter") {
    std::filesystem::remove(folder.path() / name);
    std::filesystem::create_symlink(pty.device(), folder.path() / name);
    return folder.path() / name;
  }

  milliseconds retry{500};
  std::optional<LineCounters> driver{};  // stands in for a driver that counts
  boost::asio::io_context context{1};
  Heard heard;
  TemporaryDirectory folder;
  std::unique_ptr<Source> source;
};

TEST_F(ASerialSource, hands_over_what_the_meter_sends) {
  Pty pty;
  start(pty.device());
  ASSERT_TRUE(reading());

  ASSERT_TRUE(pty.write("/telegram\r\n!\r\n"));

  EXPECT_TRUE(run_until(context, [&] { return heard.bytes == "/telegram\r\n!\r\n"; }));
  EXPECT_EQ(heard.changes, std::vector<std::string>{"connected " + pty.device() + " 115200 8N1"});
}

TEST_F(ASerialSource, sets_the_line_up_and_discards_what_came_before) {
  Pty pty;
  ASSERT_TRUE(pty.write("stale"));
  start(pty.device(), {slow});
  ASSERT_TRUE(reading());

  ASSERT_TRUE(pty.write("fresh"));

  EXPECT_TRUE(run_until(context, [&] { return heard.bytes.size() >= 5; }));
  EXPECT_EQ(heard.bytes, "fresh");
  termios mode{};
  ASSERT_EQ(::tcgetattr(pty.master(), &mode), 0);
  EXPECT_EQ(::cfgetispeed(&mode), static_cast<speed_t>(B9600));
  EXPECT_EQ(mode.c_lflag & (ICANON | ECHO | ISIG), 0U);
  EXPECT_EQ(mode.c_cflag & HUPCL, 0U);
  EXPECT_NE(mode.c_iflag & INPCK, 0U);
  EXPECT_EQ(mode.c_iflag & (IXON | ICRNL | IGNPAR | PARMRK | ISTRIP), 0U);
}

// Unplugs and plugs in again, each time as another device behind the same name, and counts what is
// read.
struct AReplug : ASerialSource {
  void replug(int rounds, milliseconds patience) {
    auto pty = std::make_unique<Pty>();
    heard.on_bytes = [&](std::string_view) { source->telegram_seen(); };
    start(plug(*pty).string());
    ASSERT_TRUE(reading());
    for (int round = 1; round <= rounds; ++round) {
      auto spare = std::make_unique<Pty>();
      pty.reset();
      std::filesystem::remove(folder.path() / "usb-meter");
      const std::size_t changes = 2 * static_cast<std::size_t>(round);
      ASSERT_TRUE(run_until(context, [&] { return heard.changes.size() == changes; }));
      const int before = heard.reopened;
      pty = std::move(spare);
      plug(*pty);
      ASSERT_TRUE(run_until(
          context, [&] { return heard.reopened > before; }, patience))
          << round;
      expect_telegrams(*pty, round);
    }
    expect_one_report_per_change(rounds);
  }

  void expect_telegrams(const Pty& pty, int round) {
    const std::string telegrams = "/first " + std::to_string(round) + "\r\n!\r\n/second\r\n!\r\n";
    heard.bytes.clear();
    ASSERT_TRUE(pty.write(telegrams));
    EXPECT_TRUE(run_until(context, [&] { return heard.bytes == telegrams; })) << heard.bytes;
  }

  void expect_one_report_per_change(int rounds) {
    EXPECT_EQ(source->reopened_count(), static_cast<std::uint64_t>(rounds));
    ASSERT_EQ(heard.changes.size(), 2U * static_cast<unsigned>(rounds) + 1);
    for (std::size_t i = 0; i < heard.changes.size(); ++i) {
      EXPECT_TRUE(heard.changes[i].starts_with(i % 2 == 0 ? "connected" : "lost"))
          << heard.changes[i];
    }
  }
};

TEST_F(AReplug, is_survived_a_hundred_times) {
  retry = 20ms;
  replug(100, 4s);
}

TEST_F(AReplug, is_noticed_within_two_seconds) { replug(4, 4s); }

TEST_F(ASerialSource, waits_for_a_device_that_is_absent_at_start) {
  start((folder.path() / "usb-meter").string());
  ASSERT_TRUE(run_until(context, [&] { return heard.changes.size() == 1; }));
  EXPECT_EQ(heard.changes[0],
            "absent " + (folder.path() / "usb-meter").string() + ": no such device");
  EXPECT_FALSE(run_until(
      context, [&] { return heard.changes.size() > 1; }, 1200ms));

  Pty pty;
  plug(pty);

  EXPECT_TRUE(run_until(
      context, [&] { return heard.reopened == 1; }, 4s));
  EXPECT_EQ(source->reopened_count(), 0U);
}

TEST_F(ASerialSource, refuses_a_port_that_another_process_has) {
  Pty pty;
  const int other = ::open(pty.device().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(other, 0);
  ASSERT_EQ(::flock(other, LOCK_EX | LOCK_NB), 0);
  start(pty.device());

  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_NE(heard.changes[0].find(": in use by process " + std::to_string(::getpid())),
            std::string::npos)
      << heard.changes[0];

  ::close(other);
  EXPECT_TRUE(run_until(
      context, [&] { return heard.reopened == 1; }, 4s));
}

TEST_F(ASerialSource, names_the_process_also_where_exclusive_mode_keeps_it_from_looking) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give its rights away";
  Pty pty;
  const int other = ::open(pty.device().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(other, 0);
  ASSERT_EQ(::flock(other, LOCK_EX | LOCK_NB), 0);
  ASSERT_EQ(::ioctl(other, TIOCEXCL), 0);
  std::filesystem::permissions(pty.device(), std::filesystem::perms::all);
  ASSERT_EQ(::seteuid(65534), 0);
  start(pty.device());
  const bool told = run_until(context, [&] { return !heard.changes.empty(); });
  ASSERT_EQ(::seteuid(0), 0);
  ::ioctl(other, TIOCNXCL);
  ::close(other);

  ASSERT_TRUE(told);
  EXPECT_NE(heard.changes[0].find(": in use by process " + std::to_string(::getpid())),
            std::string::npos)
      << heard.changes[0];
}

TEST_F(ASerialSource, keeps_a_second_one_out) {
  Pty pty;
  start(pty.device());
  ASSERT_TRUE(reading());
  Heard second;
  Source other{context, SerialTarget{pty.device(), {fast}}, {}, second.handlers()};

  other.start();

  ASSERT_TRUE(run_until(context, [&] { return !second.changes.empty(); }));
  EXPECT_NE(second.changes[0].find("in use by process"), std::string::npos) << second.changes[0];
  EXPECT_EQ(second.reopened, 0);
  other.stop();
}

TEST_F(ASerialSource, names_the_group_to_join_when_it_has_no_permission) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give its rights away";
  Pty pty;
  std::filesystem::permissions(pty.device(), std::filesystem::perms::owner_all);
  ASSERT_EQ(::seteuid(65534), 0);
  start(pty.device());
  const bool told = run_until(context, [&] { return !heard.changes.empty(); });
  ASSERT_EQ(::seteuid(0), 0);

  ASSERT_TRUE(told);
  EXPECT_NE(heard.changes[0].find("permission denied: add the user to group dialout"),
            std::string::npos)
      << heard.changes[0];
}

TEST_F(ASerialSource, says_what_is_no_serial_port_or_no_standard_rate) {
  Pty pty;
  start("/dev/null");
  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_EQ(heard.changes[0], "absent /dev/null: not a serial port");
  source->stop();
  ASSERT_TRUE(drains());

  heard.changes.clear();
  start(pty.device(), {{12345, 8, link::Parity::none, 1}});
  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_EQ(heard.changes[0], "absent " + pty.device() + ": baud rate 12345 is not a standard one");
}

TEST_F(ASerialSource, probes_until_a_telegram_comes_and_remembers_the_settings) {
  Pty pty;
  start(pty.device(), {fast, slow}, 100ms);
  ASSERT_TRUE(run_until(context, [&] { return heard.reopened == 2; }));
  heard.on_bytes = [&](std::string_view) { source->telegram_seen(); };

  ASSERT_TRUE(pty.write("/good\r\n!\r\n"));

  ASSERT_TRUE(run_until(context, [&] { return source->settled().has_value(); }));
  EXPECT_EQ(source->settled(), slow);
  EXPECT_EQ(heard.changes, (std::vector<std::string>{"connected " + pty.device() + " 115200 8N1",
                                                     "probing " + pty.device() + " 115200 8N1",
                                                     "settled " + pty.device() + " 9600 7E1"}));
  EXPECT_EQ(source->reopened_count(), 0U);
}

TEST_F(ASerialSource, finds_the_one_port_by_itself) {
  Pty pty;
  std::filesystem::create_directory(folder.path() / "by-id");
  plug(pty, "by-id/usb-FTDI");
  start("");

  ASSERT_TRUE(reading());
  EXPECT_EQ(heard.changes[0],
            "connected " + (folder.path() / "by-id/usb-FTDI").string() + " 115200 8N1");
}

TEST_F(ASerialSource, prefers_the_name_that_the_rule_gives) {
  Pty meter;
  Pty other;
  std::filesystem::create_directory(folder.path() / "by-id");
  plug(other, "by-id/usb-A");
  plug(meter, "by-id/usb-B");
  plug(meter, "p1meter");
  plug(meter, "p1meter0");  // two names of one device
  start("");

  ASSERT_TRUE(reading());
  EXPECT_EQ(heard.changes[0], "connected " + (folder.path() / "p1meter").string() + " 115200 8N1");
}

TEST_F(ASerialSource, opens_none_of_several_ports_and_lists_them) {
  Pty one;
  Pty two;
  std::filesystem::create_directory(folder.path() / "by-id");
  plug(one, "by-id/usb-A");
  plug(two, "by-id/usb-B");
  start("");

  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_EQ(heard.changes[0], "absent auto: several serial ports, choose one with `source`: " +
                                  (folder.path() / "by-id/usb-A").string() + ", " +
                                  (folder.path() / "by-id/usb-B").string());
  EXPECT_EQ(heard.reopened, 0);
}

TEST_F(ASerialSource, says_where_it_looked_when_there_is_no_port) {
  start("");

  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_EQ(heard.changes[0], "absent auto: no serial port found: none named " +
                                  folder.path().string() + "/p1meter* and none in " +
                                  (folder.path() / "by-id").string());
}

TEST_F(ASerialSource, tells_the_line_errors_that_its_driver_counts) {
  driver = LineCounters{.framing = 50};
  Pty pty;
  start(pty.device());
  ASSERT_TRUE(reading());
  EXPECT_EQ(source->line_errors(), LineErrors{});

  driver->framing = 53;
  EXPECT_EQ(source->line_errors(), (LineErrors{.framing = 3}));

  driver->breaks = 2;
  pty.unplug();
  ASSERT_TRUE(run_until(context, [&] { return heard.changes.size() == 2; }));
  driver.reset();
  EXPECT_EQ(source->line_errors(), (LineErrors{.framing = 3, .breaks = 2}))
      << "it looks before it closes";
}

TEST_F(ASerialSource, tells_no_line_errors_where_nobody_counts) {
  Pty pty;
  start(pty.device());
  ASSERT_TRUE(reading());

  EXPECT_EQ(source->line_errors(), std::nullopt);
  ASSERT_TRUE(pty.write("/telegram\r\n!\r\n"));
  EXPECT_TRUE(run_until(context, [&] { return heard.bytes == "/telegram\r\n!\r\n"; }));
}

TEST_F(ASerialSource, stops_before_it_has_begun) {
  Pty pty;
  start(pty.device());
  source->stop();
  EXPECT_TRUE(drains());
  EXPECT_TRUE(heard.changes.empty());
}

TEST_F(ASerialSource, may_go_in_its_own_handler_and_reports_nothing_afterwards) {
  Pty pty;
  start(pty.device());
  ASSERT_TRUE(reading());
  heard.on_bytes = [&](std::string_view) { source.reset(); };
  ASSERT_TRUE(pty.write("x"));

  ASSERT_TRUE(run_until(context, [&] { return !source; }));
  const auto changes = heard.changes.size();
  pty.unplug();
  EXPECT_TRUE(drains());
  EXPECT_EQ(heard.changes.size(), changes);
}

}  // namespace
}  // namespace p1meter
