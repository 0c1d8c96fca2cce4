// SPDX-License-Identifier: Apache-2.0
// Daemon: when a connection that only clears may end.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "p1meter/values/time.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// Waits until the broker has acknowledged what clears, but not for ever: a slow broker takes its
/// time, and one that refuses would never be done. Ending the connection alone waits only 1.5 s.
/// Threads   the read loop only
class Clearing {
 public:
  explicit Clearing(boost::asio::io_context& context,
                    milliseconds longest = std::chrono::seconds{30})
      : longest_{longest}, timer_{context} {}

  /// `cleared` is called once, when `outdated` says that nothing is left to clear.
  void on_cleared(std::function<bool()> outdated, std::function<void()> cleared) {
    outdated_ = std::move(outdated);
    cleared_ = std::move(cleared);
  }
  /// What clears has been handed to a connection that stands. Does nothing without on_cleared().
  void begun();
  /// Nothing is called any more.
  void leave();

 private:
  void look();

  milliseconds longest_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point end_{};
  std::function<bool()> outdated_{};
  std::function<void()> cleared_{};
};

}  // namespace p1meter::daemon
