// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection to a broker and the meters that publish over it.
#include "daemon/broker.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/log/log.hpp"
#include "daemon/clock.hpp"

namespace p1meter::daemon {
namespace {

using Kind = mqtt::StateChange::Kind;

std::string_view sentence(Kind kind) {
  switch (kind) {
    case Kind::connected:
      return "connected to the MQTT broker";
    case Kind::lost:
      return "MQTT broker lost, live topics keep their newest value until it is back";
    case Kind::refused:
      return "cannot connect to the MQTT broker, trying again until it works";
    case Kind::fell_back:
      return "the MQTT broker refuses version 5, using 3.1.1";
    case Kind::publish_refused:
      return "the MQTT broker refused a message";
    case Kind::base_topic_shared:
      return "another p1meter publishes under the same base topic, or did lately; if it still "
             "runs, give each its own mqtt.base_topic";
  }
  return "MQTT";
}

log::Level level(Kind kind) {
  return kind == Kind::connected || kind == Kind::fell_back ? log::Level::info
                                                            : log::Level::warning;
}

}  // namespace

Broker::Broker(boost::asio::io_context& context, const settings::MqttSettings& settings,
               mqtt::Identity identity, const settings::ReadingRules& rules)
    : identity_{std::move(identity)},
      sink_{settings, identity_, rules,
            mqtt::Callbacks{
                .changed =
                    [this, &context](const mqtt::StateChange& change) {
                      boost::asio::post(context, [this, change] { note(change); });
                    },
                .connected = [this, &context] { boost::asio::post(context, [this] { greet(); }); },
            }} {}

void Broker::greet() {
  announce();
  if (retained_ != nullptr)
    sink_.forget(retained_->take_outdated(address_, sink_.retained_topics()));
  sink_.announced();
  if (connected_) connected_();
}

void Broker::note_retained() {
  if (retained_ != nullptr && !address_.empty())
    retained_->note(address_, sink_.retained_topics(), connected_now_);
}

void Broker::leave() {
  note_retained();
  retained_ = nullptr;
  meters_.clear();
  connected_ = {};
}

mqtt::Statistics Broker::statistics() const {
  mqtt::Statistics statistics = sink_.statistics();
  // The publisher's thread ends its greeting at a time of its own; what is published from here in
  // the meantime goes out over the connection all the same.
  statistics.connected = connected_now_;
  return statistics;
}

void Broker::announce() {
  for (const MeterView* meter : meters_) sink_.announce(*meter, live_now());
}

void Broker::note(const mqtt::StateChange& change) {
  if (change.kind == Kind::base_topic_shared) {
    note_neighbour(change);
    return;
  }
  if (change.kind == Kind::connected) {
    note_retained();  // of the broker before, when this is another one
    address_ = change.broker;
    published_here_before_ =
        retained_ != nullptr && retained_->holds(address_, identity_.base_topic + "/statistics");
    connected_now_ = true;
    state_ = "MQTT connected to " + change.broker;
  }
  if (change.kind == Kind::lost) connected_now_ = false;
  if (change.kind == Kind::lost || change.kind == Kind::refused)
    state_ = "MQTT broker away: " + change.text;
  log::write(
      level(change.kind), sentence(change.kind),
      {{"broker", change.broker}, {"base_topic", identity_.base_topic}, {"reason", change.text}});
}

void Broker::note_neighbour(const mqtt::StateChange& change) {
  if (change.retained && published_here_before_) return;
  if (!neighbours_.heard(change.text, live_now().steady)) return;
  log::write(level(change.kind), sentence(change.kind),
             {{"broker", change.broker},
              {"base_topic", identity_.base_topic},
              {"client_id", change.text}});
}

void Broker::forget_silent_neighbours() {
  for (const std::string& client_id : neighbours_.take_silent(live_now().steady)) {
    log::write(log::Level::info, "the other p1meter no longer publishes under this base topic",
               {{"base_topic", identity_.base_topic}, {"client_id", client_id}});
  }
}

}  // namespace p1meter::daemon
