// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#include "daemon/state_saver.hpp"

#include "adapters/log/log.hpp"

namespace p1meter::daemon {

void StateSaver::write(const std::vector<std::pair<std::string, StoredMeter>>& meters) const {
  for (const auto& [name, stored] : meters) {
    const std::string fault = store_.save(name, stored);
    if (fault.empty()) continue;
    log::write_limited("state", log::Level::warning,
                       "cannot save what is known of a meter, going on without",
                       {{"meter", name}, {"reason", fault}});
  }
}

void StateSaver::save(std::vector<std::pair<std::string, StoredMeter>> meters) {
  writing_ = std::async(std::launch::async, [this, meters = std::move(meters)] { write(meters); });
}

void StateSaver::save_now(std::vector<std::pair<std::string, StoredMeter>> meters) {
  if (writing_.valid()) writing_.wait();
  write(meters);
}

}  // namespace p1meter::daemon
