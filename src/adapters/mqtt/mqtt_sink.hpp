// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: due readings to a broker. The read loop only fills a bounded mailbox; one thread of
// its own talks to Paho.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/pipeline/sink.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

struct Identity {
  std::string client_id{};   // derived or configured
  std::string base_topic{};  // with "-test" for test runs
  bool daemon_topics{true};  // false: never writes <base>/status or statistics (replay, simulate)
};

/// `p1meter-` and 12 hex digits of SHA-256(machine-id, configuration path, base topic, role).
[[nodiscard]] std::string derive_client_id(std::string_view machine_id,
                                           std::string_view configuration_path,
                                           std::string_view base_topic, std::string_view role);

/// What the log should say, once per change of state. Called on the publisher's thread: hand it
/// over, return at once.
struct StateChange {
  enum class Kind : std::uint8_t {
    connected,
    lost,
    refused,
    fell_back,
    publish_refused,
    base_topic_shared  // each time that another client publishes statistics on our topic
  };
  Kind kind{};
  std::string broker{};  // host:port
  std::string text{};    // reason in words; base_topic_shared: the other's client id
  bool retained{};       // base_topic_shared: the broker has kept it from before
};

struct Statistics {
  bool connected{};
  std::uint64_t reconnects{};  // connections after the first
  std::uint64_t queue{};       // messages waiting now
  std::uint64_t dropped{};  // newer values that replaced unsent ones, and messages that found the
                            // mailbox full
  std::uint64_t published{};
  bool insecure{};
};

/// Every broker of the settings as StateChange::broker names it.
[[nodiscard]] std::vector<std::string> broker_names(const settings::MqttSettings& settings);

struct Callbacks {
  std::function<void(const StateChange&)> changed{};
  std::function<void()>
      connected{};  // everything current must be announced again (post it to the read loop)
};

/// Publishes state, keys, raw and status topics of all meters over one connection.
///
/// Drops     during an outage live topics keep only the newest value per topic; more distinct
/// topics than the bound
///           allows, and superseded values, are counted in Statistics::dropped. Nothing ever waits
///           for the broker.
/// Threads   accept, publish and statistics on the read loop; everything else on the publisher's
/// own thread
class MqttSink final : public Sink {
 public:
  MqttSink(const settings::MqttSettings& settings, const Identity& identity,
           const settings::ReadingRules& rules, Callbacks callbacks);
  ~MqttSink() override;
  MqttSink(const MqttSink&) = delete;
  MqttSink& operator=(const MqttSink&) = delete;
  MqttSink(MqttSink&&) = delete;
  MqttSink& operator=(MqttSink&&) = delete;

  void start();
  void accept(const Delivery& delivery) override;
  /// Publishes current state, keys and availability of a meter anew (after a connect or a reload).
  void announce(const MeterView& meter, Moment now);
  /// A meter that is no longer configured: its retained topics are cleared.
  void remove(std::string_view meter);
  /// Every meter has been announced since the callback `connected`: what waits may leave, and
  /// `<base>/status` becomes online. Left out, this happens by itself after 300 ms.
  void announced();
  void publish_statistics(std::string json);
  /// Every topic that holds a retained message of ours, the daemon's own two among them, for the
  /// daemon to remember.
  [[nodiscard]] std::vector<std::string> retained_topics() const;
  /// Clears topics that an earlier run left retained and this configuration no longer yields.
  void forget(const std::vector<std::string>& topics);
  /// Waits up to `patience` for the connection and until all that was handed over is sent; for
  /// replay. False when something is left.
  [[nodiscard]] bool drain(milliseconds patience);
  /// Publishes `offline` for daemon and meters, disconnects, ends the thread. Returns within
  /// `patience` in every state.
  void stop(milliseconds patience);
  [[nodiscard]] Statistics statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace p1meter::mqtt
