// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: keeps Home Assistant told of what there is, across changes and restarts.
#include "adapters/mqtt/announcer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace p1meter::mqtt {
namespace {

constexpr char component_mark = '#';  // no topic holds one
constexpr std::string_view config_level = "/config";
/// Looking at ids and periods costs more than a telegram's readings.
constexpr std::uint32_t looks_every = 16;
/// Meters that send several lists in turn name themselves in one of them.
constexpr milliseconds id_patience = std::chrono::minutes{1};

/// "<prefix>/device/ID/config" -> ID; empty for other topics.
std::string_view device_of(std::string_view topic, std::string_view prefix) {
  if (!topic.starts_with(prefix) || !topic.ends_with(config_level)) return {};
  topic.remove_prefix(prefix.size());
  topic.remove_suffix(config_level.size());
  constexpr std::string_view device = "/device/";
  if (!topic.starts_with(device)) return {};
  return topic.substr(device.size());
}

Message config(std::string_view topic, std::string payload) {
  return {.topic = std::make_shared<const std::string>(topic),
          .payload = std::move(payload),
          .qos = 1,
          .retain = true};
}

/// One after which another one of the same topic follows.
Message config_step(std::string_view topic, std::string payload) {
  Message message = config(topic, std::move(payload));
  message.step = true;
  return message;
}

Message taking_back(Message message) {
  message.takes_back = true;
  return message;
}

/// Whether a remembered topic is that of the program's update, in either form.
bool names_update(const DiscoveryContext& context, std::string_view topic) {
  const std::string id = program_id(context.base_topic);
  return topic == device_topic(context, id) + component_mark + "update update" ||
         topic == context.home_assistant.prefix + "/update/" + id + "/update" +
                      std::string{config_level};
}

std::size_t published_keys(const MeterView& meter) {
  std::size_t published = 0;
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    if (meter.published(static_cast<KeyId>(i))) ++published;
  }
  return published;
}

}  // namespace

Announcer::Announcer(const DiscoveryContext& context, bool enabled)
    : context_{context},
      enabled_{enabled && context.home_assistant.discovery != settings::Discovery::off &&
               context.mqtt.state.enabled &&
               context.mqtt.templates.state_payload.form == settings::Payload::Form::json} {}

Announcer::Known& Announcer::known(const MeterView& meter) {
  const auto found = meters_.find(meter.name());
  return found != meters_.end() ? found->second
                                : meters_.emplace(meter.name(), Known{}).first->second;
}

bool Announcer::taken(std::string_view id, const Known& by) const {
  return std::any_of(meters_.begin(), meters_.end(), [&](const auto& entry) {
    return &entry.second != &by && entry.second.id == id;
  });
}

/// False as long as it is not certain under which id the meter is to be announced.
bool Announcer::identify(Known& known, const MeterView& meter) {
  if (meter.keys().size() == 0) return false;
  std::string equipment_id = meter.nameplate().equipment_id;
  if (!known.id.empty() && equipment_id == known.equipment_id) return true;
  if (equipment_id.empty() && !known.nameless) return false;
  known.equipment_id = std::move(equipment_id);
  known.id = device_id(known.equipment_id, meter.name());
  if (taken(known.id, known)) known.id = device_id(known.equipment_id, meter.name(), true);
  return true;
}

std::uint32_t Announcer::expiry(const MeterView& meter) {
  Known& meter_known = known(meter);
  if (!meter_known.expiry) meter_known.expiry = expire_after(meter);
  return *meter_known.expiry;
}

std::uint32_t Announcer::expiry(const MeterView& meter, KeyId key) {
  Known& meter_known = known(meter);
  if (meter_known.key_expiries.size() <= key) meter_known.key_expiries = expiries_of_keys(meter);
  return meter_known.key_expiries[key];
}

void Announcer::connected(const std::vector<std::string>& remembered) {
  if (!enabled_) return;
  former_.clear();
  for (const std::string& topic : remembered) {
    context_.update_known = context_.update_known || names_update(context_, topic);
    if (topic.find(component_mark) == std::string::npos && topic.ends_with(config_level))
      former_.insert(topic);
  }
}

void Announcer::announce_program(std::vector<Message>& out) {
  if (!enabled_) return;
  put(program_, {discover_program(context_)}, false, out);
}

void Announcer::announce_update(std::vector<Message>& out) {
  if (!enabled_ || std::exchange(context_.update_known, true)) return;
  put(program_, {discover_program(context_)}, true, out);
}

void Announcer::announce(const MeterView& meter, const MeterTopics& topics,
                         std::vector<Message>& out) {
  known(meter).key_expiries.clear();
  if (!enabled_) return;
  Known& meter_known = known(meter);
  // Announced under its name by an earlier run: it sends no equipment id.
  if (!meter_known.nameless) {
    const std::string id = device_id({}, meter.name());
    meter_known.nameless = std::any_of(
        former_.begin(), former_.end(),
        [&](const std::string& topic) { return topic.find("/" + id + "/") != std::string::npos; });
  }
  meter_known.expiry = expire_after(meter);
  if (topics.state && identify(meter_known, meter)) publish(meter_known, meter, topics, false, out);
}

void Announcer::publish(Known& known, const MeterView& meter, const MeterTopics& topics,
                        bool only_news, std::vector<Message>& out) {
  known.keys = meter.keys().size();
  known.published = published_keys(meter);
  put(known, discover_meter(context_, meter, topics, known.id, expiry(meter)), only_news, out);
}

bool Announcer::changed(Known& known, const MeterView& meter) const {
  if (meter.keys().size() != known.keys) return true;
  if (known.deliveries % looks_every != 0) return false;
  if (meter.nameplate().equipment_id != known.equipment_id) return true;
  // Keys of the meter before this one come again when this one sends them.
  if (published_keys(meter) != known.published) return true;
  const std::uint32_t now = expire_after(meter);
  const std::uint32_t told = known.expiry.value_or(0);
  constexpr std::uint32_t fifth = 5;
  const std::uint32_t difference = now > told ? now - told : told - now;
  if ((now == 0) == (told == 0) && difference * fifth <= told) return false;
  known.expiry = now;
  return true;
}

void Announcer::accept(const Delivery& delivery, const MeterTopics& topics,
                       std::vector<Message>& out) {
  if (delivery.telegram == nullptr) return;
  const MeterView& meter = delivery.meter;
  Known& meter_known = known(meter);
  if (++meter_known.deliveries % looks_every == 0) meter_known.key_expiries.clear();
  if (!enabled_) return;
  if (meter_known.id.empty() && !meter_known.nameless) {
    if (!meter_known.first_seen) meter_known.first_seen = delivery.now.steady;
    meter_known.nameless = (delivery.telegram->protocol == Protocol::dsmr &&
                            delivery.mapped != nullptr && delivery.mapped->equipment_id.empty()) ||
                           delivery.now.steady - *meter_known.first_seen >= id_patience;
  }
  const bool replaced = delivery.mapped != nullptr && delivery.mapped->meter_changed;
  if (!meter_known.id.empty() && !replaced && !changed(meter_known, meter)) return;
  if (topics.state && identify(meter_known, meter)) publish(meter_known, meter, topics, true, out);
}

/// Announces devices, and takes back the messages of those that are no longer among them.
void Announcer::put(Known& known, const std::vector<DiscoveredDevice>& devices, bool only_news,
                    std::vector<Message>& out) {
  std::set<std::string> current;
  for (const DiscoveredDevice& device : devices) {
    auto messages = config_messages(context_, device);
    move(messages, out);
    for (ConfigMessage& message : messages) {
      current.insert(message.topic);
      put_one(known, std::move(message), only_news, out);
    }
  }
  for (auto it = known.announced.begin(); it != known.announced.end();) {
    if (current.contains(it->first)) {
      ++it;
      continue;
    }
    out.push_back(taking_back(config(it->first, {})));
    it = known.announced.erase(it);
  }
}

void Announcer::put_one(Known& known, ConfigMessage message, bool only_news,
                        std::vector<Message>& out) {
  ConfigMessage& told = known.announced[message.topic];
  if (only_news && told.payload == message.payload) return;
  std::vector<std::string> removed;
  std::copy_if(told.components.begin(), told.components.end(), std::back_inserter(removed),
               [&](const std::string& component) {
                 return std::find(message.components.begin(), message.components.end(),
                                  component) == message.components.end();
               });
  put_without(message, removed, out);
  if (told.topic.empty() || told.components != message.components) ++grown_;
  told = std::move(message);
}

/// A component goes when it is named once with nothing but its platform, and then no more.
/// Source    Home Assistant, MQTT integration, "Device discovery payload"
void Announcer::put_without(const ConfigMessage& message, const std::vector<std::string>& removed,
                            std::vector<Message>& out) const {
  if (!removed.empty())
    out.push_back(taking_back(config_step(message.topic, with_removed(message.payload, removed))));
  out.push_back(config(message.topic, message.payload));
}

const ConfigMessage* Announcer::announced(const std::string& topic) const {
  const auto in = [&](const Known& known) -> const ConfigMessage* {
    const auto found = known.announced.find(topic);
    return found == known.announced.end() ? nullptr : &found->second;
  };
  if (const auto* found = in(program_)) return found;
  for (const auto& [name, meter] : meters_) {
    if (const auto* found = in(meter)) return found;
  }
  return nullptr;
}

/// Entities that the broker still has in the other form are told that they move, before they are
/// announced in this one. The topics themselves are cleared afterwards, as all that is outdated.
/// Source    Home Assistant, MQTT integration, "Migration to and from device-based discovery"
void Announcer::move(const std::vector<ConfigMessage>& messages, std::vector<Message>& out) {
  constexpr const char* moving = R"({"migrate_discovery": true})";
  for (const ConfigMessage& message : messages) former_.erase(message.topic);
  if (former_.empty() || messages.empty()) return;
  const std::string& prefix = context_.home_assistant.prefix;
  const auto tell = [&](const std::string& topic) {
    if (former_.erase(topic) > 0) out.push_back(config_step(topic, moving));
  };
  if (const auto id = device_of(messages.front().topic, prefix); !id.empty()) {
    const std::string level = "/" + std::string{id} + "/";
    for (const std::string& topic : std::vector<std::string>{former_.begin(), former_.end()}) {
      if (topic.find(level) != std::string::npos) tell(topic);
    }
    return;
  }
  // "<prefix>/sensor/ID/object/config"
  std::string_view id = messages.front().topic;
  id.remove_suffix(config_level.size());
  id = id.substr(0, id.rfind('/'));
  tell(device_topic(context_, id.substr(id.rfind('/') + 1)));
}

std::vector<std::string> Announcer::take_back(const std::vector<std::string>& topics,
                                              std::vector<Message>& out) {
  std::vector<std::string> plain;
  std::map<std::string, std::vector<std::string>> components;
  for (const std::string& topic : topics) {
    const auto mark = topic.find(component_mark);
    if (mark == std::string::npos) {
      plain.push_back(topic);
    } else {
      components[topic.substr(0, mark)].push_back(topic.substr(mark + 1));
    }
  }
  for (const auto& [topic, removed] : components) {
    if (const ConfigMessage* const message = announced(topic)) put_without(*message, removed, out);
  }
  return plain;
}

std::vector<std::string> Announcer::remove(std::string_view meter) {
  std::vector<std::string> topics;
  const auto found = meters_.find(meter);
  if (found == meters_.end()) return topics;
  for (const auto& [topic, message] : found->second.announced) topics.push_back(topic);
  meters_.erase(found);
  return topics;
}

void Announcer::renumbered(std::string_view meter) {
  if (const auto found = meters_.find(meter); found != meters_.end())
    found->second.key_expiries.clear();
}

void Announcer::list_retained(std::vector<std::string>& topics) const {
  const auto list = [&](const Known& known) {
    for (const auto& [topic, message] : known.announced) {
      topics.push_back(topic);
      for (const std::string& component : message.components)
        topics.emplace_back(topic).append(1, component_mark).append(component);
    }
  };
  list(program_);
  for (const auto& [name, meter] : meters_) list(meter);
}

}  // namespace p1meter::mqtt
