// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: due readings to a broker. The read loop only fills a bounded mailbox; one thread of
// its own talks to Paho.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "p1meter/pipeline/sink.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// The topic that shows whether a connection is there, and what it says. QoS 1, retained.
struct Presence {
  std::string topic{};
  std::string here{};     // after what was announced; empty: the owner says it himself
  std::string goodbye{};  // before an end in order
  std::string will{};     // the broker says it when the connection breaks

  friend bool operator==(const Presence&, const Presence&) = default;
};

struct Identity {
  std::string client_id{};   // derived or configured
  std::string base_topic{};  // with "-test" for test runs
  bool daemon_topics{true};  // false: never writes <base>/status or statistics (replay, simulate)
  std::optional<settings::HomeAssistantSettings> home_assistant{};  // none: it is told nothing
  std::string version{};                     // of the program, for Home Assistant
  std::vector<std::string> subscriptions{};  // topics or filters whose messages the owner wants
  std::optional<Presence> presence{};        // none: <base>/status as the settings say
};

/// A message of one of Identity::subscriptions.
struct Received {
  std::string topic{};
  std::string payload{};
  bool retained{};  // kept by the broker from before
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
    subscription_refused,
    limited,           // the broker keeps no messages, or takes a smaller QoS than the settings say
    topic_taken,       // two values have one topic; text: the topic and both keys
    topic_incomplete,  // text: which meter does not send what its topics hold
    base_topic_shared  // each time that another client publishes statistics on our topic
  };
  Kind kind{};
  std::string broker{};  // host:port
  std::string text{};    // reason in words; base_topic_shared: the other's client id
  bool retained{};       // base_topic_shared: the broker has kept it from before
};

/// The broker has what takes something back that it kept for us.
struct TakenBack {
  std::string broker{};  // host:port
  std::string topic{};
  bool whole{};  // false: only parts of its message (see Announcer)
};

struct Statistics {
  bool connected{};
  std::uint64_t reconnects{};  // connections after the first
  std::uint64_t queue{};       // messages waiting now
  std::uint64_t dropped{};  // newer values that replaced unsent ones, and messages that found the
                            // mailbox full
  std::uint64_t published{};
  std::uint64_t unread{};  // messages of our subscriptions that came faster than they were read
  std::uint64_t
      refused{};  // messages that the broker does not take, or whose topic another key has
  bool insecure{};
};

/// What statistics are made of, by the names that templates use.
using FigureValue = std::variant<std::monostate, Decimal, std::string, Instant>;
using FigureMap = std::map<std::string, FigureValue, std::less<>>;
struct Figures {
  FigureMap daemon{};
  std::vector<std::pair<std::string, FigureMap>> meters{};  // by name, in the configured order
};

/// Every broker of the settings as StateChange::broker names it.
[[nodiscard]] std::vector<std::string> broker_names(const settings::MqttSettings& settings);

struct Callbacks {
  std::function<void(const StateChange&)> changed{};
  std::function<void()>
      connected{};  // everything current must be announced again (post it to the read loop)
  std::function<void(Received)> received{};
  std::function<void(TakenBack)> taken_back{};
  /// retained_topics() has more than before. On the owner's thread.
  std::function<void()> retains_more{};
};

/// Publishes state, keys, raw and status topics of all meters, and the messages that the settings
/// add, over one connection.
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
  /// What an earlier run left retained at the broker that is connected now: before anything is
  /// announced there.
  void connected(const std::vector<std::string>& remembered);
  void accept(const Delivery& delivery) override;
  /// Publishes current state, keys and availability of a meter anew (after a connect or a reload).
  void announce(const MeterView& meter);
  /// The program itself: before the meters, to whose devices it is linked.
  void announce_program();
  /// Statistics tell the newest version there is: from now on Home Assistant has an entity for it.
  void announce_update();
  /// `online` on `<base>/status` once more, for those who have just started to listen.
  void repeat_status();
  /// A meter that is no longer configured: its retained topics are cleared.
  void remove(std::string_view meter);
  /// A meter that was built anew: its keys may have other numbers.
  void renumbered(std::string_view meter);
  /// Every meter has been announced since the callback `connected`: what waits may leave, and
  /// `<base>/status` becomes online. Left out, this happens by itself after 3 s.
  void announced();
  /// The class's own message, and those on statistics whose interval has passed since they were
  /// last published.
  void publish_statistics(std::string json, const Figures& figures = {}, milliseconds now = {});
  /// Where the class's own statistics go.
  [[nodiscard]] const std::string& statistics_topic() const noexcept;
  /// Every topic that holds a retained message of ours, the daemon's own two among them, for the
  /// daemon to remember.
  [[nodiscard]] std::vector<std::string> retained_topics() const;
  /// Answers on <base>/response who asked for something on <base>/set.
  void respond(std::string json);
  /// One line on <base>/log. At most 256 wait for a broker that takes none; false: it is dropped.
  [[nodiscard]] bool publish_log(std::string json);
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
