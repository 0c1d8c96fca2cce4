// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the names of topics.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mqtt/mailbox.hpp"
#include "p1meter/values/reading.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// False for what a broker answers by closing the connection: wildcards, NUL, empty, too long.
/// Source    MQTT 5.0 sec 1.5.4, 4.7.3
[[nodiscard]] bool publishable(std::string_view topic) noexcept;

/// Where one connection publishes.
struct BaseTopic {
  std::string used{};        // "p1meter", or "p1meter-test" in a test run
  std::string configured{};  // "p1meter"
};

/// A text as one level of a topic: what a level cannot hold becomes '_'.
[[nodiscard]] std::string fitting_level(std::string_view text);
/// A topic of the user's own in a test run.
[[nodiscard]] std::string below_test_topic(std::string topic, const BaseTopic& base);

/// Of whom a topic speaks.
struct TopicSubject {
  std::string_view meter{};
  std::string_view equipment_id{};  // empty: not known
  const KeyInfo* key{};             // none: of the meter
};

/// A template of a topic filled in. In a test run one that does not begin with {base} too stays
/// below the test topic. What a topic cannot hold becomes '_'.
/// Output    nothing while it needs an equipment id that is not known
[[nodiscard]] std::optional<std::string> fill_topic(const settings::TextTemplate& topic,
                                                    const BaseTopic& base,
                                                    const TopicSubject& subject,
                                                    std::string_view topic_word = {});

/// What {topic} stands for: the key's option `topic`, else the key. With a '/' it is the whole
/// topic.
[[nodiscard]] std::string topic_option(const KeyInfo& key, const settings::ReadingRules& rules);

/// The topic of a key: the option `topic` when it is a whole one, else the class's template with
/// the option in it.
[[nodiscard]] std::optional<std::string> key_topic(const settings::TextTemplate& keys,
                                                   const BaseTopic& base,
                                                   const TopicSubject& subject,
                                                   const settings::ReadingRules& rules);
/// What {topic} is in payloads: the option with its placeholders filled in.
[[nodiscard]] std::string topic_word(const BaseTopic& base, const TopicSubject& subject,
                                     const settings::ReadingRules& rules);

/// A topic of the daemon's own.
[[nodiscard]] Topic daemon_topic(const settings::TextTemplate& topic, const BaseTopic& base);

/// The topics of one meter, made when first used, so that a meter that publishes only its state
/// costs no memory for the others.
class MeterTopics {
 public:
  MeterTopics() = default;
  /// Those that a configuration has which says nothing about topics.
  MeterTopics(std::string_view base, std::string_view meter);
  MeterTopics(const settings::MqttSettings& settings, const BaseTopic& base,
              const TopicSubject& subject);

  Topic state{};  // these three: none while the equipment id is not known that they need
  Topic status{};
  Topic raw{};
  Topic events{};
  std::vector<Topic> messages{};  // one for each of the settings' messages; none when not on state
  std::string equipment_id{};     // that the topics were made with
  std::optional<milliseconds> incomplete_since{};  // telegrams come, and no equipment id
  bool incomplete_told{};
  std::size_t state_size{};  // of the last state message and a little more

  struct Key {
    Topic value{};  // none before the first publish
    Topic time{};
    bool has_time{};  // has ever come with a time of its own
    bool refused{};   // another key has the topic
  };
  /// The key's entry, its topic not yet made.
  [[nodiscard]] Key& key(KeyId id);
  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }
  [[nodiscard]] bool has_time(KeyId id) const noexcept {
    return id < keys_.size() && keys_[id].has_time;
  }

  /// How a key differs from its class; none when it does not, or is not known yet.
  [[nodiscard]] const settings::ReadingStyle* style(KeyId id) const noexcept {
    return id < styles_.size() ? styles_[id].get() : nullptr;
  }
  void set_style(KeyId id, settings::ReadingStyle style);
  void forget_styles() noexcept { styles_.clear(); }
  /// Adds the topics that hold a retained message with these settings.
  void list_retained(const settings::MqttSettings& settings, std::vector<std::string>& out) const;
  /// All that is by KeyId.
  void forget_keys() noexcept {
    keys_.clear();
    styles_.clear();
  }

 private:
  std::vector<Key> keys_{};
  std::vector<std::unique_ptr<settings::ReadingStyle>> styles_{};  // empty unless rules have any
};

}  // namespace p1meter::mqtt
