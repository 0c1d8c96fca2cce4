// SPDX-License-Identifier: Apache-2.0
// Daemon: when what must survive a restart is saved, and what becomes of it when it cannot be.
#include "daemon/state_keeper.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/log/log.hpp"
#include "daemon/compose.hpp"
#include "daemon/daemon.hpp"

namespace p1meter::daemon {
namespace {

constexpr milliseconds longest_pause = std::chrono::minutes{10};

}  // namespace

void SavePause::failed(milliseconds now) noexcept {
  until_ = now + next_;
  next_ = std::min(2 * next_, longest_pause);
}

StateKeeper::StateKeeper(boost::asio::io_context& context, Parts& parts)
    : context_{context}, parts_{parts}, store_{state_directory()}, soon_{context} {
  if (!store_.lock()) {
    throw StateBusy{"another p1meter is running with the state directory " +
                    state_directory().string() +
                    ": stop it, or give this one a STATE_DIRECTORY of its own"};
  }
  const std::string why = store_.unusable();
  if (why.empty()) return;
  log::write(
      log::Level::warning,
      "cannot use the state directory, going on without until it is mended: after a restart the "
      "kinds of meter, device numbers and retained topics are not remembered, and a second p1meter "
      "is not noticed",
      {{"reason", why}});
  failing_ = true;
  count_failure();
}

void StateKeeper::save_next() {
  if (saving_ || stopping_ || !pause_.over(live_now().steady)) return;
  Changes changes = take_changes(1);
  if (changes.meters.empty() && changes.lists.empty()) return;
  const std::string meter = changes.meters.empty() ? "" : changes.meters.front().first;
  if (!store_.lock()) {
    ended(
        "another p1meter has the state directory: stop it, or give this one a STATE_DIRECTORY of "
        "its own",
        meter);
    return;
  }
  saving_ = true;
  writing_ = std::async(std::launch::async, [this, meter, changes = std::move(changes)] {
    boost::asio::post(context_, [this, meter, fault = write(changes)] {
      saving_ = false;
      ended(fault, meter);
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
  if (!store_.lock()) return;
  if (writing_.valid()) writing_.wait();
  const Changes changes = take_changes(parts_.meters.size());
  if (!changes.meters.empty() || !changes.lists.empty()) tell(write(changes));
}

StateKeeper::Changes StateKeeper::take_changes(std::size_t most_meters) {
  Changes changes;
  for (auto& [name, meter] : parts_.meters) {
    if (changes.meters.size() == most_meters) break;
    if (auto memory = meter->take_changed_memory())
      changes.meters.emplace_back(name, std::move(*memory));
  }
  changes.lists = take_changed_retained(parts_);
  return changes;
}

std::string StateKeeper::write(const Changes& changes) const {
  std::string fault;
  const auto note = [&fault](std::string why) {
    if (fault.empty()) fault = std::move(why);
  };
  for (const auto& [name, meter] : changes.meters) note(store_.save(name, meter));
  for (const auto& [name, list] : changes.lists) note(store_.save_list(name, list));
  return fault;
}

void StateKeeper::ended(const std::string& fault, const std::string& meter) {
  tell(fault);
  if (fault.empty()) {
    pause_.saved();
    return;
  }
  count_failure();
  // What is as it was is written again too, for nobody knows what of it has been.
  if (const auto found = parts_.meters.find(meter); found != parts_.meters.end())
    found->second->memory_not_stored();
  retained_not_stored(parts_);
}

void StateKeeper::count_failure() {
  ++failures_;
  pause_.failed(live_now().steady);
}

void StateKeeper::tell(const std::string& fault) {
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

}  // namespace p1meter::daemon
