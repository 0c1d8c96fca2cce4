// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#pragma once

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

/// Saves on a thread that lives only while it writes. An SD card may take seconds for one sync.
class StateSaver {
 public:
  explicit StateSaver(const StateStore& store) : store_{store} {}

  /// It is known from the start that nothing can be saved: says what that means, and why.
  void cannot_save(const std::string& why);
  /// Starts writing; not before the last one is done. `done` is called on the writing thread.
  void save(StateChanges changes, std::function<void()> done);
  /// Writes here and now, after what is still being written; for the end of the program.
  void save_now(const StateChanges& changes);

 private:
  void write(const StateChanges& changes);

  const StateStore& store_;
  bool failing_{};  // and the log has said so
  std::future<void> writing_{};
};

}  // namespace p1meter::daemon
