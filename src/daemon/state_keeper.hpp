// SPDX-License-Identifier: Apache-2.0
// Daemon: when what must survive a restart is saved, and what becomes of it when it cannot be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "adapters/state/state_store.hpp"
#include "daemon/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

struct Parts;

/// How long to leave a disk alone that did not take what was written: 10 s, twice as long after
/// each failure, at most 10 minutes.
class SavePause {
 public:
  [[nodiscard]] bool over(milliseconds now) const noexcept { return now >= until_; }
  void failed(milliseconds now) noexcept;
  void saved() noexcept { *this = {}; }

 private:
  milliseconds until_{};
  milliseconds next_{std::chrono::seconds{10}};
};

/// Looks after the state directory while the daemon runs. An SD card may take seconds for one sync,
/// so that a thread writes, which lives only as long; a disk that takes nothing is asked ever less
/// often. Says once that saving fails, and once that it works again.
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
  [[nodiscard]] bool saved() const noexcept { return !failing_; }

 private:
  /// What there is to write: whole files, each replaced at once.
  struct Changes {
    std::vector<std::pair<std::string, StoredMeter>> meters{};
    std::vector<std::pair<std::string, std::vector<std::string>>> lists{};
  };

  [[nodiscard]] Changes take_changes(std::size_t most_meters);
  /// Output    why something of it was not written; empty when all was
  [[nodiscard]] std::string write(const Changes& changes) const;
  /// `fault`: empty when all that was taken is saved. `meter`: whose memory was among it.
  void ended(const std::string& fault, const std::string& meter);
  void count_failure();
  void tell(const std::string& fault);

  boost::asio::io_context& context_;
  Parts& parts_;
  StateStore store_;
  SavePause pause_{};
  boost::asio::steady_timer soon_;
  std::uint64_t failures_{};
  bool failing_{};  // and the log has said so
  bool saving_{};
  bool saving_soon_{};
  bool stopping_{};
  std::future<void> writing_{};  // last: its thread uses what is above
};

}  // namespace p1meter::daemon
