// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#include "daemon/state_saver.hpp"

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

void report(const std::string& name, const std::string& fault) {
  if (fault.empty()) return;
  log::write_limited("state", log::Level::warning,
                     "cannot save what must survive a restart, going on without",
                     {{"name", name}, {"reason", fault}});
}

}  // namespace

void StateSaver::write(const StateChanges& changes) const {
  for (const auto& [name, meter] : changes.meters) report(name, store_.save(name, meter));
  for (const auto& [name, list] : changes.lists) report(name, store_.save_list(name, list));
}

void StateSaver::save(StateChanges changes, std::function<void()> done) {
  writing_ =
      std::async(std::launch::async, [this, changes = std::move(changes), done = std::move(done)] {
        write(changes);
        done();
      });
}

void StateSaver::save_now(const StateChanges& changes) {
  if (writing_.valid()) writing_.wait();
  write(changes);
}

}  // namespace p1meter::daemon
