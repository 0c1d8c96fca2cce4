// SPDX-License-Identifier: Apache-2.0
// State adapter: what must survive a restart, one small JSON file per meter in the state directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "p1meter/links/link_machine.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"

namespace p1meter {

/// $STATE_DIRECTORY (the first, where systemd names several), else /var/lib/p1meter for root and
/// whom it belongs to, else $XDG_STATE_HOME/p1meter (~/.local/state/p1meter).
[[nodiscard]] std::filesystem::path state_directory();

struct StoredMeter {
  MeterMemory memory{};
  std::optional<link::LineSettings> line{};
};

/// Reads and writes small files of the state directory, which it makes when it must. A file that
/// cannot be understood is set aside (renamed *.damaged; *.newer when a later version wrote it) and
/// reported in one sentence, never fatal. Writing is atomic (temporary file, fsync, rename).
class StateStore {
 public:
  explicit StateStore(std::filesystem::path directory);
  ~StateStore();
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;
  StateStore(StateStore&&) = delete;
  StateStore& operator=(StateStore&&) = delete;

  /// meters/<meter>.json. Nothing when there is none or it was set aside. `report` receives one
  /// sentence when something was wrong with it, else is emptied.
  [[nodiscard]] std::optional<StoredMeter> load(const std::string& meter,
                                                std::string& report) const;
  /// Empty on success, else the reason.
  [[nodiscard]] std::string save(const std::string& meter, const StoredMeter& stored) const;

  /// A list of strings, kept as <name>.json: empty when there is none. `report` as for load.
  [[nodiscard]] std::vector<std::string> load_list(const std::string& name,
                                                   std::string& report) const;
  /// Empty on success, else the reason.
  [[nodiscard]] std::string save_list(const std::string& name,
                                      const std::vector<std::string>& items) const;

  /// Takes the directory's lock for a live run: false while another process holds it. Where no lock
  /// file can be made at all (a read-only directory) nobody can hold it: true, and unusable() says
  /// what is wrong.
  [[nodiscard]] bool lock();
  /// Why nothing can be kept here, or nobody be kept out; empty when all is well. After lock().
  [[nodiscard]] std::string unusable() const;

 private:
  std::filesystem::path directory_;
  int lock_descriptor_{-1};
  std::string lock_fault_{};
};

}  // namespace p1meter
