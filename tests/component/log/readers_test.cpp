// SPDX-License-Identifier: Apache-2.0
// The log's other readers: lines as JSON, as datagrams, and who gets which.
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/socket.h>
#include <vector>

#include "adapters/log/line.hpp"
#include "adapters/log/log.hpp"
#include "adapters/log/udp_log.hpp"
#include "support/udp_socket.hpp"

namespace p1meter::log {
namespace {

using namespace std::chrono_literals;
using test::UdpSocket;

constexpr Instant time{1'700'000'000'123ms};

TEST(ALogLine, is_one_json_object) {
  const std::string encoded =
      encode_line("say \"so\"", {{"meter", "home"}, {"reason", "a\nb\\"}, {"text", "x"}});
  EXPECT_EQ(line_json(decode_line(encoded), Level::warning, time),
            R"({"time":"2023-11-14T22:13:20.123Z","level":"warning","text":"say \"so\"",)"
            R"("meter":"home","reason":"a\\nb\\","text_":"x"})");
}

TEST(ALogLine, is_one_line_of_text_with_its_time) {
  const std::string encoded = encode_line("it works", {{"meter", "a b"}});
  EXPECT_EQ(line_datagram(decode_line(encoded), Level::debug, time),
            "2023-11-14T22:13:20.123Z debug: it works meter=\"a b\"\n");
}

TEST(ALogReader, gets_the_lines_of_its_level_whatever_the_log_shows) {
  set_level(Level::error);
  std::vector<std::string> heard;
  set_reader(ReaderPlace::topic, Level::info,
             [&](Level, const Line& line) { heard.push_back(line_text(line)); });
  write(Level::debug, "too small");
  write(Level::info, "small", {{"a", "1"}});
  write_limited("readers_test", Level::warning, "often");
  write_limited("readers_test", Level::warning, "often");
  remove_reader(ReaderPlace::topic);
  write(Level::warning, "later");
  set_level(Level::info);
  EXPECT_EQ(heard, (std::vector<std::string>{"small a=1", "often"}));
}

TEST(AUdpLog, sends_lines_in_order) {
  UdpSocket listener;
  UdpLog udp{"localhost", listener.port()};
  std::string all;
  for (int i = 0; i < 100; ++i) {
    udp.send(std::to_string(i) + '\n');
    all += std::to_string(i) + '\n';
  }
  EXPECT_TRUE(listener.hears("\n99\n"));
  EXPECT_EQ(listener.text(), all);
  EXPECT_EQ(udp.dropped(), 0U);
}

TEST(AUdpLog, sends_what_waits_when_it_ends) {
  UdpSocket listener;
  {
    UdpLog udp{"127.0.0.1", listener.port()};
    udp.send("the last word\n");
  }
  EXPECT_EQ(listener.text(), "the last word\n");
}

TEST(AUdpLog, cuts_lines_that_no_datagram_holds) {
  UdpSocket listener;
  UdpLog udp{"127.0.0.1", listener.port()};
  udp.send(std::string(200'000, 'x'));
  EXPECT_TRUE(listener.hears(std::string(8192, 'x')));
  EXPECT_EQ(listener.text().size(), 8192U);
}

TEST(AUdpLog, counts_what_finds_nobody_and_goes_on) {
  UdpLog udp{"no-such-host.invalid", 8888};
  const auto begin = test::Clock::now();
  for (int i = 0; i < 2000; ++i) udp.send("to nobody\n");
  EXPECT_LT(test::Clock::now() - begin, 2s) << "nobody waits";
  EXPECT_TRUE(test::eventually([&] { return udp.dropped() == 2000; }, 60s)) << udp.dropped();
}

TEST(AUdpLog, reaches_a_listener_that_comes_later) {
  std::uint16_t port = 0;
  {
    const UdpSocket before;
    port = before.port();
  }
  UdpLog udp{"127.0.0.1", port};
  udp.send("nobody is there\n");
  UdpSocket listener{port};
  EXPECT_TRUE(test::eventually(
      [&] {
        udp.send("again\n");
        return listener.hears("again", 100ms);
      },
      10s));
}

/// What the resolver of this machine says of it.
bool localhost_is_of_both_kinds() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo("localhost", "9", &hints, &found) != 0) return false;
  bool four = false;
  bool six = false;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    four = four || each->ai_family == AF_INET;
    six = six || each->ai_family == AF_INET6;
  }
  freeaddrinfo(found);
  return four && six;
}

TEST(AUdpLog, reaches_a_listener_at_the_second_address_of_a_name) {
  if (!localhost_is_of_both_kinds()) GTEST_SKIP() << "localhost is not 127.0.0.1 and ::1 here";
  const auto listener = UdpSocket::of_ipv6();
  UdpLog udp{"localhost", listener->port()};
  EXPECT_TRUE(test::eventually(
      [&] {
        udp.send("again\n");
        return listener->hears("again", 100ms);
      },
      10s));
}

}  // namespace
}  // namespace p1meter::log
