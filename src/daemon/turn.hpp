// SPDX-License-Identifier: Apache-2.0
// Daemon: how long the read loop was busy with one thing.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace p1meter::daemon {

/// Measures one turn of the read loop while it lives: the time in which no telegram can be read.
/// Turns within turns count as one.
/// Threads   the read loop only
class Turn {
 public:
  using Clock = std::chrono::steady_clock;

  Turn() : begin_{Clock::now()}, outermost_{!std::exchange(record().running, true)} {}
  ~Turn() {
    if (!outermost_) return;
    record().running = false;
    record().longest = std::max(record().longest, Clock::now() - begin_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Turn(Turn&&) = delete;
  Turn& operator=(Turn&&) = delete;

  /// Of all turns since the start of the program.
  [[nodiscard]] static Clock::duration longest() noexcept { return record().longest; }

 private:
  struct Record {
    Clock::duration longest{};
    bool running{};
  };
  [[nodiscard]] static Record& record() noexcept {
    static Record of_the_program;
    return of_the_program;
  }

  Clock::time_point begin_;
  bool outermost_;
};

}  // namespace p1meter::daemon
