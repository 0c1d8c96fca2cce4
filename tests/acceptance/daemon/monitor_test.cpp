// SPDX-License-Identifier: Apache-2.0
// Acceptance: p1meter monitor: what a person sees of a meter, and of a cable without one.
#include "daemon_fixture.hpp"
#include "support/pty.hpp"

namespace p1meter::test {
namespace {

class TheMonitor : public TheDaemon {
 protected:
  Process& monitor(const std::string& source) {
    configure("{}\n");
    monitor_ = std::make_unique<Process>(Process::Setup{
        .command = {P1METER_PROGRAM, "--config", configuration(), "monitor", "--source", source},
        .environment = environment()});
    return *monitor_;
  }
  /// The same with its output on a terminal, whose text comes back.
  std::string on_a_terminal(const std::string& source) {
    configure("{}\n");
    Process script{{.command = {"script", "-qec",
                                std::string{P1METER_PROGRAM} + " --config " + configuration() +
                                    " monitor --source " + source,
                                "/dev/null"},
                    .environment = environment()}};
    EXPECT_EQ(script.wait(20s), 0) << script.out();
    return script.out();
  }

  std::unique_ptr<Process> monitor_{};
};

/// What an inverted line gives: odd bytes above 127, never a '/'.
std::string inverted(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(0x8D + 2 * (i % 10));
  return bytes;
}

TEST_F(TheMonitor, shows_that_bytes_come_but_no_telegram) {
  Pty cable;
  Process& run = monitor("serial:" + cable.device());
  ASSERT_TRUE(run.shows(cable.device() + " 115200 8N1: 0 bytes received, 0 skipped, 0 telegrams, "
                                         "0 bad checksums\n",
                        10s))
      << run.err();
  EXPECT_FALSE(run.shows("inverted", 0s)) << run.err();

  ASSERT_TRUE(cable.write(inverted(4000)));

  EXPECT_TRUE(run.shows(
      "115200 8N1: 4000 bytes received, 4000 skipped, 0 telegrams, 0 bad checksums; no telegram is "
      "among them: wrong line settings, or inverted signal?\n",
      10s))
      << run.err();
  run.send(SIGTERM);
  EXPECT_EQ(run.wait(4s), 0);
  EXPECT_EQ(run.out(), "");
}

TEST_F(TheMonitor, counts_bad_checksums_and_falls_silent_when_telegrams_come) {
  Pty cable;
  Process& run = monitor("serial:" + cable.device());
  const std::string good = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  std::string bad = good;
  bad.replace(bad.find("193"), 3, "194");
  ASSERT_TRUE(run.shows(" 0 bytes received", 10s)) << run.err();

  ASSERT_TRUE(cable.write(bad));
  EXPECT_TRUE(run.shows(" 0 skipped, 0 telegrams, 1 bad checksums\n", 10s)) << run.err();
  ASSERT_TRUE(cable.write(good));
  EXPECT_TRUE(run.shows(" power_import 193 W\n", 10s)) << run.err();

  const std::string said = run.err();
  EXPECT_TRUE(cable.write(good));
  EXPECT_TRUE(eventually(
      [&] {
        const auto first = run.out().find("power_import");
        return run.out().find("power_import", first + 1) != std::string::npos;
      },
      10s));
  EXPECT_EQ(said.find("1 telegrams"), std::string::npos) << said;
}

TEST_F(TheMonitor, says_the_same_only_once) {
  Pty cable;
  Process& run = monitor("serial:" + cable.device());
  ASSERT_TRUE(run.shows(" 0 bytes received", 10s)) << run.err();
  EXPECT_FALSE(run.shows(
      " 0 bytes received, 0 skipped, 0 telegrams, 0 bad checksums\n" + cable.device(), 5s))
      << run.err();
}

TEST_F(TheMonitor, says_that_a_device_is_not_there) {
  Process& run = monitor("serial:/dev/p1meter-not-there");
  EXPECT_TRUE(run.shows("/dev/p1meter-not-there (closed: ", 10s)) << run.err();
  run.send(SIGINT);
  EXPECT_EQ(run.wait(4s), 0);
}

TEST_F(TheMonitor, passes_nothing_on_that_steers_a_terminal) {
  const std::string hostile =
      directory_.file("hostile.telegram", telegram()
                                              .header("XXX5\x1b[31mT\xc2\x9b"
                                                      "2J")
                                              .with("0-0:96.13.0", "(1B5B33316D9B324A)")
                                              .with("0-0:96.1.1", "(\x1b]0;title\x07)")
                                              .with("1-0:1.7.0", "(00.193*kW)")
                                              .text());

  Process& piped = monitor("file:" + hostile);
  EXPECT_EQ(piped.wait(10s), 0) << piped.err();
  EXPECT_EQ((piped.out() + piped.err()).find('\x1b'), std::string::npos) << piped.out();
  EXPECT_EQ((piped.out() + piped.err()).find("\xc2\x9b"), std::string::npos) << piped.out();

  const std::string screen = on_a_terminal("file:" + hostile);
  EXPECT_NE(screen.find("XXX5\\u001b[31mT\\u009b2J"), std::string::npos) << screen;
  EXPECT_NE(screen.find("\x1b[H\x1b[2J"), std::string::npos) << "the table's own";
  EXPECT_EQ(screen.find("\x1b[31m"), std::string::npos) << screen;
  EXPECT_EQ(screen.find("\x1b]"), std::string::npos) << screen;
  EXPECT_EQ(screen.find("\xc2\x9b"), std::string::npos) << screen;
}

}  // namespace
}  // namespace p1meter::test
