// SPDX-License-Identifier: Apache-2.0
// Component tests: what a serial line's driver counts, with counters that a test sets.
#include "adapters/source/line_errors.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits>

#include "support/pty.hpp"

namespace p1meter {
namespace {

constexpr int some_fd = 7;

class ALineErrorCounter : public testing::Test {
 protected:
  std::optional<LineCounters> driver{LineCounters{}};
  int reads{};
  LineErrorCounter counter{[this](int fd) {
    EXPECT_EQ(fd, some_fd);
    ++reads;
    return driver;
  }};
};

TEST_F(ALineErrorCounter, counts_from_the_opening_on) {
  driver = LineCounters{
      .framing = 100, .parity = 200, .breaks = 300, .overruns = 400, .buffer_overruns = 500};
  counter.opened(some_fd);
  EXPECT_EQ(counter.errors(), LineErrors{});

  driver = LineCounters{
      .framing = 101, .parity = 202, .breaks = 303, .overruns = 404, .buffer_overruns = 550};
  counter.look(some_fd);
  counter.look(some_fd);

  EXPECT_EQ(counter.errors(), (LineErrors{.framing = 1, .parity = 2, .breaks = 3, .overruns = 54}));
  EXPECT_EQ(counter.errors()->total(), 60U);
}

TEST_F(ALineErrorCounter, bears_counters_that_turn_over) {
  driver->framing = std::numeric_limits<std::uint32_t>::max() - 1;
  counter.opened(some_fd);

  driver->framing = 3;
  counter.look(some_fd);

  EXPECT_EQ(counter.errors()->framing, 5U);
}

TEST_F(ALineErrorCounter, adds_up_over_devices_that_begin_at_zero_again) {
  counter.opened(some_fd);
  driver->breaks = 4;
  counter.look(some_fd);

  driver = LineCounters{};
  counter.opened(some_fd);
  driver->breaks = 1;
  counter.look(some_fd);

  EXPECT_EQ(counter.errors()->breaks, 5U);
}

TEST_F(ALineErrorCounter, keeps_what_it_has_when_the_device_goes) {
  counter.opened(some_fd);
  driver->parity = 4;
  counter.look(some_fd);

  driver.reset();
  counter.look(some_fd);

  EXPECT_EQ(counter.errors()->parity, 4U);
}

TEST_F(ALineErrorCounter, knows_nothing_and_asks_no_more_where_nobody_counts) {
  driver.reset();
  counter.opened(some_fd);
  counter.look(some_fd);
  counter.look(some_fd);

  EXPECT_EQ(counter.errors(), std::nullopt);
  EXPECT_EQ(reads, 1);
}

TEST(APseudoTerminal, has_no_line_counters) {
  const test::Pty pty;
  const int port = ::open(pty.device().c_str(), O_RDWR | O_NOCTTY);
  ASSERT_GE(port, 0);
  LineErrorCounter counter;

  counter.opened(port);
  counter.look(port);

  EXPECT_EQ(counter.errors(), std::nullopt);
  ::close(port);
}

}  // namespace
}  // namespace p1meter
