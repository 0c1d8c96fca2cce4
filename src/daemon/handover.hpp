// SPDX-License-Identifier: Apache-2.0
// Daemon: things that other threads hand to the read loop, at most so many at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace p1meter::daemon {

/// A queue that ends on the read loop. What asio::post alone would hold has no bound.
///
/// Drops     what finds the queue full; counted
/// Threads   put() any; the rest, and `take`, the read loop. May go while others still put
template <class Thing>
class Handover {
 public:
  Handover(boost::asio::io_context& context, std::size_t most, std::function<void(Thing)> take)
      : shared_{std::make_shared<Shared>(context, most, std::move(take))} {}
  ~Handover() { shared_->take = {}; }
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;
  Handover(Handover&&) = delete;
  Handover& operator=(Handover&&) = delete;

  /// A function that puts, for who may outlive this object.
  [[nodiscard]] std::function<void(Thing)> entrance() const {
    return [shared = shared_](Thing thing) { put(shared, std::move(thing)); };
  }
  /// Takes what has come so far, without waiting for the read loop's next turn.
  void take_all() { take_all(*shared_); }
  [[nodiscard]] std::uint64_t dropped() const {
    const std::lock_guard lock{shared_->mutex};
    return shared_->dropped;
  }

 private:
  struct Shared {
    Shared(boost::asio::io_context& read_loop, std::size_t limit, std::function<void(Thing)> taker)
        : context{read_loop}, most{limit}, take{std::move(taker)} {}

    boost::asio::io_context& context;
    const std::size_t most;
    std::function<void(Thing)> take;  // the read loop's
    std::mutex mutex{};
    // Guarded by mutex.
    std::deque<Thing> waiting{};
    std::uint64_t dropped{};
  };

  static void put(const std::shared_ptr<Shared>& shared, Thing thing) {
    const std::lock_guard lock{shared->mutex};
    if (shared->waiting.size() >= shared->most) {
      ++shared->dropped;
      return;
    }
    shared->waiting.push_back(std::move(thing));
    if (shared->waiting.size() == 1)
      boost::asio::post(shared->context, [shared] { take_all(*shared); });
  }

  static void take_all(Shared& shared) {
    std::deque<Thing> things;
    {
      const std::lock_guard lock{shared.mutex};
      things.swap(shared.waiting);
    }
    for (Thing& thing : things) {
      if (shared.take) shared.take(std::move(thing));
    }
  }

  std::shared_ptr<Shared> shared_;
};

}  // namespace p1meter::daemon
