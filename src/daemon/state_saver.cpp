// SPDX-License-Identifier: Apache-2.0
// Daemon: writes what must survive a restart without making the read loop wait for the disk.
#include "daemon/state_saver.hpp"

#include <algorithm>

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

constexpr milliseconds longest_pause = std::chrono::minutes{10};

}  // namespace

void SavePause::failed(milliseconds now) noexcept {
  until_ = now + next_;
  next_ = std::min(2 * next_, longest_pause);
}

void StateSaver::cannot_save(const std::string& why) {
  failing_ = true;
  log::write(
      log::Level::warning,
      "cannot use the state directory, going on without until it is mended: after a restart the "
      "kinds of meter, device numbers and retained topics are not remembered, and a second p1meter "
      "is not noticed",
      {{"reason", why}});
}

void StateSaver::directory_is_taken() {
  tell(
      "another p1meter has the state directory: stop it, or give this one a STATE_DIRECTORY of "
      "its own");
}

void StateSaver::tell(const std::string& fault) {
  if (fault.empty() == !failing_) return;
  failing_ = !fault.empty();
  if (failing_) {
    log::write(log::Level::warning,
               "cannot save what must survive a restart, trying again until it works",
               {{"reason", fault}});
  } else {
    log::write(log::Level::info, "what must survive a restart is saved again");
  }
}

bool StateSaver::write(const StateChanges& changes) {
  std::string fault;
  const auto note = [&fault](std::string why) {
    if (fault.empty()) fault = std::move(why);
  };
  for (const auto& [name, meter] : changes.meters) note(store_.save(name, meter));
  for (const auto& [name, list] : changes.lists) note(store_.save_list(name, list));
  if (!changes.empty()) tell(fault);
  return fault.empty();
}

void StateSaver::save(StateChanges changes, std::function<void(bool saved)> done) {
  writing_ = std::async(std::launch::async, [this, changes = std::move(changes),
                                             done = std::move(done)] { done(write(changes)); });
}

void StateSaver::save_now(const StateChanges& changes) {
  if (writing_.valid()) writing_.wait();
  static_cast<void>(write(changes));
}

}  // namespace p1meter::daemon
