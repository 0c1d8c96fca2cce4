// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: one meter as a Homie device, over a connection of its own.
#include "adapters/mqtt/homie_sink.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "adapters/mqtt/homie.hpp"
#include "adapters/mqtt/key_style.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/mqtt/state_json.hpp"
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {
namespace {

using settings::HomieVersion;

constexpr std::string_view state_level = "/$state";
constexpr std::string_view alert_level = "/$alert/offline";
constexpr const char* silence = "No valid telegrams arrive from the meter.";

}  // namespace

Presence homie_presence(std::string_view root) {
  return {.topic = std::string{root}.append(state_level),
          .here = {},
          .goodbye = "disconnected",
          .will = "lost"};
}

struct HomieSink::Impl {
  Impl(const settings::MqttSettings& settings, const Identity& identity, HomieVersion given_version,
       const settings::ReadingRules& reading_rules, Callbacks callbacks)
      : root{identity.base_topic},
        version{given_version},
        rules{reading_rules},
        state{topic(state_level)},
        alert{topic(alert_level)},
        retains_more{callbacks.retains_more},
        publisher{settings, identity, std::move(callbacks)} {}

  struct Key {
    Topic value{};
    Topic time{};     // none: a key of the meter has its name
    bool has_time{};  // has ever come with a time of its own
    std::optional<int> decimals{};
    bool published{};
  };

  /// `below`: with its slash.
  [[nodiscard]] Topic topic(std::string_view below) const {
    return std::make_shared<const std::string>(root + std::string{below});
  }

  /// All with the same QoS, so that they arrive in the order in which they are put.
  void add(const Topic& topic, std::string payload, bool step = false) {
    batch.push_back(
        {.topic = topic, .payload = std::move(payload), .qos = 1, .retain = true, .step = step});
  }

  void add_forgotten(const std::string& topic) {
    add(std::make_shared<const std::string>(topic), {});
    batch.back().takes_back = true;
  }

  /// The topics of keys, also of those that were not there before.
  void place(const MeterView& meter) {
    keys.assign(meter.keys().size(), {});
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto id = static_cast<KeyId>(i);
      const KeyInfo& info = meter.keys()[id];
      Key& key = keys[i];
      key.published = meter.published(id);
      if (rules.any_style()) key.decimals = rules.style(info).decimals;
      key.value = topic("/" + homie_value_topic(info));
      const std::string time = homie_time_topic(info, meter.keys());
      key.time = time.empty() ? Topic{} : topic("/" + time);
      const auto current = meter.current(id);
      key.has_time = (current && current->time) || (key.time && remembered.contains(*key.time));
    }
  }

  [[nodiscard]] std::vector<std::string> topics() const {
    std::vector<std::string> all{*state};
    if (version == HomieVersion::v5) all.push_back(*alert);
    all.insert(all.end(), described.begin(), described.end());
    for (const Key& key : keys) {
      if (!key.published) continue;
      all.push_back(*key.value);
      if (key.has_time && key.time) all.push_back(*key.time);
    }
    return all;
  }

  void describe(const MeterView& meter, Moment now) {
    place(meter);
    HomieDevice next = homie_device(meter, version, [&](KeyId id) { return keys[id].has_time; });
    if (stamp != 0 && next == device) return;
    device = std::move(next);
    // Grows also when the clock was set back.
    const auto wall = std::chrono::duration_cast<milliseconds>(now.wall.time_since_epoch()).count();
    stamp = std::max<std::int64_t>(stamp + 1, wall);
  }

  /// Everything, in the order of the convention: nothing that describes the device changes while it
  /// is ready.
  void tell(const MeterView& meter, Moment now) {
    const auto before = topics();
    remembered.insert(before.begin(), before.end());
    describe(meter, now);
    // Also when what waits is thinned out, `init` stays before and `ready` behind.
    add(state, "init", true);
    described.clear();
    if (device.nodes.empty()) {
      clear_former(before);
      return;
    }
    auto attributes = homie_attributes(device, version, stamp);
    for (const auto& [below, payload] : attributes) {
      if (!payload.empty()) described.push_back(root + "/" + below);
    }
    clear_former(before);
    for (auto& [below, payload] : attributes) add(topic("/" + below), std::move(payload));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto id = static_cast<KeyId>(i);
      if (const auto value = meter.current(id)) add_value(meter, *value);
    }
    add_availability(meter, true);
  }

  void clear_former(const std::vector<std::string>& before) {
    const auto current = topics();
    const std::set<std::string> yielded{current.begin(), current.end()};
    for (const std::string& old : before) {
      if (!yielded.contains(old)) add_forgotten(old);
    }
  }

  void add_value(const MeterView& meter, const DueReading& reading) {
    const Key& key = keys[reading.key];
    if (!key.published) return;
    add(key.value,
        homie_value(rounded(reading.value, key.decimals), meter.keys()[reading.key], version));
    if (reading.time && key.time) add(key.time, time_text(reading));
  }

  void add_gone(KeyId id) {
    const Key& key = keys[id];
    if (!key.published) return;
    add(key.value, {});
    if (key.has_time && key.time) add(key.time, {});
  }

  /// Version 5 has no state for a device that is there and in need of attention.
  void add_availability(const MeterView& meter, bool after_init) {
    if (version == HomieVersion::v4) {
      add(state, meter.online() ? "ready" : "alert");
      return;
    }
    add(alert, meter.online() ? "" : silence);
    if (after_init) add(state, "ready");
  }

  /// True when a delivery shows what the description lacks.
  [[nodiscard]] bool is_news(const Delivery& delivery) const {
    if (delivery.meter.keys().size() != keys.size()) return true;
    if (delivery.mapped != nullptr && delivery.mapped->meter_changed) return true;
    return std::any_of(delivery.due.begin(), delivery.due.end(), [&](const DueReading& due) {
      const Key& key = keys[due.key];
      return key.published ? due.time && !key.has_time : delivery.meter.published(due.key);
    });
  }

  const std::string root;
  const HomieVersion version;
  const settings::ReadingRules& rules;
  const Topic state;
  const Topic alert;
  HomieDevice device{};
  std::int64_t stamp{};                  // of the description; 0: none yet
  std::vector<std::string> described{};  // topics of the attributes
  std::vector<Key> keys{};
  std::set<std::string> remembered{};  // topics that were used, by an earlier run too
  std::vector<Message> batch{};
  std::function<void()> retains_more;
  Publisher publisher;
};

HomieSink::HomieSink(const settings::MqttSettings& settings, const Identity& identity,
                     HomieVersion version, const settings::ReadingRules& rules, Callbacks callbacks)
    : impl_{std::make_unique<Impl>(settings, identity, version, rules, std::move(callbacks))} {}

HomieSink::~HomieSink() = default;

void HomieSink::start() { impl_->publisher.start(); }

void HomieSink::connected(std::vector<std::string> remembered) {
  impl_->remembered = {std::make_move_iterator(remembered.begin()),
                       std::make_move_iterator(remembered.end())};
}

void HomieSink::accept(const Delivery& delivery) {
  Impl& impl = *impl_;
  if (impl.is_news(delivery)) {
    announce(delivery.meter, delivery.now);
    return;
  }
  for (const DueReading& due : delivery.due) impl.add_value(delivery.meter, due);
  for (const KeyId id : delivery.gone) impl.add_gone(id);
  if (delivery.availability_changed && !impl.device.nodes.empty())
    impl.add_availability(delivery.meter, false);
  impl.publisher.put(impl.batch);
}

void HomieSink::announce(const MeterView& meter, Moment now) {
  Impl& impl = *impl_;
  const auto before = impl.topics();
  impl.tell(meter, now);
  impl.publisher.put(impl.batch);
  if (impl.retains_more && impl.topics() != before) impl.retains_more();
}

void HomieSink::announced() { impl_->publisher.announced(); }

std::vector<std::string> HomieSink::retained_topics() const { return impl_->topics(); }

void HomieSink::forget(const std::vector<std::string>& topics) {
  Impl& impl = *impl_;
  const auto put = [&](bool states) {
    for (const std::string& topic : topics) {
      if (topic.ends_with(state_level) == states && publishable(topic)) impl.add_forgotten(topic);
    }
  };
  put(true);
  put(false);
  impl.publisher.put(impl.batch);
}

void HomieSink::begin_to_stop(milliseconds patience) { impl_->publisher.begin_to_stop(patience); }

void HomieSink::stop(milliseconds patience) { impl_->publisher.stop(patience); }

}  // namespace p1meter::mqtt
