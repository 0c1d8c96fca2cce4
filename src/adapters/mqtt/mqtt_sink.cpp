// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: due readings become messages, on the read loop.
#include "adapters/mqtt/mqtt_sink.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "adapters/mqtt/announcer.hpp"
#include "adapters/mqtt/event_json.hpp"
#include "adapters/mqtt/key_style.hpp"
#include "adapters/mqtt/key_topics.hpp"
#include "adapters/mqtt/message_text.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/mqtt/state_json.hpp"
#include "adapters/mqtt/statistics_messages.hpp"
#include "adapters/mqtt/topics.hpp"
#include "settings/own_topics.hpp"

namespace p1meter::mqtt {

struct MqttSink::Impl {
  Impl(const settings::MqttSettings& given, const Identity& identity,
       const settings::ReadingRules& reading_rules, Callbacks callbacks)
      : settings{given},
        base{.used = identity.base_topic, .configured = given.base_topic},
        daemon_topics{identity.daemon_topics},
        rules{reading_rules},
        response_topic{own_topic(settings::own_level::response)},
        log_topic{own_topic(settings::own_level::log)},
        keys{settings, base, rules,
             [this](const std::string& what) { publisher.topic_taken(what); }},
        texts{settings, base, rules, keys},
        announcer{{identity.home_assistant.value_or(settings::HomeAssistantSettings{}), settings,
                   identity.base_topic, identity.version},
                  identity.home_assistant.has_value()},
        retains_more{callbacks.retains_more},
        publisher{given, identity, std::move(callbacks)} {}

  [[nodiscard]] Topic own_topic(std::string_view level) const {
    return std::make_shared<const std::string>(settings::own_topic(base.used, level));
  }

  MeterTopics& topics_of(const MeterView& meter) {
    const auto found = meters.find(meter.name());
    if (found == meters.end()) return make_topics(meter);
    if (keys.wants_equipment_id()) follow_equipment_id(meter, found->second);
    return found->second;
  }

  MeterTopics& make_topics(const MeterView& meter) {
    const std::string equipment_id{meter.equipment_id()};
    auto& topics = meters
                       .emplace(std::string{meter.name()},
                                MeterTopics{settings, base, {meter.name(), equipment_id}})
                       .first->second;
    greet_with_status(topics);
    ++topics_made;
    return topics;
  }

  void greet_with_status(const MeterTopics& topics) {
    if (settings.status.enabled && topics.status) publisher.say_goodbye_on(topics.status);
  }

  /// Another meter stands there now, or the number has become known: its topics are others.
  void follow_equipment_id(const MeterView& meter, MeterTopics& topics) {
    const std::string equipment_id{meter.equipment_id()};
    if (equipment_id.empty() || equipment_id == topics.equipment_id) return;
    if (!keys.topics_have_equipment_id()) {
      topics.equipment_id = equipment_id;
      return;
    }
    std::vector<std::string> former;
    topics.list_retained(settings, former);
    if (topics.status) publisher.no_goodbye_on(topics.status);
    keys.release(topics);
    topics = MeterTopics{settings, base, {meter.name(), equipment_id}};
    greet_with_status(topics);
    ++topics_made;
    move_from(former, meter, topics);
  }

  /// Nothing is published on a topic that wants what the meter never says: once, in words.
  void look_for_equipment_id(const Delivery& delivery, MeterTopics& topics) {
    constexpr milliseconds patience = std::chrono::minutes{1};  // some name themselves now and then
    if (!keys.topics_have_equipment_id() || !topics.equipment_id.empty() ||
        topics.incomplete_told || delivery.telegram == nullptr)
      return;
    const milliseconds now = delivery.now.steady;
    if (!topics.incomplete_since) topics.incomplete_since = now;
    if (now - *topics.incomplete_since < patience) return;
    topics.incomplete_told = true;
    publisher.topic_incomplete(
        std::string{delivery.meter.name()} +
        " sends no equipment id, which {equipment_id} stands for; {meter} would do");
  }

  /// Topics that the new ones do not have are cleared. Keys have theirs at once, so that those
  /// which stay the same are not taken for former ones.
  void move_from(const std::vector<std::string>& former, const MeterView& meter,
                 MeterTopics& topics) {
    for (KeyId id = 0; settings.keys.enabled && id < meter.keys().size(); ++id) {
      if (meter.published(id)) static_cast<void>(keys.topic_of(topics, meter, id));
    }
    std::vector<std::string> current;
    topics.list_retained(settings, current);
    const std::set<std::string> stays{current.begin(), current.end()};
    for (const std::string& topic : former) {
      if (!stays.contains(topic)) add_forgotten(topic);
    }
    add_status(meter, topics);
  }

  void add(const Topic& topic, std::string payload, const settings::TopicClass& kind,
           std::uint32_t expiry = 0) {
    batch.push_back({.topic = topic,
                     .payload = std::move(payload),
                     .qos = static_cast<std::uint8_t>(kind.qos),
                     .retain = kind.retain,
                     .expiry = expiry});
  }

  void add(const Topic& topic, std::string payload, const KeyStyle& style,
           std::uint32_t expiry = 0) {
    batch.push_back({.topic = topic,
                     .payload = std::move(payload),
                     .qos = style.qos(),
                     .retain = style.retain(),
                     .expiry = expiry});
  }

  void add(const Topic& topic, std::string payload, const settings::MqttMessage& message,
           std::uint32_t expiry = 0) {
    batch.push_back({.topic = topic,
                     .payload = std::move(payload),
                     .qos = static_cast<std::uint8_t>(message.qos),
                     .retain = message.retain,
                     .expiry = expiry});
  }

  /// The broker forgets a topic.
  void add_forgotten(const std::string& topic) {
    if (!publishable(topic)) return;
    batch.push_back({.topic = std::make_shared<const std::string>(topic),
                     .payload = {},
                     .qos = 1,
                     .retain = true,
                     .takes_back = true});
  }

  void add_state(const MeterView& meter, MeterTopics& topics, std::span<const DueReading> due) {
    keys.learn_styles(topics, meter);
    if (settings.state.enabled && topics.state) add_own_state(meter, topics, due);
    for (std::size_t i = 0; i < settings.messages.size(); ++i) {
      if (topics.messages[i])
        add_message(settings.messages[i], topics.messages[i], meter, topics, due);
    }
  }

  void add_own_state(const MeterView& meter, MeterTopics& topics, std::span<const DueReading> due) {
    const settings::Payload& payload = settings.templates.state_payload;
    auto text = payload.lists_readings() ? texts.of_due(payload, meter, topics, due)
                                         : texts.of_state(payload, meter, topics);
    if (!text) return;
    topics.state_size = text->size() + text->size() / 8;
    add(topics.state, *std::move(text), settings.state, announcer.expiry(meter));
  }

  void add_message(const settings::MqttMessage& message, const Topic& topic, const MeterView& meter,
                   MeterTopics& topics, std::span<const DueReading> due) {
    auto text = message.payload.lists_readings() ? texts.of_due(message.payload, meter, topics, due)
                                                 : texts.of_state(message.payload, meter, topics);
    if (!text || !publishable(*topic)) return;
    add(topic, *std::move(text), message, announcer.expiry(meter));
  }

  void add_key(const MeterView& meter, MeterTopics& topics, KeyId id, const DueReading& reading) {
    auto* const key = keys.topic_of(topics, meter, id);
    if (key == nullptr) return;
    const KeyStyle style = keys.style_of(topics, meter, id);
    if (style.says().form == settings::Payload::Form::plain) {
      add(key->value, scalar_text(rounded(reading.value, style.decimals()), meter.keys()[id].kind),
          style, announcer.expiry(meter, id));
      if (reading.time) add_time(*key, time_text(reading), style);
    } else if (auto text = texts.of_reading(meter, topics, *key, reading, style)) {
      add(key->value, *std::move(text), style, announcer.expiry(meter, id));
    }
  }

  void add_time(MeterTopics::Key& key, std::string text, const KeyStyle& style) {
    if (!key.time) {
      key.time = std::make_shared<const std::string>(*key.value + "_time");
      ++topics_made;
    }
    add(key.time, std::move(text), style);
  }

  /// Null as a scalar is an empty retained message: the broker forgets the topic.
  void add_gone(const MeterView& meter, MeterTopics& topics, KeyId id) {
    auto* const key = keys.topic_of(topics, meter, id);
    if (key == nullptr) return;
    const KeyStyle style = keys.style_of(topics, meter, id);
    add(key->value, {}, style);
    if (key->has_time && style.says().form == settings::Payload::Form::plain)
      add_time(*key, {}, style);
  }

  void add_status(const MeterView& meter, const MeterTopics& topics) {
    if (!settings.status.enabled || !topics.status) return;
    const auto& words = settings.templates;
    add(topics.status, meter.online() ? words.online : words.offline, settings.status);
  }

  /// Every one counts, also when the broker is away for a while.
  void add_events(const MeterTopics& topics, const Delivery& delivery) {
    if (!settings.events.enabled || !topics.events) return;
    for (const MeterEvent& event : delivery.events) {
      add(topics.events, event_json(event, delivery), settings.events);
      batch.back().step = true;
    }
  }

  /// Hands the batch over, and says when the broker is to keep more than before.
  void put() {
    publisher.put(batch);
    const std::uint64_t now =
        topics_made + keys.given() + statistics_messages.given() + announcer.grown();
    if (std::exchange(retained_then, now) != now && retains_more) retains_more();
  }

  const settings::MqttSettings settings;
  const BaseTopic base;
  const bool daemon_topics;
  const settings::ReadingRules& rules;
  const Topic response_topic;
  const Topic log_topic;
  std::size_t log_lines_waiting{};  // at most; since the mailbox was last seen empty
  KeyTopics keys;
  MessageText texts;
  Announcer announcer;
  std::map<std::string, MeterTopics, std::less<>> meters{};
  StatisticsMessages statistics_messages{settings, base};
  std::vector<Message> batch{};
  std::uint64_t topics_made{};    // of meters and times
  std::uint64_t retained_then{};  // put() saw
  std::function<void()> retains_more;
  Publisher publisher;
};

MqttSink::MqttSink(const settings::MqttSettings& settings, const Identity& identity,
                   const settings::ReadingRules& rules, Callbacks callbacks)
    : impl_{std::make_unique<Impl>(settings, identity, rules, std::move(callbacks))} {}

MqttSink::~MqttSink() = default;

void MqttSink::start() { impl_->publisher.start(); }

void MqttSink::connected(const std::vector<std::string>& remembered) {
  impl_->announcer.connected(remembered);
}

void MqttSink::announce_program() {
  Impl& impl = *impl_;
  impl.announcer.announce_program(impl.batch);
  impl.put();
}

void MqttSink::announce_update() {
  Impl& impl = *impl_;
  impl.announcer.announce_update(impl.batch);
  impl.put();
}

void MqttSink::repeat_status() {
  Impl& impl = *impl_;
  if (!impl.daemon_topics || !impl.settings.status.enabled) return;
  impl.add(impl.publisher.status_topic(), impl.settings.templates.online, impl.settings.status);
  impl.put();
}

void MqttSink::accept(const Delivery& delivery) {
  Impl& impl = *impl_;
  const MeterView& meter = delivery.meter;
  MeterTopics& topics = impl.topics_of(meter);
  if (impl.settings.raw.enabled && delivery.telegram != nullptr && topics.raw) {
    impl.add(topics.raw, std::string{delivery.telegram->frame}, impl.settings.raw);
  }
  for (const DueReading& due : delivery.due) {
    if (due.time) topics.key(due.key).has_time = true;
  }
  impl.look_for_equipment_id(delivery, topics);
  impl.keys.learn_styles(topics, meter);
  impl.announcer.accept(delivery, topics, impl.batch);
  if (!delivery.due.empty() || !delivery.gone.empty()) impl.add_state(meter, topics, delivery.due);
  if (impl.settings.keys.enabled) {
    for (const DueReading& due : delivery.due) {
      if (meter.published(due.key)) impl.add_key(meter, topics, due.key, due);
    }
    for (const KeyId id : delivery.gone) impl.add_gone(meter, topics, id);
  }
  if (delivery.availability_changed) impl.add_status(meter, topics);
  impl.add_events(topics, delivery);
  impl.put();
}

void MqttSink::announce(const MeterView& meter) {
  Impl& impl = *impl_;
  MeterTopics& topics = impl.topics_of(meter);
  impl.keys.look_at_rules();
  impl.keys.move(meter, topics, impl.batch);
  const auto count = static_cast<KeyId>(meter.keys().size());
  for (KeyId id = 0; id < count; ++id) {
    const auto current = meter.current(id);
    if (current && current->time) topics.key(id).has_time = true;
  }
  impl.keys.learn_styles(topics, meter);
  impl.announcer.announce(meter, topics, impl.batch);
  if (count > 0) impl.add_state(meter, topics, {});
  for (KeyId id = 0; impl.settings.keys.enabled && id < count; ++id) {
    if (!meter.published(id)) continue;
    // Also a key without a value yet has its topic: it must not count as one that is outdated.
    static_cast<void>(impl.keys.topic_of(topics, meter, id));
    if (const auto current = meter.current(id)) impl.add_key(meter, topics, id, *current);
  }
  impl.add_status(meter, topics);
  impl.put();
}

void MqttSink::announced() { impl_->publisher.announced(); }

void MqttSink::publish_statistics(std::string json, const Figures& figures, milliseconds now) {
  Impl& impl = *impl_;
  if (!impl.daemon_topics) return;
  impl.statistics_messages.collect(json, figures, now, impl.batch);
  if (impl.settings.statistics.enabled)
    impl.add(impl.publisher.statistics_topic(), std::move(json), impl.settings.statistics);
  impl.put();
}

void MqttSink::respond(std::string json) {
  Impl& impl = *impl_;
  // Every answer counts: none takes the place of one that waits.
  impl.batch.push_back({.topic = impl.response_topic,
                        .payload = std::move(json),
                        .qos = 1,
                        .retain = false,
                        .step = true});
  impl.put();
}

bool MqttSink::publish_log(std::string json) {
  constexpr std::size_t most_waiting = 256;
  Impl& impl = *impl_;
  if (impl.publisher.statistics().queue == 0) impl.log_lines_waiting = 0;
  if (impl.log_lines_waiting == most_waiting) return false;
  ++impl.log_lines_waiting;
  impl.add(impl.log_topic, std::move(json), impl.settings.log);
  impl.batch.back().step = true;
  impl.put();
  return true;
}

const std::string& MqttSink::statistics_topic() const noexcept {
  return *impl_->publisher.statistics_topic();
}

void MqttSink::remove(std::string_view meter) {
  Impl& impl = *impl_;
  const auto found = impl.meters.find(meter);
  if (found == impl.meters.end()) return;
  if (found->second.status) impl.publisher.no_goodbye_on(found->second.status);
  std::vector<std::string> topics = impl.announcer.remove(meter);
  for (std::string& topic : impl.statistics_messages.release(meter))
    topics.push_back(std::move(topic));
  found->second.list_retained(impl.settings, topics);
  impl.keys.release(found->second);
  impl.meters.erase(found);
  forget(topics);
}

void MqttSink::renumbered(std::string_view meter) {
  Impl& impl = *impl_;
  const auto found = impl.meters.find(meter);
  if (found == impl.meters.end()) return;
  impl.keys.release(found->second);
  found->second.forget_keys();
  impl.announcer.renumbered(meter);
}

std::vector<std::string> MqttSink::retained_topics() const {
  const Impl& impl = *impl_;
  std::vector<std::string> topics;
  for (const auto& [name, meter] : impl.meters) meter.list_retained(impl.settings, topics);
  impl.announcer.list_retained(topics);
  if (!impl.daemon_topics) return topics;
  impl.statistics_messages.list_retained(topics);
  const auto note = [&](const Topic& topic, const settings::TopicClass& kind) {
    if (kind.enabled && kind.retain) topics.push_back(*topic);
  };
  note(impl.publisher.status_topic(), impl.settings.status);
  note(impl.publisher.statistics_topic(), impl.settings.statistics);
  note(impl.log_topic, impl.settings.log);
  return topics;
}

void MqttSink::forget(const std::vector<std::string>& topics) {
  Impl& impl = *impl_;
  for (const std::string& topic : impl.announcer.take_back(topics, impl.batch)) {
    impl.add_forgotten(topic);
  }
  impl.put();
}

bool MqttSink::drain(milliseconds patience) { return impl_->publisher.drain(patience); }

void MqttSink::stop(milliseconds patience) { impl_->publisher.stop(patience); }

Statistics MqttSink::statistics() const {
  Statistics statistics = impl_->publisher.statistics();
  statistics.refused += impl_->keys.refused();
  return statistics;
}

}  // namespace p1meter::mqtt
