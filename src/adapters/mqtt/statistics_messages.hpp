// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the messages of the settings that speak of p1meter itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mqtt/mailbox.hpp"
#include "adapters/mqtt/mqtt_sink.hpp"
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {

/// When each of them is due, where it goes and what it says. The settings and the base topic must
/// outlive it.
class StatisticsMessages {
 public:
  StatisticsMessages(const settings::MqttSettings& settings, const BaseTopic& base)
      : settings_{settings}, base_{base} {}

  /// Adds those whose interval has passed since they were last collected.
  /// Input     the statistics' own JSON, which a payload may be as a whole; steady time
  void collect(const std::string& json, const Figures& figures, milliseconds now,
               std::vector<Message>& batch);
  /// Output    the topics that hold a retained message about a meter; it has none from here on
  [[nodiscard]] std::vector<std::string> release(std::string_view meter);
  /// Adds the topics that hold a retained message.
  void list_retained(std::vector<std::string>& out) const;
  /// How many of these topics there have been, for who looks whether they became more.
  [[nodiscard]] std::uint64_t given() const noexcept { return given_; }

 private:
  [[nodiscard]] bool is_due(std::size_t index, milliseconds now);
  void add(std::size_t index, const std::string& meter, const std::string& json,
           const Figures& figures, std::vector<Message>& batch);

  const settings::MqttSettings& settings_;
  const BaseTopic& base_;
  std::map<std::size_t, milliseconds> collected_at_{};  // by index in the settings' messages
  std::map<std::pair<std::size_t, std::string>, std::string> retained_{};  // by index and meter
  std::uint64_t given_{};
};

}  // namespace p1meter::mqtt
