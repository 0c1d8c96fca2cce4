// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#pragma once

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "adapters/state/state_store.hpp"

namespace p1meter::daemon {

/// Saves meters' memories on a thread that lives only while it writes. An SD card may take seconds
/// for one sync.
class StateSaver {
 public:
  explicit StateSaver(const StateStore& store) : store_{store} {}

  [[nodiscard]] bool busy() const {
    return writing_.valid() &&
           writing_.wait_for(std::chrono::seconds{0}) != std::future_status::ready;
  }

  /// Starts writing; only when not busy.
  void save(std::vector<std::pair<std::string, StoredMeter>> meters);
  /// Writes here and now, after what is still being written; for the end of the program.
  void save_now(std::vector<std::pair<std::string, StoredMeter>> meters);

 private:
  void write(const std::vector<std::pair<std::string, StoredMeter>>& meters) const;

  const StateStore& store_;
  std::future<void> writing_{};
};

}  // namespace p1meter::daemon
