// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection in the place of another, while the read loop runs on.
#pragma once

#include <functional>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "p1meter/values/time.hpp"

namespace p1meter::daemon {

inline constexpr milliseconds goodbye_patience{1500};

/// Ends a connection on a thread of its own, for that may take a second; `then` runs on the read
/// loop afterwards. The connection goes on the read loop too, behind all that it has posted there.
template <class Connection>
void retire(boost::asio::io_context& context, std::unique_ptr<Connection> connection,
            std::function<void()> then) {
  connection->leave();
  const auto end = [&context, leaving = std::shared_ptr<Connection>{std::move(connection)},
                    then = std::move(then),
                    work = boost::asio::make_work_guard(context)]() mutable {
    leaving->stop(goodbye_patience);
    boost::asio::post(context,
                      [&context, leaving = std::move(leaving), then = std::move(then)]() mutable {
                        then();
                        boost::asio::post(context, [leaving = std::move(leaving)] {});
                      });
  };
  try {
    std::thread{end}.detach();
  } catch (const std::system_error&) {
    auto here = end;  // there is no thread to be had: the read loop waits
    here();
  }
}

/// Holds a connection, or none. A successor starts when all its predecessors have said goodbye, for
/// they have the same client id. Must outlive those that leave.
/// Threads   the read loop only
template <class Connection>
class Slot {
 public:
  [[nodiscard]] Connection* get() const noexcept { return current_.get(); }
  [[nodiscard]] Connection& operator*() const noexcept { return *current_; }
  [[nodiscard]] Connection* operator->() const noexcept { return current_.get(); }
  [[nodiscard]] explicit operator bool() const noexcept { return current_ != nullptr; }

  /// The connection that was here says goodbye. `next` may be none; start() starts it.
  void replace(boost::asio::io_context& context, std::unique_ptr<Connection> next) {
    auto former = std::exchange(current_, std::move(next));
    wanted_ = false;
    if (!former) return;
    ++leaving_;
    retire(context, std::move(former), [this] {
      --leaving_;
      if (wanted_) start();
    });
  }
  /// At once, or as soon as nobody is leaving any more.
  void start() {
    wanted_ = true;
    if (current_ && leaving_ == 0) current_->start();
  }

 private:
  std::unique_ptr<Connection> current_{};
  int leaving_{};
  bool wanted_{};  // start() was called
};

}  // namespace p1meter::daemon
