// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the one thread that talks to the broker.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/mqtt/connect_plan.hpp"
#include "adapters/mqtt/mailbox.hpp"
#include "adapters/mqtt/mqtt_sink.hpp"
#include "adapters/mqtt/thread.hpp"

namespace p1meter::mqtt {

/// Connects, greets, publishes what it is given, and starts over when the connection goes.
///
/// Threads   one that puts, announces, stops; its own does the rest. The thread outlives this
/// object when a stop had to give up on it, so everything that both use is shared.
class Publisher {
 public:
  Publisher(settings::MqttSettings settings, Identity identity, Callbacks callbacks,
            const ConnectPlan::Pauses& pauses = {});
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  Publisher(Publisher&&) = delete;
  Publisher& operator=(Publisher&&) = delete;

  /// Nothing happens after a stop.
  void start();
  /// Hands over a batch and empties it.
  void put(std::vector<Message>& batch);
  /// All that is current has been put since the callback `connected`.
  void announced();
  /// `topic` is set to offline before the goodbye.
  void say_goodbye_on(const Topic& topic);
  void no_goodbye_on(const Topic& topic);
  /// Reports that a key is not published, for another one has its topic.
  void topic_taken(const std::string& what);
  /// Reports that a meter has topics which are not known without its equipment id.
  void topic_incomplete(const std::string& what);
  [[nodiscard]] bool drain(milliseconds patience);
  /// The thread is told to end within `patience` of the first call; stop() waits for it.
  void begin_to_stop(milliseconds patience);
  void stop(milliseconds patience);
  [[nodiscard]] Statistics statistics() const;

  [[nodiscard]] const Topic& status_topic() const noexcept;
  [[nodiscard]] const Topic& statistics_topic() const noexcept;

 private:
  struct Core;

  [[nodiscard]] bool ends_within(milliseconds patience);

  std::shared_ptr<Core> core_;
  Thread thread_{};
};

}  // namespace p1meter::mqtt
