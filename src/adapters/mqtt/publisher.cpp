// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the one thread that talks to the broker.
#include "adapters/mqtt/publisher.hpp"

#include <utility>

#include "adapters/mqtt/broker_loop.hpp"

namespace p1meter::mqtt {
namespace {

/// Of a stop's patience: the rest is for the goodbye and for the thread to end.
constexpr int sending_share_percent = 80;

}  // namespace

struct Publisher::Core {
  Core(settings::MqttSettings settings, Identity identity, Callbacks callbacks,
       const ConnectPlan::Pauses& pauses)
      : reporter{std::move(callbacks)},
        loop{std::move(settings), std::move(identity), exchange, reporter, pauses} {}

  Exchange exchange{};
  Reporter reporter;
  BrokerLoop loop;
};

Publisher::Publisher(settings::MqttSettings settings, Identity identity, Callbacks callbacks,
                     const ConnectPlan::Pauses& pauses)
    : core_{std::make_shared<Core>(std::move(settings), std::move(identity), std::move(callbacks),
                                   pauses)} {
  core_->exchange.mailbox.hold();
}

Publisher::~Publisher() {
  constexpr milliseconds patience{1000};
  stop(patience);
}

void Publisher::start() {
  if (thread_.started() || core_->exchange.is_stopping()) return;
  thread_.start([core = core_] {
    core->loop.run();
    const std::lock_guard lock{core->exchange.mutex};
    core->exchange.ended = true;
    core->exchange.idle.notify_all();
  });
}

void Publisher::put(std::vector<Message>& batch) {
  if (batch.empty()) return;
  Exchange& exchange = core_->exchange;
  bool wake = false;
  {
    const std::lock_guard lock{exchange.mutex};
    for (Message& message : batch) exchange.mailbox.put(std::move(message));
    exchange.all_sent = false;
    wake = exchange.flowing && exchange.wants_waking();
  }
  if (wake) exchange.work.notify_one();
  batch.clear();
}

void Publisher::announced() {
  const std::lock_guard lock{core_->exchange.mutex};
  core_->exchange.announced = true;
  core_->exchange.wake();
}

void Publisher::say_goodbye_on(const Topic& topic) {
  const std::lock_guard lock{core_->exchange.mutex};
  core_->exchange.farewell.push_back(core_->loop.offline_message(topic));
}

void Publisher::no_goodbye_on(const Topic& topic) {
  const std::lock_guard lock{core_->exchange.mutex};
  std::erase_if(core_->exchange.farewell,
                [&](const Message& message) { return *message.topic == *topic; });
}

void Publisher::topic_taken(const std::string& what) { core_->reporter.topic_taken(what); }

void Publisher::topic_incomplete(const std::string& what) {
  core_->reporter.topic_incomplete(what);
}

bool Publisher::drain(milliseconds patience) {
  Exchange& exchange = core_->exchange;
  std::unique_lock lock{exchange.mutex};
  ++exchange.drainers;
  exchange.wake();
  const bool sent = exchange.idle.wait_for(
      lock, patience, [&] { return exchange.all_sent || exchange.ended || exchange.stopping; });
  --exchange.drainers;
  return sent && exchange.all_sent;
}

void Publisher::stop(milliseconds patience) {
  begin_to_stop(patience);
  if (thread_.started() && ends_within(patience)) {
    thread_.join();
  } else {
    thread_.leave();
  }
  core_->reporter.silence();
}

void Publisher::begin_to_stop(milliseconds patience) {
  Exchange& exchange = core_->exchange;
  const std::lock_guard lock{exchange.mutex};
  if (std::exchange(exchange.stopping, true)) return;
  exchange.deadline = Clock::now() + patience * sending_share_percent / 100;
  exchange.wake();
  exchange.idle.notify_all();
}

bool Publisher::ends_within(milliseconds patience) {
  Exchange& exchange = core_->exchange;
  std::unique_lock lock{exchange.mutex};
  return exchange.idle.wait_for(lock, patience, [&] { return exchange.ended; });
}

Statistics Publisher::statistics() const {
  Exchange& exchange = core_->exchange;
  const auto connections = exchange.connections.load();
  const std::lock_guard lock{exchange.mutex};
  return {.connected = exchange.flowing,
          .reconnects = connections == 0 ? 0 : connections - 1,
          .queue = exchange.mailbox.size(),
          .dropped = exchange.mailbox.dropped(),
          .published = exchange.published.load(),
          .unread = exchange.unread.load(),
          .refused = exchange.refused.load(),
          .insecure = core_->loop.insecure()};
}

const Topic& Publisher::status_topic() const noexcept { return core_->loop.status_topic(); }

const Topic& Publisher::statistics_topic() const noexcept { return core_->loop.statistics_topic(); }

}  // namespace p1meter::mqtt
