// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one connection as the publisher's thread sees it: what may be sent, what came back.
#include "adapters/mqtt/connection.hpp"

#include <utility>

#include "adapters/mqtt/reasons.hpp"

namespace p1meter::mqtt {
namespace {

/// The next messages are handed over without going back to the lock.
constexpr std::size_t most_at_once = 64;
constexpr milliseconds disconnect_wait{500};
constexpr std::size_t most_received = 64;
constexpr std::size_t longest_received = 8192;  // bytes; what follows is cut off

TakenBack taken_back_by(const Message& message) {
  return {.broker = {}, .topic = *message.topic, .whole = message.payload.empty()};
}

}  // namespace

Connection::Connection(Exchange& exchange, SessionOptions options)
    : exchange_{exchange}, session_{std::move(options), *this} {}

Connection::Result Connection::connect(milliseconds patience) {
  if (const auto fault = session_.connect()) {
    failure_ = {ConnectFailure::Kind::unreachable, *fault};
    return Result::failed;
  }
  const auto until = Clock::now() + patience;
  std::unique_lock lock{exchange_.mutex};
  while (!connect_result_ && !exchange_.stopping && Clock::now() < until)
    static_cast<void>(exchange_.wait_for_work(lock, until));
  if (exchange_.stopping) return Result::stopped;
  if (!connect_result_) {
    failure_ = {ConnectFailure::Kind::timed_out, "the broker did not answer in time"};
    return Result::failed;
  }
  const bool success = *connect_result_;
  lock.unlock();
  if (!success) {
    failure_ = session_.failure();
    return Result::failed;
  }
  limits_ = session_.limits();
  unacknowledged_ = AcknowledgeWindow{limits_.receive_maximum};
  return Result::connected;
}

bool Connection::may_send(const Message& message) const noexcept {
  return limits_.qos_of(message) == 0 ? unwritten_.open() : unacknowledged_.open();
}

void Connection::take(std::vector<Message>& out, bool ignore_silence) {
  silent_ = answers_.overdue(Clock::now());
  if ((silent_ && !ignore_silence) || lost_) return;
  tickets_.clear();
  while (out.size() < most_at_once) {
    const Message* const next = exchange_.mailbox.front();
    if (next == nullptr || !may_send(*next)) return;
    Message message = *exchange_.mailbox.take();
    if (!limits_.takes(message)) {
      refuse_too_large(message);
      continue;
    }
    if (limits_.qos_of(message) == 0) {
      unwritten_.taken(message.payload.size());
      // A broker that takes QoS 0 only never says more.
      if (message.takes_back) taken_back_.push_back(taken_back_by(message));
      tickets_.push_back(0);
    } else {
      // As it was: another broker may take more.
      tickets_.push_back(unacknowledged_.take(message));
    }
    limits_.fit(message);
    out.push_back(std::move(message));
  }
}

void Connection::refuse_too_large(const Message& message) {
  ++exchange_.refused;
  too_large_.push_back(*message.topic + ": larger than the broker takes (" +
                       std::to_string(limits_.packet) + ")");
}

void Connection::send(std::vector<Message>& messages) {
  constexpr int topic_name_invalid = 0x90;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool counted = messages[i].qos == 0;
    const std::size_t bytes = messages[i].payload.size();
    const auto taken = session_.publish(std::move(messages[i]), tickets_[i]);
    if (taken == PahoSession::Taken::yes) {
      ++exchange_.published;
    } else if (counted) {
      written(bytes);
    } else if (taken == PahoSession::Taken::impossible) {
      acknowledged(tickets_[i], false, topic_name_invalid);
    }  // else the message keeps its place until salvage()
  }
  messages.clear();
}

void Connection::ask_for_life(const std::string& topic) {
  const auto now = Clock::now();
  {
    const std::lock_guard lock{exchange_.mutex};
    if (!answers_.due(now)) return;
    answers_.asked(now);
  }
  static_cast<void>(session_.ask(topic));
}

Connection::News Connection::collect() {
  News news;
  for (const auto& [ticket, arrived, reason] : std::exchange(acknowledgements_, {}))
    give_back(ticket, arrived, reason, news);
  if (std::exchange(answered_, false)) {
    answers_.answered();
    has_answered_ = true;
    silent_ = false;
  }
  news.received = std::exchange(received_, {});
  for (std::string& refusal : std::exchange(too_large_, {}))
    news.refused.push_back(std::move(refusal));
  news.unsubscribed = std::exchange(unsubscribed_, {});
  for (TakenBack& taken : std::exchange(taken_back_, {}))
    news.taken_back.push_back(std::move(taken));
  return news;
}

void Connection::give_back(std::size_t ticket, bool arrived, int reason, News& news) {
  auto message = unacknowledged_.give_back(ticket);
  if (!message) return;
  if (arrived) {
    if (message->takes_back) news.taken_back.push_back(taken_back_by(*message));
    return;
  }
  if (reason != 0) {
    ++exchange_.refused;
    news.refused.push_back(*message->topic + ": " + reason_text(reason));
  } else {
    exchange_.mailbox.put_back(std::move(*message));
  }
}

void Connection::want_room() noexcept { room_wanted_ = true; }

bool Connection::nothing_on_its_way() const noexcept {
  return unwritten_.empty() && unacknowledged_.empty();
}

Connection::News Connection::salvage() {
  News news = collect();
  // Each goes to the front: the newest first, so that their order stays.
  while (auto message = unacknowledged_.give_newest_back())
    exchange_.mailbox.put_back(*std::move(message));
  return news;
}

void Connection::disconnect(Clock::time_point deadline) {
  if (!session_.disconnect(disconnect_wait)) return;
  std::unique_lock lock{exchange_.mutex};
  while (!goodbye_said_ && !lost_ && Clock::now() < deadline)
    static_cast<void>(exchange_.wait_for_work(lock, deadline));
}

// ---- on Paho's threads

void Connection::connect_ended(bool success) {
  const std::lock_guard lock{exchange_.mutex};
  connect_result_ = success;
  exchange_.wake();
}

void Connection::lost(std::string reason) {
  const std::lock_guard lock{exchange_.mutex};
  // The broker's own reason comes before the plain end of the connection, and says more.
  if (!lost_) lost_ = std::move(reason);
  exchange_.wake();
}

void Connection::written(std::size_t bytes) {
  unwritten_.written(bytes);
  if (!room_wanted_.load() || !(unwritten_.half_open() || unwritten_.empty())) return;
  const std::lock_guard lock{exchange_.mutex};
  room_wanted_ = false;
  exchange_.wake();
}

void Connection::acknowledged(std::size_t ticket, bool arrived, int reason) {
  const std::lock_guard lock{exchange_.mutex};
  acknowledgements_.push_back({ticket, arrived, reason});
  exchange_.wake();
}

void Connection::answered() {
  const std::lock_guard lock{exchange_.mutex};
  answered_ = true;
  if (silent_) exchange_.wake();
}

void Connection::disconnected() {
  const std::lock_guard lock{exchange_.mutex};
  goodbye_said_ = true;
  exchange_.wake();
}

void Connection::subscription_refused(std::string filter, int reason) {
  const std::lock_guard lock{exchange_.mutex};
  unsubscribed_.push_back(std::move(filter) + (reason == 0 ? "" : ": " + reason_text(reason)));
  exchange_.wake();
}

void Connection::received(std::string topic, std::string payload, bool retained) {
  // Who subscribes cannot choose what comes: neither much nor long messages may fill our memory.
  if (payload.size() > longest_received) {
    payload.resize(longest_received);
    payload.shrink_to_fit();
  }
  const std::lock_guard lock{exchange_.mutex};
  if (received_.size() >= most_received) {
    ++exchange_.unread;
    return;
  }
  received_.push_back({std::move(topic), std::move(payload), retained});
  exchange_.wake();
}

}  // namespace p1meter::mqtt
