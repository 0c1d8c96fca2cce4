// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: which key has which topic, and how it is published.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/mqtt/key_style.hpp"
#include "adapters/mqtt/mailbox.hpp"
#include "adapters/mqtt/topics.hpp"
#include "p1meter/pipeline/sink.hpp"

namespace p1meter::mqtt {

/// Gives keys their topics, over all meters: of two keys that would have the same one the first
/// keeps it.
/// Owns      borrows settings, base and rules
class KeyTopics {
 public:
  /// `taken`: told once in words of each key that finds its topic taken.
  KeyTopics(const settings::MqttSettings& settings, const BaseTopic& base,
            const settings::ReadingRules& rules, std::function<void(const std::string&)> taken);

  /// What follows from the templates and from the rules, which a reload may change.
  void look_at_rules();
  /// Some template may hold it.
  [[nodiscard]] bool wants_equipment_id() const noexcept { return wants_equipment_id_; }
  [[nodiscard]] bool topics_have_equipment_id() const noexcept { return topics_have_equipment_id_; }

  [[nodiscard]] static TopicSubject subject(const MeterTopics& topics, const MeterView& meter,
                                            KeyId id) {
    return {meter.name(), topics.equipment_id, &meter.keys()[id]};
  }
  /// The key's entry with its topic, or nullptr when that is no topic or another key's.
  [[nodiscard]] MeterTopics::Key* topic_of(MeterTopics& topics, const MeterView& meter, KeyId id);
  /// The topics of a meter are free again.
  void release(const MeterTopics& topics);
  /// New rules may have moved a key: the messages that clear its former topic are added to `out`.
  /// All leave before any moves, so that two may change places.
  void move(const MeterView& meter, MeterTopics& topics, std::vector<Message>& out);

  /// Valid until the rules change.
  [[nodiscard]] KeyStyle style_of(MeterTopics& topics, const MeterView& meter, KeyId id) const;
  void learn_styles(MeterTopics& topics, const MeterView& meter) const;

  /// Messages that were not published, because another key has their topic.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  /// Topics that keys were given so far.
  [[nodiscard]] std::uint64_t given() const noexcept { return given_; }

 private:
  [[nodiscard]] bool any_topic_has_equipment_id() const;
  [[nodiscard]] bool claim(const MeterView& meter, KeyId id, const std::string& topic);
  [[nodiscard]] bool stays(const MeterView& meter, const MeterTopics& topics, KeyId id) const;

  const settings::MqttSettings& settings_;
  const BaseTopic& base_;
  const settings::ReadingRules& rules_;
  std::function<void(const std::string&)> taken_;
  bool own_templates_;
  bool wants_equipment_id_{};
  bool topics_have_equipment_id_{};
  bool any_style_{};                                       // some rule says how a key is published
  bool topics_may_meet_{};                                 // then owners_ says whose a topic is
  std::unordered_map<std::string, std::string> owners_{};  // by topic: "power_import of home"
  std::uint64_t refused_{};
  std::uint64_t given_{};
};

}  // namespace p1meter::mqtt
