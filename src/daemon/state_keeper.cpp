// SPDX-License-Identifier: Apache-2.0
// Daemon: when what must survive a restart is saved, and what becomes of it when it cannot be.
#include "daemon/state_keeper.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "daemon/clock.hpp"
#include "daemon/compose.hpp"
#include "daemon/daemon.hpp"

namespace p1meter::daemon {

StateKeeper::StateKeeper(boost::asio::io_context& context, Parts& parts)
    : context_{context}, parts_{parts}, store_{state_directory()}, soon_{context} {
  if (!store_.lock()) {
    throw StateBusy{"another p1meter is running with the state directory " +
                    state_directory().string() +
                    ": stop it, or give this one a STATE_DIRECTORY of its own"};
  }
  if (const std::string why = store_.unusable(); !why.empty()) {
    saver_.cannot_save(why);
    note(false);
  }
}

void StateKeeper::save_next() {
  if (saving_ || stopping_ || !pause_.over(live_now().steady)) return;
  StateChanges changes = take_changes(1);
  if (changes.empty()) return;
  const std::string meter = changes.meters.empty() ? "" : changes.meters.front().first;
  if (!store_.lock()) {
    saver_.directory_is_taken();
    not_saved(meter);
    return;
  }
  saving_ = true;
  saver_.save(std::move(changes), [this, meter](bool saved) {
    boost::asio::post(context_, [this, meter, saved] {
      saving_ = false;
      if (!saved) {
        not_saved(meter);
        return;
      }
      note(true);
      save_next();
    });
  });
}

void StateKeeper::save_soon() {
  constexpr milliseconds gathering{100};
  if (saving_soon_ || stopping_) return;
  saving_soon_ = true;
  soon_.expires_after(gathering);
  soon_.async_wait([this](const boost::system::error_code& error) {
    saving_soon_ = false;
    if (!error) save_next();
  });
}

void StateKeeper::stop() {
  stopping_ = true;
  soon_.cancel();
}

void StateKeeper::save_all() {
  if (store_.lock()) saver_.save_now(take_changes(parts_.meters.size()));
}

void StateKeeper::note(bool saved) {
  saved_ = saved;
  if (saved) {
    pause_.saved();
  } else {
    ++failures_;
    pause_.failed(live_now().steady);
  }
}

/// What is as it was is written again too, for nobody knows what of it has been.
void StateKeeper::not_saved(const std::string& meter) {
  note(false);
  if (const auto found = parts_.meters.find(meter); found != parts_.meters.end())
    found->second->memory_not_stored();
  retained_not_stored(parts_);
}

StateChanges StateKeeper::take_changes(std::size_t most_meters) {
  StateChanges changes;
  for (auto& [name, meter] : parts_.meters) {
    if (changes.meters.size() == most_meters) break;
    if (auto memory = meter->take_changed_memory())
      changes.meters.emplace_back(name, std::move(*memory));
  }
  changes.lists = take_changed_retained(parts_);
  return changes;
}

}  // namespace p1meter::daemon
