// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: even ticks on the kernel's clock; a tick that comes late does not shift the next
// ones.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <sys/timerfd.h>
#include <system_error>
#include <unistd.h>

namespace p1meter::bench {

class Ticker {
 public:
  explicit Ticker(std::chrono::nanoseconds period)
      : descriptor_{::timerfd_create(CLOCK_MONOTONIC, 0)} {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(period);
    const timespec step{whole.count(), static_cast<long>((period - whole).count())};
    const itimerspec times{step, step};
    if (descriptor_ < 0 || ::timerfd_settime(descriptor_, 0, &times, nullptr) != 0) {
      throw std::system_error{errno, std::generic_category(), "timerfd"};
    }
  }
  ~Ticker() { ::close(descriptor_); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// Waits for the next tick; returns at once as often as ticks were missed.
  void wait() {
    while (owed_ == 0) {
      if (::read(descriptor_, &owed_, sizeof owed_) < 0) {
        owed_ = 0;
      }
    }
    --owed_;
  }

 private:
  int descriptor_;
  std::uint64_t owed_{};
};

}  // namespace p1meter::bench
