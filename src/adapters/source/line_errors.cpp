// SPDX-License-Identifier: Apache-2.0
// Source adapter: the errors on a serial line that its driver has counted.
#include "adapters/source/line_errors.hpp"

#include <linux/serial.h>
#include <sys/ioctl.h>
#include <utility>

namespace p1meter {
namespace {

/// Unsigned, so that a counter that has turned over still gives the right difference.
LineErrors between(const LineCounters& before, const LineCounters& now) {
  const auto since = [&](std::uint32_t LineCounters::*counter) -> std::uint64_t {
    return static_cast<std::uint32_t>(now.*counter - before.*counter);
  };
  return {.framing = since(&LineCounters::framing),
          .parity = since(&LineCounters::parity),
          .breaks = since(&LineCounters::breaks),
          .overruns = since(&LineCounters::overruns) + since(&LineCounters::buffer_overruns)};
}

}  // namespace

LineErrors& LineErrors::operator+=(const LineErrors& other) noexcept {
  framing += other.framing;
  parity += other.parity;
  breaks += other.breaks;
  overruns += other.overruns;
  return *this;
}

std::optional<LineCounters> read_line_counters(int fd) {
  serial_icounter_struct driver{};
  if (::ioctl(fd, TIOCGICOUNT, &driver) != 0) return std::nullopt;
  const auto bits = [](int value) { return static_cast<std::uint32_t>(value); };
  return LineCounters{.framing = bits(driver.frame),
                      .parity = bits(driver.parity),
                      .breaks = bits(driver.brk),
                      .overruns = bits(driver.overrun),
                      .buffer_overruns = bits(driver.buf_overrun)};
}

LineErrorCounter::LineErrorCounter(Reader read) : read_{std::move(read)} {}

void LineErrorCounter::opened(int fd) {
  seen_ = read_(fd);
  if (seen_ && !errors_) errors_.emplace();
}

void LineErrorCounter::look(int fd) {
  if (!seen_) return;
  const auto now = read_(fd);
  if (!now) return;
  *errors_ += between(*seen_, *now);
  seen_ = now;
}

}  // namespace p1meter
