// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: due readings become messages, on the read loop.
#include "adapters/mqtt/mqtt_sink.hpp"

#include <map>
#include <utility>
#include <vector>

#include "adapters/mqtt/publisher.hpp"
#include "adapters/mqtt/state_json.hpp"
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {

struct MqttSink::Impl {
  Impl(const settings::MqttSettings& given, const Identity& identity,
       const settings::ReadingRules& reading_rules, Callbacks callbacks)
      : settings{given},
        base{.used = identity.base_topic, .configured = given.base_topic},
        daemon_topics{identity.daemon_topics},
        rules{reading_rules},
        publisher{given, identity, std::move(callbacks)} {}

  MeterTopics& topics_of(const MeterView& meter) {
    const auto found = meters.find(meter.name());
    if (found != meters.end()) return found->second;
    auto& topics = meters.emplace(std::string{meter.name()}, MeterTopics{base.used, meter.name()})
                       .first->second;
    if (settings.status.enabled) publisher.say_goodbye_on(topics.status);
    return topics;
  }

  void add(const Topic& topic, std::string payload, const settings::TopicClass& kind) {
    batch.push_back({topic, std::move(payload), static_cast<std::uint8_t>(kind.qos), kind.retain});
  }

  /// The key's entry with its topic, or nullptr when that is no topic.
  MeterTopics::Key* topic_of(MeterTopics& topics, const MeterView& meter, KeyId id) {
    auto& key = topics.key(id);
    if (!key.value) {
      key.value = std::make_shared<const std::string>(
          key_topic(base, meter.name(), meter.keys()[id], rules));
    }
    return publishable(*key.value) ? &key : nullptr;
  }

  void add_state(const MeterView& meter, MeterTopics& topics) {
    if (!settings.state.enabled) return;
    std::string json;
    json.reserve(topics.state_size);
    write_state(meter, topics, json);
    topics.state_size = json.size() + json.size() / 8;
    topics.state_used = true;
    add(topics.state, std::move(json), settings.state);
  }

  void add_key(const MeterView& meter, MeterTopics& topics, KeyId id, const DueReading& reading) {
    auto* const key = topic_of(topics, meter, id);
    if (key == nullptr) return;
    add(key->value, scalar_text(reading.value, meter.keys()[id].kind), settings.keys);
    if (reading.time) add_time(*key, time_text(reading.time));
  }

  void add_time(MeterTopics::Key& key, std::string text) {
    if (!key.time) key.time = std::make_shared<const std::string>(*key.value + "_time");
    add(key.time, std::move(text), settings.keys);
  }

  /// Null as a scalar is an empty retained message: the broker forgets the topic.
  void add_gone(const MeterView& meter, MeterTopics& topics, KeyId id) {
    auto* const key = topic_of(topics, meter, id);
    if (key == nullptr) return;
    add(key->value, {}, settings.keys);
    if (key->has_time) add_time(*key, {});
  }

  void add_status(const MeterView& meter, const MeterTopics& topics) {
    if (settings.status.enabled)
      add(topics.status, meter.online() ? "online" : "offline", settings.status);
  }

  /// New rules may have moved a key: its former topic is cleared.
  void move_topics(const MeterView& meter, MeterTopics& topics) {
    for (std::size_t i = 0; i < topics.keys().size() && i < meter.keys().size(); ++i) {
      const auto id = static_cast<KeyId>(i);
      auto& key = topics.key(id);
      if (!key.value) continue;
      const bool stays = meter.published(id) && settings.keys.enabled &&
                         key_topic(base, meter.name(), meter.keys()[id], rules) == *key.value;
      if (stays) continue;
      clear(key.value);
      if (key.time) clear(key.time);
      key.value.reset();
      key.time.reset();
    }
  }

  void clear(const Topic& topic) {
    if (settings.keys.retain && publishable(*topic)) add(topic, {}, settings.keys);
  }

  void list_retained(const MeterTopics& meter, std::vector<std::string>& topics) const {
    const auto note = [&](const Topic& topic, const settings::TopicClass& kind, bool used) {
      if (topic && used && kind.enabled && kind.retain) topics.push_back(*topic);
    };
    note(meter.state, settings.state, meter.state_used);
    note(meter.status, settings.status, true);
    note(meter.raw, settings.raw, meter.raw_used);
    for (const auto& key : meter.keys()) {
      note(key.value, settings.keys, true);
      note(key.time, settings.keys, true);
    }
  }

  const settings::MqttSettings settings;
  const BaseTopic base;
  const bool daemon_topics;
  const settings::ReadingRules& rules;
  std::map<std::string, MeterTopics, std::less<>> meters{};
  std::vector<Message> batch{};
  Publisher publisher;
};

MqttSink::MqttSink(const settings::MqttSettings& settings, const Identity& identity,
                   const settings::ReadingRules& rules, Callbacks callbacks)
    : impl_{std::make_unique<Impl>(settings, identity, rules, std::move(callbacks))} {}

MqttSink::~MqttSink() = default;

void MqttSink::start() { impl_->publisher.start(); }

void MqttSink::accept(const Delivery& delivery) {
  Impl& impl = *impl_;
  const MeterView& meter = delivery.meter;
  MeterTopics& topics = impl.topics_of(meter);
  if (impl.settings.raw.enabled && delivery.telegram != nullptr) {
    topics.raw_used = true;
    impl.add(topics.raw, std::string{delivery.telegram->frame}, impl.settings.raw);
  }
  for (const DueReading& due : delivery.due) {
    if (due.time) topics.key(due.key).has_time = true;
  }
  if (!delivery.due.empty() || !delivery.gone.empty()) impl.add_state(meter, topics);
  if (impl.settings.keys.enabled) {
    for (const DueReading& due : delivery.due) {
      if (meter.published(due.key)) impl.add_key(meter, topics, due.key, due);
    }
    for (const KeyId id : delivery.gone) impl.add_gone(meter, topics, id);
  }
  if (delivery.availability_changed) impl.add_status(meter, topics);
  impl.publisher.put(impl.batch);
}

void MqttSink::announce(const MeterView& meter, Moment /*now*/) {
  Impl& impl = *impl_;
  MeterTopics& topics = impl.topics_of(meter);
  impl.move_topics(meter, topics);
  const auto count = static_cast<KeyId>(meter.keys().size());
  for (KeyId id = 0; id < count; ++id) {
    const auto current = meter.current(id);
    if (current && current->time) topics.key(id).has_time = true;
  }
  if (count > 0) impl.add_state(meter, topics);
  for (KeyId id = 0; impl.settings.keys.enabled && id < count; ++id) {
    if (!meter.published(id)) continue;
    // Also a key without a value yet has its topic: it must not count as one that is outdated.
    static_cast<void>(impl.topic_of(topics, meter, id));
    if (const auto current = meter.current(id)) impl.add_key(meter, topics, id, *current);
  }
  impl.add_status(meter, topics);
  impl.publisher.put(impl.batch);
}

void MqttSink::announced() { impl_->publisher.announced(); }

void MqttSink::publish_statistics(std::string json) {
  Impl& impl = *impl_;
  if (!impl.daemon_topics || !impl.settings.statistics.enabled) return;
  impl.add(impl.publisher.statistics_topic(), std::move(json), impl.settings.statistics);
  impl.publisher.put(impl.batch);
}

void MqttSink::remove(std::string_view meter) {
  Impl& impl = *impl_;
  const auto found = impl.meters.find(meter);
  if (found == impl.meters.end()) return;
  impl.publisher.no_goodbye_on(found->second.status);
  std::vector<std::string> topics;
  impl.list_retained(found->second, topics);
  impl.meters.erase(found);
  forget(topics);
}

std::vector<std::string> MqttSink::retained_topics() const {
  const Impl& impl = *impl_;
  std::vector<std::string> topics;
  for (const auto& [name, meter] : impl.meters) impl.list_retained(meter, topics);
  if (!impl.daemon_topics) return topics;
  const auto note = [&](const Topic& topic, const settings::TopicClass& kind) {
    if (kind.enabled && kind.retain) topics.push_back(*topic);
  };
  note(impl.publisher.status_topic(), impl.settings.status);
  note(impl.publisher.statistics_topic(), impl.settings.statistics);
  return topics;
}

void MqttSink::forget(const std::vector<std::string>& topics) {
  Impl& impl = *impl_;
  for (const std::string& topic : topics) {
    if (publishable(topic))
      impl.batch.push_back({std::make_shared<const std::string>(topic), {}, 1, true});
  }
  impl.publisher.put(impl.batch);
}

bool MqttSink::drain(milliseconds patience) { return impl_->publisher.drain(patience); }

void MqttSink::stop(milliseconds patience) { impl_->publisher.stop(patience); }

Statistics MqttSink::statistics() const { return impl_->publisher.statistics(); }

}  // namespace p1meter::mqtt
