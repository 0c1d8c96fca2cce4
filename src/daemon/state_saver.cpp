// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#include "daemon/state_saver.hpp"

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
void StateSaver::cannot_save(const std::string& why) {
  failing_ = true;
  log::write(
      log::Level::warning,
      "cannot use the state directory, going on without: after a restart the kinds of meter, "
      "device numbers and retained topics are not remembered, and a second p1meter is not "
      "noticed",
      {{"reason", why}});
}

void StateSaver::write(const StateChanges& changes) {
  std::string fault;
  const auto note = [&fault](std::string why) {
    if (fault.empty()) fault = std::move(why);
  };
  for (const auto& [name, meter] : changes.meters) note(store_.save(name, meter));
  for (const auto& [name, list] : changes.lists) note(store_.save_list(name, list));
  if (changes.empty() || fault.empty() == !failing_) return;
  failing_ = !fault.empty();
  if (failing_) {
    log::write(log::Level::warning,
               "cannot save what must survive a restart, trying again with the next change",
               {{"reason", fault}});
  } else {
    log::write(log::Level::info, "what must survive a restart is saved again");
  }
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
