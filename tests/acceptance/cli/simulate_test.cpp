// SPDX-License-Identifier: Apache-2.0
// p1meter simulate: where telegrams go, at what pace, and how it ends.
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "program.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

constexpr std::chrono::seconds soon{10};

std::vector<std::string> command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {P1METER_PROGRAM, "simulate", "dsmr5"});
  return arguments;
}

Outcome simulated(const std::vector<std::string>& arguments) {
  return outcome_of({.command = command(arguments)});
}

/// Reads until `size` bytes have come, the writer has gone or time is up.
std::string read_from(int descriptor, std::size_t size) {
  std::string text;
  std::array<char, 4096> buffer{};
  pollfd ready{descriptor, POLLIN, 0};
  while (text.size() < size && poll(&ready, 1, 10'000) > 0) {
    const auto got = read(descriptor, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

int connect_to(const std::string& port) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  void* const name = &address;
  EXPECT_EQ(connect(client, static_cast<sockaddr*>(name), sizeof address), 0);
  return client;
}

TEST(Simulate, sends_the_same_telegrams_for_the_same_seed) {
  const Outcome first = simulated({"--count", "5", "--speed", "max"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(simulated({"--count", "5", "--speed", "max", "--seed", "1"}).out, first.out);
  EXPECT_NE(simulated({"--count", "5", "--speed", "max", "--seed", "2"}).out, first.out);
  EXPECT_EQ(count(first.out, "\r\n!"), 5U);
  EXPECT_TRUE(contains(first.out, "0-0:1.0.0(240101000000W)")) << first.out;
}

TEST(Simulate, starts_when_it_is_told_to_and_keeps_the_period) {
  const Outcome run = simulated({"--count", "2", "--speed", "max", "--period", "10s", "--start",
                                 "2024-10-27T02:59:55+02:00"});
  EXPECT_TRUE(contains(run.out, "(241027025955S)")) << run.out;
  EXPECT_TRUE(contains(run.out, "(241027020005W)")) << run.out;
}

TEST(Simulate, takes_its_time_unless_told_otherwise) {
  const auto begin = Clock::now();
  EXPECT_EQ(simulated({"--count", "4", "--period", "1s", "--speed", "10"}).status, 0);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds{300});
}

TEST(Simulate, breaks_telegrams_on_request) {
  const std::string line =
      "\"$P1METER\" simulate dsmr5 --count 100 --speed max --fault crc | "
      "\"$P1METER\" decode --format json";
  const Outcome run = shell(line);
  EXPECT_EQ(run.status, 65);
  EXPECT_GE(count(run.out, "\"integrity\":\"bad\""), 1U);
  EXPECT_GE(count(run.out, "\"integrity\":\"ok\""), 50U);
}

TEST(Simulate, writes_files_and_does_not_fill_a_disk) {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "capture").string();
  EXPECT_EQ(simulated({"--count", "3", "--speed", "max", "--to", path}).status, 0);
  std::ifstream file{path, std::ios::binary};
  const std::string content{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  EXPECT_EQ(content, simulated({"--count", "3", "--speed", "max"}).out);

  EXPECT_EQ(simulated({"--speed", "max", "--to", path}).status, 64);
  EXPECT_EQ(simulated({"--count", "1", "--to", "/nonexistent/capture"}).status, 73);
  EXPECT_EQ(simulated({"--count", "1", "--to", "serial:/dev/null"}).status, 73);
  EXPECT_EQ(simulated({"--count", "1", "--to", "/dev/full"}).status, 74);
}

TEST(Simulate, plays_a_serial_port_that_may_be_opened_again_and_again) {
  Process process{{.command = command({"--to", "pty", "--period", "50ms"})}};
  ASSERT_TRUE(process.shows("\n", soon));
  const std::string device = process.err().substr(0, process.err().find('\n'));
  for (int i = 0; i < 3; ++i) {
    const int port = open(device.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(port, 0) << device;
    EXPECT_TRUE(contains(read_from(port, 3000), "\r\n!"));
    close(port);
  }
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(soon), 0);
}

TEST(Simulate, loses_nothing_on_a_terminal_at_full_speed) {
  Process process{{.command = command({"--to", "pty", "--speed", "max", "--count", "200"})}};
  ASSERT_TRUE(process.shows("\n", soon));
  const std::string device = process.err().substr(0, process.err().find('\n'));
  const int port = open(device.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);
  const std::string expected = simulated({"--speed", "max", "--count", "200"}).out;

  EXPECT_EQ(read_from(port, expected.size()), expected);
  EXPECT_EQ(process.wait(soon), 0);
  close(port);
}

TEST(Simulate, sends_binary_telegrams_unchanged_through_a_terminal) {
  const std::vector<std::string> arguments{P1METER_PROGRAM, "simulate", "aidon-no", "--speed",
                                           "max",           "--count",  "200"};
  const std::string expected = outcome_of({.command = arguments}).out;
  auto through_terminal = arguments;
  through_terminal.insert(through_terminal.end(), {"--to", "pty"});
  Process process{{.command = through_terminal}};
  ASSERT_TRUE(process.shows("\n", soon));
  const std::string device = process.err().substr(0, process.err().find('\n'));
  const int port = open(device.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);

  EXPECT_TRUE(read_from(port, expected.size()) == expected);
  for (const char steering : {'\x13', '\x03', '\n', '\r', '\0'}) {  // what a terminal could eat
    EXPECT_NE(expected.find(steering), std::string::npos);
  }
  EXPECT_EQ(process.wait(soon), 0);
  close(port);
}

TEST(Simulate, refuses_a_fault_that_a_meter_cannot_have) {
  const Outcome run =
      outcome_of({.command = {P1METER_PROGRAM, "simulate", "aidon-no", "--fault", "gas_unset"}});
  EXPECT_EQ(run.status, 64);
  EXPECT_TRUE(contains(run.err, "this meter shows no gas")) << run.err;
}

TEST(Simulate, serves_any_number_of_clients_the_same_telegrams) {
  Process process{{.command = command({"--to", "tcp://127.0.0.1:0", "--period", "50ms"})}};
  ASSERT_TRUE(process.shows("\n", soon));
  const std::string port = process.err().substr(process.err().rfind(' ') + 1);
  std::array<int, 3> clients{connect_to(port), connect_to(port), connect_to(port)};
  for (const int client : clients) EXPECT_TRUE(contains(read_from(client, 3000), "\r\n!"));
  close(clients[0]);
  EXPECT_TRUE(contains(read_from(clients[1], 3000), "\r\n!")) << "others leave, it goes on";
  const int late = connect_to(port);
  EXPECT_EQ(read_from(late, 100).substr(0, 1), "/") << "whole telegrams only";
  process.send(SIGINT);
  EXPECT_EQ(process.wait(soon), 0);
  for (const int client : {clients[1], clients[2], late}) close(client);
}

TEST(Simulate, gives_a_client_everything_at_full_speed) {
  Process process{{.command = command({"--to", "tcp://:0", "--speed", "max", "--count", "2000"})}};
  ASSERT_TRUE(process.shows("\n", soon));
  const int client = connect_to(process.err().substr(process.err().rfind(' ') + 1));
  const std::string expected = simulated({"--speed", "max", "--count", "2000"}).out;

  EXPECT_TRUE(read_from(client, expected.size()) == expected);
  EXPECT_EQ(process.wait(soon), 0);
  close(client);
}

TEST(Simulate, names_a_port_that_is_taken) {
  Process process{{.command = command({"--to", "tcp://:0"})}};
  ASSERT_TRUE(process.shows("\n", soon));
  std::string port = process.err().substr(process.err().rfind(' ') + 1);
  port.pop_back();
  const Outcome second = simulated({"--to", "tcp://:" + port});
  EXPECT_EQ(second.status, 73);
  EXPECT_TRUE(contains(second.err, "Address already in use")) << second.err;
}

TEST(Simulate, ends_in_order_whatever_ends_it) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Process process{{.command = command({"--period", "1h"})}};
    ASSERT_TRUE(process.shows("\r\n!", soon));
    process.send(signal);
    EXPECT_EQ(process.wait(soon), 0);
    EXPECT_EQ(process.err(), "");
  }
  for (const std::string pace : {"--speed max", "--period 10ms"}) {
    const Outcome run =
        shell("{ \"$P1METER\" simulate dsmr5 " + pace + "; echo $? >&2; } | head -c 1");
    EXPECT_EQ(run.err, "0\n") << pace;
  }
  // The reader's end is noticed also while nothing is written.
  EXPECT_EQ(shell("{ \"$P1METER\" simulate dsmr5 --period 1h; echo $? >&2; } | head -c 1").err,
            "0\n");
  EXPECT_EQ(shell("\"$P1METER\" simulate dsmr5 --count 1 > /dev/full").status, 74);
}

}  // namespace
}  // namespace p1meter::test
