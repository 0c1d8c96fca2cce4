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
  unacknowledged_ = AcknowledgeWindow{session_.receive_maximum()};
  return Result::connected;
}

bool Connection::may_send(const Message& message) const noexcept {
  return message.qos == 0 ? unwritten_.open() : unacknowledged_.open();
}

void Connection::take(std::vector<Message>& out, bool ignore_silence) {
  silent_ = answers_.overdue(Clock::now());
  if ((silent_ && !ignore_silence) || lost_) return;
  tickets_.clear();
  while (out.size() < most_at_once) {
    const Message* const next = exchange_.mailbox.front();
    if (next == nullptr || !may_send(*next)) return;
    if (next->qos == 0) {
      unwritten_.taken(next->payload.size());
      tickets_.push_back(0);
    } else {
      tickets_.push_back(unacknowledged_.take(*next));
    }
    out.push_back(*exchange_.mailbox.take());
  }
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
  return news;
}

void Connection::give_back(std::size_t ticket, bool arrived, int reason, News& news) {
  auto message = unacknowledged_.give_back(ticket);
  if (!message || arrived) return;
  if (reason != 0) {
    news.refused.push_back(*message->topic + ": " + reason_text(reason));
  } else {
    exchange_.mailbox.put_back(std::move(*message));
  }
}

void Connection::want_room() noexcept { room_wanted_ = true; }

bool Connection::nothing_on_its_way() const noexcept {
  return unwritten_.empty() && unacknowledged_.empty();
}

void Connection::salvage() {
  static_cast<void>(collect());
  for (std::size_t ticket = AcknowledgeWindow::most; ticket-- > 0;) {
    if (auto message = unacknowledged_.give_back(ticket))
      exchange_.mailbox.put_back(std::move(*message));
  }
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

void Connection::received(std::string payload, bool retained) {
  const std::lock_guard lock{exchange_.mutex};
  received_.push_back({std::move(payload), retained});
  exchange_.wake();
}

}  // namespace p1meter::mqtt
