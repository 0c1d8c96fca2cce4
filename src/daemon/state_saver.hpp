// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "adapters/state/state_store.hpp"

namespace p1meter::daemon {

/// What there is to write: whole files, each replaced at once.
struct StateChanges {
  std::vector<std::pair<std::string, StoredMeter>> meters{};
  std::vector<std::pair<std::string, std::vector<std::string>>> lists{};

  [[nodiscard]] bool empty() const { return meters.empty() && lists.empty(); }
};

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

/// Saves on a thread that lives only while it writes. An SD card may take seconds for one sync.
/// Says once when that fails, and once when it works again.
class StateSaver {
 public:
  explicit StateSaver(const StateStore& store) : store_{store} {}

  /// It is known from the start that nothing can be saved: says what that means, and why.
  void cannot_save(const std::string& why);
  /// Another process has taken the directory while it was of no use to us.
  void directory_is_taken();
  /// Starts writing; not before the last one is done. `done` is called on the writing thread: with
  /// false something of it was not written.
  void save(StateChanges changes, std::function<void(bool saved)> done);
  /// Writes here and now, after what is still being written; for the end of the program.
  void save_now(const StateChanges& changes);

 private:
  /// False when something was not written.
  bool write(const StateChanges& changes);
  void tell(const std::string& fault);

  const StateStore& store_;
  bool failing_{};  // and the log has said so
  std::future<void> writing_{};
};

}  // namespace p1meter::daemon
