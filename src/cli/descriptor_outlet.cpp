// SPDX-License-Identifier: Apache-2.0
// CLI: simulated telegrams to standard output, a file, a serial port or a pseudo terminal.
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include "cli/outlet.hpp"
#include "cli/poll_time.hpp"

namespace p1meter::cli {

DescriptorOutlet::DescriptorOutlet(Kind kind, int descriptor, int slave) noexcept
    : kind_{kind}, descriptor_{descriptor}, slave_{slave} {}

DescriptorOutlet::DescriptorOutlet(DescriptorOutlet&& other) noexcept
    : kind_{other.kind_},
      descriptor_{std::exchange(other.descriptor_, -1)},
      slave_{std::exchange(other.slave_, -1)} {}

DescriptorOutlet::~DescriptorOutlet() {
  if (descriptor_ >= 0 && kind_ != Kind::standard_output) close(descriptor_);
  if (slave_ >= 0) close(slave_);
}

Flow DescriptorOutlet::wait_for_reader(const StopSignal& /*stop*/) { return Flow::go_on; }

Flow DescriptorOutlet::wait_for_room(const StopSignal& stop) const {
  std::array<pollfd, 2> waiting{pollfd{stop.descriptor(), POLLIN, 0},
                                pollfd{descriptor_, POLLOUT, 0}};
  for (;;) {
    if (poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return Flow::failed;
    }
    if (waiting[0].revents != 0) return Flow::stopped;
    if (waiting[1].revents != 0) return Flow::go_on;
  }
}

Flow DescriptorOutlet::send(std::string_view telegram, bool paced, const StopSignal& stop) {
  std::string_view rest = telegram;
  while (!rest.empty()) {
    // A pipe that has room takes this much without blocking, so that signals are noticed.
    if (const Flow flow = wait_for_room(stop); flow != Flow::go_on) return flow;
    const ssize_t written =
        write(descriptor_, rest.data(), std::min(rest.size(), std::size_t{PIPE_BUF}));
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN && kind_ == Kind::terminal && paced) {
      tcflush(slave_, TCIFLUSH);
      rest = telegram;
    } else if (errno == EPIPE) {
      return Flow::reader_gone;
    } else if (errno != EAGAIN && errno != EINTR) {
      return Flow::failed;
    }
  }
  return Flow::go_on;
}

Flow DescriptorOutlet::wait_until(Clock::time_point due, const StopSignal& stop) {
  // Without events of its own poll still tells of a pipe whose reader has gone.
  std::array<pollfd, 2> waiting{pollfd{stop.descriptor(), POLLIN, 0},
                                pollfd{kind_ == Kind::standard_output ? descriptor_ : -1, 0, 0}};
  for (;;) {
    const int happened = poll(waiting.data(), waiting.size(), poll_time(due));
    if (happened == 0 && Clock::now() >= due) return Flow::go_on;
    if (happened < 0 && errno != EINTR) return Flow::failed;
    if (happened <= 0) continue;
    if (waiting[0].revents != 0) return Flow::stopped;
    return Flow::reader_gone;
  }
}

/// What the reader of a terminal has not fetched is lost when the terminal closes, and some of it
/// may still be on its way to where it is counted: so it must have been read for a moment.
Flow DescriptorOutlet::wait_until_read(const StopSignal& stop) {
  constexpr std::chrono::milliseconds look{10};
  constexpr std::chrono::milliseconds moment{250};
  constexpr std::chrono::seconds patience{2};  // for a reader that does not read
  int before = 0;
  auto changed = Clock::now();
  for (;;) {
    int unread = 0;
    if (ioctl(slave_, FIONREAD, &unread) != 0) return Flow::failed;
    const auto now = Clock::now();
    if (unread != before) changed = now;
    before = unread;
    if (now - changed >= (unread == 0 ? milliseconds{moment} : milliseconds{patience})) {
      return Flow::go_on;
    }
    if (const Flow flow = wait_until(now + look, stop); flow != Flow::go_on) return flow;
  }
}

Flow DescriptorOutlet::finish(const StopSignal& stop) {
  if (kind_ == Kind::serial) tcdrain(descriptor_);
  return kind_ == Kind::terminal ? wait_until_read(stop) : Flow::go_on;
}

}  // namespace p1meter::cli
