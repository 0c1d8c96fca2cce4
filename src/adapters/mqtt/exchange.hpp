// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what the read loop's thread, the publisher's thread and Paho's threads share.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mqtt/mailbox.hpp"
#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

using Clock = std::chrono::steady_clock;

/// Nobody holds `mutex` while calling Paho or a callback: Paho calls us with its own locks held.
struct Exchange {
  std::mutex mutex{};
  std::condition_variable work{};  // for the publisher's thread
  std::condition_variable idle{};  // for drain and stop

  // Guarded by mutex.
  Mailbox mailbox{};
  std::vector<Message> farewell{};  // sent before the goodbye: every status is `offline`
  bool announced{};                 // all that is current was put after the last connect
  bool stopping{};
  Clock::time_point deadline{};  // of the stop
  bool flowing{};                // connected and past the greeting
  bool all_sent{};               // flowing, and nothing is on its way
  int drainers{};                // who wait for all_sent
  bool waiting{};                // the publisher's thread waits for work
  bool ended{};                  // the publisher's thread is done

  // Counters, read at any time.
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> published{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> unread{0};  // received messages that found no place

  [[nodiscard]] bool is_stopping() {
    const std::lock_guard lock{mutex};
    return stopping;
  }
  /// Wakes the publisher's thread if it waits. With the mutex held.
  void wake() {
    if (!waiting) return;
    waiting = false;
    work.notify_one();
  }
  /// The same in two steps, so that the thread does not wake only to wait for the mutex: ask with
  /// the mutex held; when it is true, work.notify_one() without.
  [[nodiscard]] bool wants_waking() { return std::exchange(waiting, false); }
  /// Waits for wake(); false at the deadline.
  bool wait_for_work(std::unique_lock<std::mutex>& lock, Clock::time_point until) {
    waiting = true;
    while (waiting) {
      if (work.wait_until(lock, until) == std::cv_status::timeout) break;
    }
    const bool woken = !waiting;
    waiting = false;
    return woken;
  }
};

}  // namespace p1meter::mqtt
