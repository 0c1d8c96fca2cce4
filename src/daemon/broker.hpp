// SPDX-License-Identifier: Apache-2.0
// Daemon: one connection to a broker and the meters that publish over it.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "daemon/clearing.hpp"
#include "daemon/handover.hpp"
#include "daemon/neighbours.hpp"
#include "daemon/retained_topics.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// Logs what happened to a connection that publishes below `base_topic`.
void log_change(const mqtt::StateChange& change, const std::string& base_topic);

/// What is done when all meters are announced.
struct Afterwards {
  bool greeting{};  // of a new connection: statistics, and then what waits may leave
  bool repeat{};    // statistics and `online`, for those who have just begun to listen
  bool clear{};     // what is retained and no longer current
};

/// Joins an MqttSink to the read loop: what the publisher's thread reports is handed over to it,
/// then logged.
/// Threads   the read loop only
class Broker {
 public:
  /// `settings` and `rules` must outlive the broker.
  Broker(boost::asio::io_context& context, const settings::MqttSettings& settings,
         mqtt::Identity identity, const settings::ReadingRules& rules);

  /// The meters that are announced after each connect.
  void set_meters(std::vector<const MeterView*> meters);
  /// Called on the read loop after each connect, when everything current has been announced.
  void on_connected(std::function<void()> connected) { connected_ = std::move(connected); }
  /// Called on the read loop when retained_topics() has grown: what is remembered is to be saved.
  void on_more_retained(std::function<void()> more) { retains_more_ = std::move(more); }
  /// Called on the read loop with each message on <base>/set/...
  void on_command(std::function<void(Broker&, const mqtt::Received&)> command) {
    command_ = std::move(command);
  }
  /// Where to remember what the broker retains for us; what is outdated of it is cleared after an
  /// announcement.
  void remember_in(RetainedTopics& topics) { retained_.remember_in(topics); }
  /// Called when nothing outdated is left, as Clearing tells it.
  void on_cleared(std::function<void()> cleared) {
    clearing_.on_cleared([this] { return !retained_.outdated(sink_.retained_topics()).empty(); },
                         std::move(cleared));
  }
  void note_retained() { retained_.note(sink_.retained_topics()); }
  void start() { sink_.start(); }
  /// Publishes everything current anew, one meter per turn of the read loop, so that telegrams are
  /// read in between. While that goes on, what is asked for meanwhile is done after it, once.
  void announce(Afterwards afterwards);
  /// Begins nothing any more: the daemon is about to end.
  void begin_nothing();
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
  [[nodiscard]] bool connected() const noexcept { return connected_now_; }
  [[nodiscard]] bool base_topic_shared() const noexcept { return neighbours_.any(); }

 private:
  void note(const mqtt::StateChange& change);
  void receive(const mqtt::Received& message);
  void note_birth(const mqtt::Received& message);
  void note_neighbour(const mqtt::StateChange& change);
  void greet();
  void clear_outdated();
  void begin_announcement();
  void announce_next(std::size_t meter, std::size_t announcement);
  void end_announcement();

  boost::asio::steady_timer birth_timer_;
  std::minstd_rand random_{std::random_device{}()};
  bool left_{};          // nothing is begun any more
  bool birth_awaits_{};  // an announcement is due because Home Assistant has started
  boost::asio::io_context& context_;
  std::size_t announcement_{};           // its number; a step of another one does nothing
  std::optional<Afterwards> current_{};  // of the announcement under way; none: none is
  std::optional<Afterwards> next_{};     // of the one after it
  mqtt::Identity identity_;
  std::vector<const MeterView*> meters_{};
  std::function<void()> connected_{};
  std::function<void(Broker&, const mqtt::Received&)> command_{};
  std::function<void()> retains_more_{};
  RetainedHere retained_;
  Clearing clearing_;
  bool connected_now_{};
  bool published_here_before_{};  // retained statistics may be our own of another client id
  Neighbours neighbours_{};
  std::string state_{"not connected yet"};
  Handover<mqtt::Received> received_;
  Handover<mqtt::StateChange> changed_;
  mqtt::MqttSink sink_;
};

}  // namespace p1meter::daemon
