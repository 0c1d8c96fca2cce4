// SPDX-License-Identifier: Apache-2.0
// State adapter: what must survive a restart, one small JSON file per meter in the state directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "p1meter/links/link_machine.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"

namespace p1meter {

/// $STATE_DIRECTORY, else /var/lib/p1meter for root, else $XDG_STATE_HOME/p1meter
/// (~/.local/state/p1meter).
[[nodiscard]] std::filesystem::path state_directory();

struct StoredMeter {
  MeterMemory memory{};
  std::optional<link::LineSettings> line{};
};

/// Reads and writes meters/<name>.json. A damaged file is set aside (renamed *.damaged) and
/// reported, never fatal. Writing is atomic (temporary file, fsync, rename).
class StateStore {
 public:
  explicit StateStore(std::filesystem::path directory);
  /// Nothing when there is none. `report` receives one sentence when a file was damaged.
  [[nodiscard]] std::optional<StoredMeter> load(const std::string& meter,
                                                std::string& report) const;
  /// Empty on success, else the reason.
  [[nodiscard]] std::string save(const std::string& meter, const StoredMeter& stored) const;
  /// Takes the directory's lock for a live run: false while another process holds it.
  [[nodiscard]] bool lock();
  ~StateStore();

 private:
  std::filesystem::path directory_;
  int lock_descriptor_{-1};
};

}  // namespace p1meter
