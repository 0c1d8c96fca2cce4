// SPDX-License-Identifier: Apache-2.0
// Daemon: the meters as Homie devices, each with a connection of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mqtt/homie_sink.hpp"
#include "daemon/clearing.hpp"
#include "daemon/retained_topics.hpp"
#include "daemon/slot.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// The connection of one device, or of one that nobody wants any more, which it only clears.
/// Threads   the read loop only
class HomieConnection {
 public:
  /// `meter`: none to clear. `settings` and `retained` must outlive the connection.
  HomieConnection(boost::asio::io_context& context, const settings::Settings& settings,
                  const mqtt::Identity& identity, RetainedTopics& retained, const MeterView* meter);

  /// Called when more is retained than before.
  void on_more_retained(std::function<void()> more) { retains_more_ = std::move(more); }
  /// Called when all is cleared, as Clearing tells it.
  void on_cleared(std::function<void()> cleared) {
    clearing_.on_cleared([this] { return !retained_.outdated(current()).empty(); },
                         std::move(cleared));
  }
  void start() { sink_.start(); }
  void announce();
  void note_retained();
  /// Lets go of everything that others own; the connection may end later.
  void leave();
  void begin_to_stop(milliseconds patience) { sink_.begin_to_stop(patience); }
  void stop(milliseconds patience) { sink_.stop(patience); }

  [[nodiscard]] const MeterView* meter() const noexcept { return meter_; }
  /// The same meter, built anew.
  void set_meter(const MeterView& meter) { meter_ = &meter; }
  [[nodiscard]] mqtt::HomieSink& sink() noexcept { return sink_; }

 private:
  void note(const mqtt::StateChange& change);
  void greet();
  [[nodiscard]] std::vector<std::string> current() const;

  std::string root_;
  const MeterView* meter_;
  Clearing clearing_;
  std::function<void()> retains_more_{};
  RetainedHere retained_;
  Handover<mqtt::StateChange> changed_;
  mqtt::HomieSink sink_;
};

/// A connection for each meter in either version of the convention, for a connection has one last
/// will: each device's own state says `lost`, whether or not a program knows how states are
/// inherited, and meters come and go without touching each other.
/// Threads   the read loop only
class HomieDevices {
 public:
  /// Called on the read loop when more is retained than before, by those that are made afterwards.
  void on_more_retained(std::function<void()> more) { retains_more_ = std::move(more); }
  /// What an earlier run left retained.
  void remember(const std::vector<std::string>& stored);
  /// The list to store, when it differs from what was stored last.
  [[nodiscard]] std::optional<std::vector<std::string>> take_changed_retained();
  /// What was taken last has not been stored: it is given once more.
  void retained_not_stored() noexcept { unstored_ = true; }

  /// Makes, replaces and ends connections as the settings want it; what they leave as it is stays.
  /// `settings` must outlive this.
  void arrange(boost::asio::io_context& context, const settings::Settings& settings,
               const std::filesystem::path& configuration,
               const std::vector<const MeterView*>& meters);
  /// None for a meter that is no device.
  [[nodiscard]] Sink* sink_of(std::string_view meter);
  void announce();
  /// All at once; stop() returns when all have ended, or `patience` after this.
  void begin_to_stop(milliseconds patience);
  void stop();

 private:
  /// Never removed: a connection that ends refers to it.
  struct Place {
    RetainedTopics retained{};
    Slot<HomieConnection> connection{};
  };

  [[nodiscard]] std::unique_ptr<HomieConnection> make_clearing(
      boost::asio::io_context& context, const settings::Settings& settings,
      const std::filesystem::path& configuration, const std::string& root, Place& place);

  std::map<std::string, Place> places_{};  // by root
  settings::MqttSettings mqtt_{};          // of the connections
  std::vector<std::string> stored_{};
  bool unstored_{};
  std::function<void()> retains_more_{};
  std::chrono::steady_clock::time_point stop_by_{};
};

}  // namespace p1meter::daemon
