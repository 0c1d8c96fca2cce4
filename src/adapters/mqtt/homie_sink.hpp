// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one meter as a Homie device, over a connection of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

/// Publishes a meter's device: `init`, what describes it, its values, `ready`. The same again when
/// there is more to describe. `lost` is the connection's last will, `disconnected` its goodbye.
///
/// Drops     as MqttSink does: without a connection a topic keeps its newest value
/// Threads   the read loop; what is reported comes on the publisher's own thread
class HomieSink final : public Sink {
 public:
  /// `rules` must outlive the sink. `identity.base_topic` is the device's root (homie_root).
  HomieSink(const settings::MqttSettings& settings, const Identity& identity,
            settings::HomieVersion version, const settings::ReadingRules& rules,
            Callbacks callbacks);
  ~HomieSink() override;
  HomieSink(const HomieSink&) = delete;
  HomieSink& operator=(const HomieSink&) = delete;
  HomieSink(HomieSink&&) = delete;
  HomieSink& operator=(HomieSink&&) = delete;

  void start();
  /// What an earlier run left at the broker that is connected now, before anything is announced.
  void connected(std::vector<std::string> remembered);
  void accept(const Delivery& delivery) override;
  /// Publishes the whole device anew (after a connect or a reload).
  void announce(const MeterView& meter, Moment now);
  /// All is announced since the callback `connected`.
  void announced();
  /// Every topic that may hold a retained message of the device.
  [[nodiscard]] std::vector<std::string> retained_topics() const;
  /// Clears topics; a device's state first, by which it is gone.
  void forget(const std::vector<std::string>& topics);
  /// The end has begun, and is to be over within `patience`; stop() waits for it.
  void begin_to_stop(milliseconds patience);
  void stop(milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What shows whether the connection of a device is there.
[[nodiscard]] Presence homie_presence(std::string_view root);

}  // namespace p1meter::mqtt
