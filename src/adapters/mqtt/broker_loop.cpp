// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what the publisher's thread does from its start to its end.
#include "adapters/mqtt/broker_loop.hpp"

#include <random>
#include <utility>

#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {
namespace {

constexpr seconds connect_timeout{10};
constexpr milliseconds connect_patience{15'000};  // Paho looks at its own timeout now and then
constexpr milliseconds announce_patience{3000};
constexpr milliseconds congestion_patience{500};
constexpr milliseconds subscription_trouble{5000};

std::uint64_t seed() {
  std::random_device device;
  return device();
}

/// The member client_id of a statistics message; empty when there is none.
std::string_view client_id_of(std::string_view statistics) {
  constexpr std::string_view member = R"("client_id":")";
  const auto at = statistics.find(member);
  if (at == std::string_view::npos) return {};
  statistics.remove_prefix(at + member.size());
  return statistics.substr(0, statistics.find('"'));
}

BaseTopic base_of(const Identity& identity, const settings::MqttSettings& settings) {
  return {.used = identity.base_topic, .configured = settings.base_topic};
}

}  // namespace

BrokerLoop::BrokerLoop(settings::MqttSettings settings, Identity identity, Exchange& exchange,
                       Reporter& reporter, const ConnectPlan::Pauses& pauses)
    : settings_{std::move(settings)},
      identity_{std::move(identity)},
      exchange_{exchange},
      reporter_{reporter},
      status_topic_{daemon_topic(settings_.templates.status, base_of(identity_, settings_))},
      statistics_topic_{
          daemon_topic(settings_.templates.statistics, base_of(identity_, settings_))},
      question_topic_{*statistics_topic_ + "/none"},
      filters_{identity_.subscriptions},
      plan_{settings_.brokers.size(), settings_.version, seed(), pauses} {
  if (identity_.daemon_topics && settings_.statistics.enabled)
    filters_.push_back(*statistics_topic_);
}

Message BrokerLoop::status_message(const Topic& topic, std::string_view payload) const {
  return {topic, std::string{payload}, static_cast<std::uint8_t>(settings_.status.qos),
          settings_.status.retain};
}

std::optional<Message> BrokerLoop::presence_message(std::string Presence::*words) const {
  if (const auto& presence = identity_.presence) {
    const std::string& payload = (*presence).*words;
    if (payload.empty()) return std::nullopt;
    return Message{.topic = std::make_shared<const std::string>(presence->topic),
                   .payload = payload,
                   .qos = 1,
                   .retain = true};
  }
  if (!identity_.daemon_topics || !settings_.status.enabled) return std::nullopt;
  if (words != &Presence::here) return offline_message(status_topic_);
  return status_message(status_topic_, settings_.templates.online);
}

SessionOptions BrokerLoop::options(const ConnectPlan::Attempt& attempt,
                                   const std::string& address) const {
  const Endpoint broker = endpoint(attempt.broker);
  SessionOptions options;
  // With TLS the name goes into the certificate check.
  options.uri = settings_.tls ? "ssl://" + to_string(broker)
                              : "tcp://" + to_string(Endpoint{address, broker.port});
  options.client_id = identity_.client_id;
  options.version = attempt.version;
  options.username = settings_.username;
  options.password = settings_.password;
  options.keep_alive = settings_.keep_alive;
  options.connect_timeout = connect_timeout;
  options.tls = settings_.tls;
  options.will = presence_message(&Presence::will);
  if (options.will && modest_.contains(attempt.broker)) {
    options.will->retain = false;
    options.will->qos = 0;
  }
  return options;
}

void BrokerLoop::run() {
  if (settings_.brokers.empty()) return;
  while (true) {
    const auto next = plan_.next();
    if (!wait(next.wait)) return;
    attempt(next);
  }
}

bool BrokerLoop::wait(milliseconds duration) {
  const auto until = Clock::now() + duration;
  std::unique_lock lock{exchange_.mutex};
  while (!exchange_.stopping && Clock::now() < until)
    static_cast<void>(exchange_.wait_for_work(lock, until));
  return !exchange_.stopping;
}

void BrokerLoop::attempt(const ConnectPlan::Attempt& attempt) {
  const Endpoint broker = endpoint(attempt.broker);
  const Addresses addresses = look_up(broker);
  if (addresses.numeric.empty()) {
    reporter_.refused(to_string(broker), addresses.error);
    plan_.attempt_ended(Outcome::failed);
    return;
  }
  ConnectFailure failure;
  for (const std::string& address : addresses.numeric) {
    Connection connection{exchange_, options(attempt, address)};
    const auto result = connection.connect(connect_patience);
    if (result == Connection::Result::stopped) return;
    if (result == Connection::Result::connected) {
      serve(connection, attempt);
      return;
    }
    failure = connection.failure();
    // Only where nobody answered may another address do better; TLS is given the name anyway.
    if (failure.kind != ConnectFailure::Kind::unreachable || settings_.tls) break;
  }
  if (asks_for_less(failure, attempt.broker)) return;
  const bool closed = failure.kind == ConnectFailure::Kind::closed;
  const bool version = failure.kind == ConnectFailure::Kind::version_refused;
  const bool other_version_next = (closed || version) && plan_.would_fall_back();
  if (!other_version_next) failed(broker, failure, addresses.numeric);
  plan_.attempt_ended(closed || version ? Outcome::version_refused : Outcome::failed);
}

/// The plan is not told, so that the next attempt is the same one.
bool BrokerLoop::asks_for_less(const ConnectFailure& failure, std::size_t broker) {
  return failure.kind == ConnectFailure::Kind::will_refused && modest_.insert(broker).second;
}

void BrokerLoop::tell_limits(const BrokerLimits& limits, const std::string& broker) {
  if (!limits.retain) {
    reporter_.limited(broker,
                      "it keeps no messages: who subscribes sees a value when it is next "
                      "published, and who starts later does not find the meters by itself");
  }
  if (limits.qos < 1) reporter_.limited(broker, "it takes QoS 0 only, so messages may be lost");
}

/// Looks for the cause itself where Paho does not tell it.
void BrokerLoop::failed(const Endpoint& broker, const ConnectFailure& failure,
                        const std::vector<std::string>& addresses) {
  const std::string name = to_string(broker);
  const bool vague = failure.kind == ConnectFailure::Kind::unreachable ||
                     (failure.kind == ConnectFailure::Kind::closed && settings_.tls);
  if (!vague) {
    reporter_.refused(name, failure.text);
    return;
  }
  const std::string found = explain(broker, addresses, settings_.tls);
  reporter_.refused(name, found.empty() ? failure.text : found);
}

void BrokerLoop::serve(Connection& connection, const ConnectPlan::Attempt& attempt) {
  const Endpoint broker = endpoint(attempt.broker);
  const std::string name = to_string(broker);
  const auto since = Clock::now();
  plan_.connected();
  ++exchange_.connections;
  if (plan_.newly_fell_back()) reporter_.fell_back(name);

  const bool subscribes = !filters_.empty() && short_lives_[attempt.broker] < 2;
  greet(connection, broker, subscribes);
  publish(connection, name);

  std::unique_lock lock{exchange_.mutex};
  exchange_.flowing = exchange_.all_sent = false;
  exchange_.mailbox.hold();
  if (!connection.lost()) {
    lock.unlock();
    say_goodbye(connection);
    return;
  }
  const auto news = connection.salvage();
  const std::string reason = *connection.lost();
  lock.unlock();
  tell(news, name);
  const auto lived = std::chrono::duration_cast<milliseconds>(Clock::now() - since);
  if (subscribes) {
    const bool short_life = lived < subscription_trouble && !connection.has_answered();
    int& lives = short_lives_[attempt.broker];
    lives = short_life ? lives + 1 : 0;
    if (lives == 2) reporter_.subscription_refused(name, reason);
  }
  reporter_.lost(name, reason);
  plan_.lost(lived);
}

/// State, keys and meter status come from the read loop; `online` is the last of them.
void BrokerLoop::greet(Connection& connection, const Endpoint& broker, bool subscribes) {
  {
    const std::lock_guard lock{exchange_.mutex};
    exchange_.announced = false;
  }
  for (const std::string& filter : filters_) {
    if (subscribes) connection.subscribe(filter);
  }
  reporter_.connected(to_string(broker));
  tell_limits(connection.limits(), to_string(broker));

  const auto until = Clock::now() + announce_patience;
  std::unique_lock lock{exchange_.mutex};
  while (!exchange_.announced && !exchange_.stopping && !connection.lost() && Clock::now() < until)
    static_cast<void>(exchange_.wait_for_work(lock, until));
  if (auto here = presence_message(&Presence::here); here && !exchange_.stopping)
    exchange_.mailbox.put(*std::move(here));
  exchange_.mailbox.release();
  exchange_.flowing = true;
}

void BrokerLoop::publish(Connection& connection, const std::string& broker) {
  std::vector<Message> messages;
  bool leaving = false;
  std::unique_lock lock{exchange_.mutex};
  while (!connection.lost()) {
    if (exchange_.stopping && !std::exchange(leaving, true)) begin_to_leave(connection);
    const auto news = connection.collect();
    connection.take(messages, leaving);
    if (messages.empty()) {
      const bool done =
          leaving && (connection.nothing_on_its_way() || Clock::now() >= exchange_.deadline);
      if (done && news.empty()) break;
      if (news.empty()) wait_for_work(connection, lock);
    } else {
      blocked_since_.reset();
    }
    lock.unlock();
    tell(news, broker);
    if (!messages.empty()) {
      connection.send(messages);
      connection.ask_for_life(question_topic_);
    }
    lock.lock();
  }
}

/// What waits goes first, unless the broker has stopped taking part.
void BrokerLoop::begin_to_leave(const Connection& connection) {
  if (connection.silent()) exchange_.mailbox.drop_all();
  exchange_.mailbox.release();
  for (Message& message : exchange_.farewell) exchange_.mailbox.put(std::move(message));
  exchange_.farewell.clear();
  if (auto goodbye = presence_message(&Presence::goodbye))
    exchange_.mailbox.put(*std::move(goodbye));
}

/// Waits until something can be done, and thins out what cannot leave for long.
void BrokerLoop::wait_for_work(Connection& connection, std::unique_lock<std::mutex>& lock) {
  const Message* const next = exchange_.mailbox.front();
  const bool busy = !connection.nothing_on_its_way();
  if (next == nullptr && !busy) {
    exchange_.all_sent = true;
    exchange_.idle.notify_all();
  }
  if (next != nullptr || exchange_.stopping || exchange_.drainers > 0) {
    connection.want_room();
    // Looked at once more, for room may have come before it was asked for.
    if (next != nullptr && connection.may_send(*next) && !connection.silent()) return;
    if (busy && connection.nothing_on_its_way()) return;
  }
  hold_what_is_stuck(connection);
  constexpr seconds long_enough{3600};
  auto until = Clock::now() + long_enough;
  if (blocked_since_) until = *blocked_since_ + congestion_patience;
  if (exchange_.stopping) until = exchange_.deadline;
  static_cast<void>(exchange_.wait_for_work(lock, until));
  hold_what_is_stuck(connection);
}

void BrokerLoop::hold_what_is_stuck(const Connection& connection) {
  const Message* const next = exchange_.mailbox.front();
  if (exchange_.stopping || next == nullptr ||
      (connection.may_send(*next) && !connection.silent())) {
    blocked_since_.reset();
    exchange_.mailbox.release();
    return;
  }
  const auto now = Clock::now();
  if (!blocked_since_) blocked_since_ = now;
  if (connection.silent() || now - *blocked_since_ >= congestion_patience) exchange_.mailbox.hold();
}

void BrokerLoop::tell(const Connection::News& news, const std::string& broker) {
  for (const std::string& refusal : news.refused) reporter_.publish_refused(broker, refusal);
  for (const std::string& refusal : news.unsubscribed)
    reporter_.subscription_refused(broker, refusal);
  for (const TakenBack& taken : news.taken_back)
    reporter_.taken_back({broker, taken.topic, taken.whole});
  for (const auto& [topic, payload, retained] : news.received) {
    if (topic != *statistics_topic_) {
      reporter_.received({topic, payload, retained});
      continue;
    }
    const auto other = client_id_of(payload);
    if (!other.empty() && other != identity_.client_id)
      reporter_.base_topic_shared(broker, std::string{other}, retained);
  }
}

/// Without the goodbye the broker publishes the will, which says the same.
void BrokerLoop::say_goodbye(Connection& connection) {
  Clock::time_point deadline;
  {
    const std::lock_guard lock{exchange_.mutex};
    if (!connection.nothing_on_its_way()) return;
    deadline = exchange_.deadline;
  }
  connection.disconnect(deadline);
}

}  // namespace p1meter::mqtt
