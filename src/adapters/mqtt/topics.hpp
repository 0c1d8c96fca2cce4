// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the names of topics.
#pragma once

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

/// The topic of a key's scalar: `<base>/<meter>/<key>`. A topic from the rules replaces the last
/// level, or all of it when it has a '/'; in a test run such a topic too stays below the test
/// topic.
[[nodiscard]] std::string key_topic(const BaseTopic& base, std::string_view meter,
                                    const KeyInfo& key, const settings::ReadingRules& rules);

/// The topics of one meter, made when first used, so that a meter that publishes only its state
/// costs no memory for the others.
class MeterTopics {
 public:
  MeterTopics(std::string_view base, std::string_view meter);

  Topic state{};
  Topic status{};
  Topic raw{};
  bool state_used{};
  bool raw_used{};
  std::size_t state_size{};  // of the last state message and a little more

  struct Key {
    Topic value{};  // none before the first publish
    Topic time{};
    bool has_time{};  // has ever come with a time of its own
  };
  /// The key's entry, its topic not yet made.
  [[nodiscard]] Key& key(KeyId id);
  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }
  [[nodiscard]] bool has_time(KeyId id) const noexcept {
    return id < keys_.size() && keys_[id].has_time;
  }

 private:
  std::vector<Key> keys_{};
};

}  // namespace p1meter::mqtt
