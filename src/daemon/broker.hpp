// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection to a broker and the meters that publish over it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "daemon/retained_topics.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// Joins an MqttSink to the read loop: what the publisher's thread reports is handed over to it,
/// then logged.
/// Threads   the read loop only
class Broker {
 public:
  /// `settings` and `rules` must outlive the broker.
  Broker(boost::asio::io_context& context, const settings::MqttSettings& settings,
         mqtt::Identity identity, const settings::ReadingRules& rules);

  /// The meters that are announced after each connect.
  void set_meters(std::vector<const MeterView*> meters) { meters_ = std::move(meters); }
  /// Called on the read loop after each connect, when everything current has been announced.
  void on_connected(std::function<void()> connected) { connected_ = std::move(connected); }
  /// Topics that earlier runs left retained; what is outdated of them is cleared after the first
  /// announcement.
  void remember(std::vector<std::string> topics) { retained_ = RetainedTopics{std::move(topics)}; }
  [[nodiscard]] std::optional<std::vector<std::string>> take_changed_topics() {
    return retained_.take_changed(sink_);
  }
  void start() { sink_.start(); }
  /// Publishes everything current anew.
  void announce();
  void stop(milliseconds patience) { sink_.stop(patience); }

  [[nodiscard]] mqtt::MqttSink& sink() noexcept { return sink_; }
  [[nodiscard]] const mqtt::Identity& identity() const noexcept { return identity_; }
  [[nodiscard]] mqtt::Statistics statistics() const { return sink_.statistics(); }
  /// "connected to host:1883", for systemd's status line.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] bool connected() const { return sink_.statistics().connected; }
  [[nodiscard]] bool base_topic_shared() const noexcept { return base_topic_shared_; }

 private:
  void note(const mqtt::StateChange& change);

  mqtt::Identity identity_;
  std::vector<const MeterView*> meters_{};
  std::function<void()> connected_{};
  RetainedTopics retained_{{}};
  std::string state_{"not connected yet"};
  bool base_topic_shared_{};
  mqtt::MqttSink sink_;
};

}  // namespace p1meter::daemon
