// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what messages say, by the form of their payload.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "adapters/mqtt/key_topics.hpp"

namespace p1meter::mqtt {

/// Owns      borrows everything
class MessageText {
 public:
  MessageText(const settings::MqttSettings& settings, const BaseTopic& base,
              const settings::ReadingRules& rules, const KeyTopics& keys)
      : settings_{settings}, base_{base}, rules_{rules}, keys_{keys} {}

  // Each gives nothing where the payload has nothing to say.
  /// About a meter's state.
  [[nodiscard]] std::optional<std::string> of_state(const settings::Payload& payload,
                                                    const MeterView& meter,
                                                    const MeterTopics& topics) const;
  /// One element for each reading that is due, of those that are published.
  [[nodiscard]] std::optional<std::string> of_due(const settings::Payload& payload,
                                                  const MeterView& meter, MeterTopics& topics,
                                                  std::span<const DueReading> due) const;
  /// About one reading, where that is not the plain value.
  [[nodiscard]] std::optional<std::string> of_reading(const MeterView& meter,
                                                      const MeterTopics& topics,
                                                      const MeterTopics::Key& key,
                                                      const DueReading& reading,
                                                      const KeyStyle& style) const;

 private:
  [[nodiscard]] bool add_element(const settings::JsonTemplate& element, const MeterView& meter,
                                 MeterTopics& topics, const DueReading& reading,
                                 std::string& text) const;

  const settings::MqttSettings& settings_;
  const BaseTopic& base_;
  const settings::ReadingRules& rules_;
  const KeyTopics& keys_;
};

}  // namespace p1meter::mqtt
