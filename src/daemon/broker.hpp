// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection to a broker and the meters that publish over it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "daemon/neighbours.hpp"
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
  /// Where to remember what the broker retains for us, until leave(); what is outdated of it is
  /// cleared after the announcement.
  void remember_in(RetainedTopics& topics) { retained_ = &topics; }
  void note_retained();
  void start() { sink_.start(); }
  /// Publishes everything current anew.
  void announce();
  /// Lets go of everything that others own; the connection may end later.
  void leave();
  void stop(milliseconds patience) { sink_.stop(patience); }
  /// Other daemons that have stopped publishing here are forgotten, and the log says so.
  void forget_silent_neighbours();

  [[nodiscard]] mqtt::MqttSink& sink() noexcept { return sink_; }
  [[nodiscard]] const mqtt::Identity& identity() const noexcept { return identity_; }
  [[nodiscard]] mqtt::Statistics statistics() const;
  /// "connected to host:1883", for systemd's status line.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  /// Connected, and past the greeting: messages leave one by one. Before, the newest of a topic
  /// takes the place of those that wait.
  [[nodiscard]] bool greeted() const { return connected_now_ && sink_.statistics().connected; }
  [[nodiscard]] bool base_topic_shared() const noexcept { return neighbours_.any(); }

 private:
  void note(const mqtt::StateChange& change);
  void note_neighbour(const mqtt::StateChange& change);
  void greet();

  mqtt::Identity identity_;
  std::vector<const MeterView*> meters_{};
  std::function<void()> connected_{};
  RetainedTopics* retained_{};  // none: nothing is remembered
  std::string address_{};       // of the newest connection, host:port
  bool connected_now_{};
  bool published_here_before_{};  // retained statistics may be our own of another client id
  Neighbours neighbours_{};
  std::string state_{"not connected yet"};
  mqtt::MqttSink sink_;
};

}  // namespace p1meter::daemon
