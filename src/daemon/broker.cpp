// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection to a broker and the meters that publish over it.
#include "daemon/broker.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/log/log.hpp"
#include "daemon/clock.hpp"
#include "daemon/turn.hpp"

namespace p1meter::daemon {
namespace {

using Kind = mqtt::StateChange::Kind;

// Between two turns of the read loop.
constexpr std::size_t most_received = 64;
constexpr std::size_t most_changes = 1024;

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
    case Kind::subscription_refused:
      return "the MQTT broker refuses a subscription; what it is for does not work there (remote "
             "control, Home Assistant's start, another p1meter on our topics)";
    case Kind::limited:
      return "the MQTT broker takes less than the settings say, going on with what it takes";
    case Kind::topic_taken:
      return "two values would have one topic; the first one keeps it";
    case Kind::topic_incomplete:
      return "nothing is published on a meter's topics that hold what it does not send";
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

void log_change(const mqtt::StateChange& change, const std::string& base_topic) {
  log::write(level(change.kind), sentence(change.kind),
             {{"broker", change.broker}, {"base_topic", base_topic}, {"reason", change.text}});
}

Broker::Broker(boost::asio::io_context& context, const settings::MqttSettings& settings,
               mqtt::Identity identity, const settings::ReadingRules& rules)
    : birth_timer_{context},
      context_{context},
      identity_{std::move(identity)},
      retained_{context},
      clearing_{context},
      received_{context, most_received,
                [this](const mqtt::Received& message) { receive(message); }},
      changed_{context, most_changes, [this](const mqtt::StateChange& change) { note(change); }},
      sink_{settings, identity_, rules,
            mqtt::Callbacks{
                .changed = changed_.entrance(),
                .connected = [this, &context] { boost::asio::post(context, [this] { greet(); }); },
                .received = received_.entrance(),
                .taken_back = retained_.entrance(),
                .retains_more =
                    [this] {
                      if (retains_more_) retains_more_();
                    },
            }} {}

void Broker::greet() {
  sink_.connected(retained_.remembered());
  // What is under way may have gone to the connection before.
  if (current_) current_->greeting = false;
  announce({.greeting = true, .clear = true});
}

void Broker::clear_outdated() {
  const auto current = sink_.retained_topics();
  retained_.note(current);
  sink_.forget(retained_.outdated(current));
  if (connected_now_) clearing_.begun();  // before, nothing is known of the broker
}

void Broker::receive(const mqtt::Received& message) {
  const Turn turn;
  note_birth(message);
  if (command_) command_(*this, message);
}

void Broker::set_meters(std::vector<const MeterView*> meters) {
  meters_ = std::move(meters);
  // Those under way may be gone.
  if (current_) begin_announcement();
}

/// Home Assistant has started and knows nothing yet. After a random while, so that not all
/// programs of a house answer at once; whoever starts twice in that time is answered once.
void Broker::note_birth(const mqtt::Received& message) {
  if (left_ || !identity_.home_assistant || message.retained ||
      message.topic != identity_.home_assistant->birth_topic ||
      message.payload != identity_.home_assistant->birth_payload || birth_awaits_)
    return;
  constexpr int longest_delay = 2000;  // ms
  birth_awaits_ = true;
  birth_timer_.expires_after(
      milliseconds{std::uniform_int_distribution<int>{0, longest_delay}(random_)});
  birth_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;  // this may be gone
    birth_awaits_ = false;
    if (!connected_now_) return;
    announce({.repeat = true});
    log::write_limited(identity_.base_topic + "/birth", log::Level::info,
                       "Home Assistant has started, everything is announced anew");
  });
}

void Broker::leave() {
  note_retained();
  retained_.leave();
  begin_nothing();
  meters_.clear();
  connected_ = {};
  command_ = {};
  retains_more_ = {};
}

mqtt::Statistics Broker::statistics() const {
  mqtt::Statistics statistics = sink_.statistics();
  // The publisher's thread ends its greeting at a time of its own; what is published from here in
  // the meantime goes out over the connection all the same.
  statistics.connected = connected_now_;
  statistics.unread += received_.dropped();
  return statistics;
}

void Broker::begin_nothing() {
  left_ = true;
  birth_timer_.cancel();
  clearing_.leave();
  ++announcement_;
  current_.reset();
  next_.reset();
}

void Broker::announce(Afterwards afterwards) {
  if (left_) return;
  if (!current_) {
    current_ = afterwards;
    begin_announcement();
    return;
  }
  if (!next_) next_.emplace();
  next_->greeting |= afterwards.greeting;
  next_->repeat |= afterwards.repeat;
  next_->clear |= afterwards.clear;
}

void Broker::begin_announcement() {
  sink_.announce_program();
  announce_next(0, ++announcement_);
}

void Broker::announce_next(std::size_t meter, std::size_t announcement) {
  if (announcement != announcement_) return;
  const Turn turn;
  if (meter == meters_.size()) {
    end_announcement();
    return;
  }
  sink_.announce(*meters_[meter]);
  boost::asio::post(context_,
                    [this, meter, announcement] { announce_next(meter + 1, announcement); });
}

void Broker::end_announcement() {
  const Afterwards afterwards = *std::exchange(current_, std::exchange(next_, std::nullopt));
  // Statistics first: what they yield is not outdated.
  if ((afterwards.greeting || afterwards.repeat) && connected_) connected_();
  if (afterwards.clear) clear_outdated();
  if (afterwards.repeat) sink_.repeat_status();
  if (afterwards.greeting) sink_.announced();
  if (current_) begin_announcement();
}

void Broker::note(const mqtt::StateChange& change) {
  if (change.kind == Kind::base_topic_shared) {
    note_neighbour(change);
    return;
  }
  if (change.kind == Kind::connected) {
    note_retained();  // of the broker before, when this is another one
    retained_.connected_to(change.broker);
    published_here_before_ = retained_.holds(sink_.statistics_topic());
    connected_now_ = true;
    state_ = "MQTT connected to " + change.broker;
  }
  if (change.kind == Kind::lost) connected_now_ = false;
  if (change.kind == Kind::lost || change.kind == Kind::refused)
    state_ = "MQTT broker away: " + change.text;
  log_change(change, identity_.base_topic);
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
