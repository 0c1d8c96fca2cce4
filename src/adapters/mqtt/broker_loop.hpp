// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what the publisher's thread does from its start to its end.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mqtt/connect_plan.hpp"
#include "adapters/mqtt/connection.hpp"
#include "adapters/mqtt/reach.hpp"
#include "adapters/mqtt/reporter.hpp"

namespace p1meter::mqtt {

/// Connect, greet, publish, over and over until the exchange says stop.
/// Threads   run() is the publisher's thread; the rest is constant
class BrokerLoop {
 public:
  BrokerLoop(settings::MqttSettings settings, Identity identity, Exchange& exchange,
             Reporter& reporter, const ConnectPlan::Pauses& pauses);

  void run();

  [[nodiscard]] Message status_message(const Topic& topic, std::string_view payload) const;
  [[nodiscard]] Message offline_message(const Topic& topic) const {
    return status_message(topic, settings_.templates.offline);
  }
  [[nodiscard]] const Topic& status_topic() const noexcept { return status_topic_; }
  [[nodiscard]] const Topic& statistics_topic() const noexcept { return statistics_topic_; }
  [[nodiscard]] bool insecure() const noexcept {
    return settings_.tls.has_value() && settings_.tls->insecure;
  }

 private:
  [[nodiscard]] Endpoint endpoint(std::size_t broker) const {
    return endpoint_of(settings_, settings_.brokers[broker]);
  }
  /// None when nobody is to know.
  [[nodiscard]] std::optional<Message> presence_message(std::string Presence::*words) const;
  [[nodiscard]] SessionOptions options(const ConnectPlan::Attempt& attempt,
                                       const std::string& address) const;
  /// False when told to stop.
  [[nodiscard]] bool wait(milliseconds duration);

  void attempt(const ConnectPlan::Attempt& attempt);
  void failed(const Endpoint& broker, const ConnectFailure& failure,
              const std::vector<std::string>& addresses);
  /// True when the same broker is to be asked again with less.
  [[nodiscard]] bool asks_for_less(const ConnectFailure& failure, std::size_t broker);
  void tell_limits(const BrokerLimits& limits, const std::string& broker);
  void serve(Connection& connection, const ConnectPlan::Attempt& attempt);
  void greet(Connection& connection, const Endpoint& broker, bool subscribes);
  void publish(Connection& connection, const std::string& broker);
  void begin_to_leave(const Connection& connection);
  void wait_for_work(Connection& connection, std::unique_lock<std::mutex>& lock);
  void hold_what_is_stuck(const Connection& connection);
  void tell(const Connection::News& news, const std::string& broker);
  void say_goodbye(Connection& connection);

  settings::MqttSettings settings_;
  Identity identity_;
  Exchange& exchange_;
  Reporter& reporter_;
  Topic status_topic_;
  Topic statistics_topic_;
  std::string question_topic_;        // never subscribed to
  std::vector<std::string> filters_;  // that are subscribed to
  ConnectPlan plan_;
  std::set<std::size_t> modest_{};  // brokers that refuse a retained will, or its QoS
  /// Connections in a row that the broker ended as soon as we had subscribed. After two of them it
  /// is not asked again: some brokers answer so to what they do not allow.
  std::map<std::size_t, int> short_lives_{};
  std::optional<Clock::time_point> blocked_since_{};  // messages wait, and none may leave
};

}  // namespace p1meter::mqtt
