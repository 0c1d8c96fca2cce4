// SPDX-License-Identifier: Apache-2.0
// Daemon: when what must survive a restart is saved, and what becomes of it when it cannot be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "adapters/state/state_store.hpp"
#include "daemon/state_saver.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

struct Parts;

/// Looks after the state directory while the daemon runs: one meter is saved at a time, on a thread
/// of the saver's own, and a disk that takes nothing is asked ever less often.
/// Threads   the read loop only
class StateKeeper {
 public:
  /// Both must outlive this. Throws StateBusy when another process has the state directory.
  StateKeeper(boost::asio::io_context& context, Parts& parts);

  [[nodiscard]] const StateStore& store() const noexcept { return store_; }
  /// What has changed, one meter after the other: copies of all of them at once would be a good
  /// part of our memory.
  void save_next();
  /// The same in a moment. What brokers keep for us must be known also after a sudden end, and a
  /// telegram brings many keys.
  void save_soon();
  /// Nothing is begun any more.
  void stop();
  /// All that has changed, here and now; for the end of the program.
  void save_all();

  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }
  /// False after a save that failed, until one succeeds.
  [[nodiscard]] bool saved() const noexcept { return saved_; }

 private:
  void note(bool saved);
  void not_saved(const std::string& meter);
  [[nodiscard]] StateChanges take_changes(std::size_t most_meters);

  boost::asio::io_context& context_;
  Parts& parts_;
  StateStore store_;
  StateSaver saver_{store_};
  SavePause pause_{};
  boost::asio::steady_timer soon_;
  std::uint64_t failures_{};
  bool saved_{true};
  bool saving_{};
  bool saving_soon_{};
  bool stopping_{};
};

}  // namespace p1meter::daemon
