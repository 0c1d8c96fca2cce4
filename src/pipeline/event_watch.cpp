// SPDX-License-Identifier: Apache-2.0
// Pipeline: what happened at a meter, told from readings that changed.
#include "pipeline/event_watch.hpp"

#include <utility>

namespace p1meter {
namespace {

using Type = MeterEvent::Type;

/// The value as text, in `buffer` where it is a number; nothing for null and lists.
std::optional<std::string_view> text_of(const Value& value, DecimalBuffer& buffer) {
  if (const auto* number = std::get_if<Decimal>(&value)) return write_decimal(*number, buffer);
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  return std::nullopt;
}

bool rose(std::string_view before, const Value& value) {
  const auto former = parse_decimal(before);
  const auto* const now = std::get_if<Decimal>(&value);
  return former && now != nullptr && *former < *now;
}

}  // namespace

std::string_view event_name(MeterEvent::Type type) noexcept {
  switch (type) {
    case Type::power_failure:
      return "power_failure";
    case Type::long_power_failure:
      return "long_power_failure";
    case Type::text_message:
      return "text_message";
    case Type::breaker_moved:
      return "breaker_moved";
    case Type::valve_moved:
      return "valve_moved";
    case Type::meter_replaced:
      return "meter_replaced";
  }
  return "";
}

std::unique_ptr<EventWatch::Watched> EventWatch::watched(const std::string& key) {
  const auto watch = [&](Watch kind, Type type) {
    return std::make_unique<Watched>(Watched{.watch = kind, .type = type, .key = key});
  };
  if (key == "power_failures") return watch(Watch::counter, Type::power_failure);
  if (key == "long_power_failures") return watch(Watch::counter, Type::long_power_failure);
  if (key == "text_message") return watch(Watch::text, Type::text_message);
  if (key == "breaker_state" || (key.starts_with("relay") && key.ends_with("_state")))
    return watch(Watch::position, Type::breaker_moved);
  if (key.ends_with("_valve_position")) return watch(Watch::position, Type::valve_moved);
  return nullptr;
}

void EventWatch::learn_keys(const KeyCatalogue& keys) {
  while (keys_.size() < keys.size()) {
    const std::string& key = keys[static_cast<KeyId>(keys_.size())].key;
    auto& next = keys_.emplace_back(watched(key));
    if (!next) continue;
    if (const auto stored = remembered_.extract(key)) next->last = stored.mapped();
  }
}

std::span<const MeterEvent> EventWatch::note(const MappedTelegram& mapped, Integrity integrity,
                                             const KeyCatalogue& keys) {
  events_.clear();
  if (keys_.size() < keys.size()) learn_keys(keys);
  if (mapped.meter_changed) forget();
  for (const DeviceRef& device : mapped.exchanged) forget(device, keys);
  if (mapped.meter_changed || !mapped.exchanged.empty()) replaced(mapped);
  for (const Reading& reading : mapped.readings) {
    if (const auto& watched = keys_[reading.key]) note(*watched, reading, integrity);
  }
  return events_;
}

void EventWatch::note(Watched& watched, const Reading& reading, Integrity integrity) {
  DecimalBuffer buffer;
  const auto text = text_of(reading.value, buffer);
  if (!text || watched.last == *text) {
    watched.candidate_came = false;
    return;
  }
  const bool confirmed = watched.candidate_came && watched.candidate == *text;
  if (integrity != Integrity::ok && !confirmed) {
    watched.candidate = *text;
    watched.candidate_came = true;
    return;
  }
  watched.candidate_came = false;
  changed_ = true;
  const auto before = std::exchange(watched.last, std::string{*text});
  const bool telling = watched.watch == Watch::text      ? !text->empty()
                       : watched.watch == Watch::counter ? before && rose(*before, reading.value)
                                                         : true;
  if (!before || !telling) return;
  MeterEvent event{.type = watched.type, .key = watched.key, .previous = *before};
  assign(event.value, reading.value);
  events_.push_back(std::move(event));
}

void EventWatch::replaced(const MappedTelegram& mapped) {
  if (mapped.meter_changed) {
    events_.push_back({.type = Type::meter_replaced,
                       .key = "equipment_id",
                       .value = std::string{mapped.equipment_id}});
  }
  for (const DeviceRef& device : mapped.exchanged) {
    events_.push_back({.type = Type::meter_replaced, .key = device_word(device) + "_equipment_id"});
  }
}

void EventWatch::forget() {
  remembered_.clear();
  for (const auto& watched : keys_) {
    if (watched) forget(*watched);
  }
  changed_ = true;
}

void EventWatch::forget(const DeviceRef& device, const KeyCatalogue& keys) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (!keys_[i]) continue;
    const KeyInfo& info = keys[static_cast<KeyId>(i)];
    if (DeviceRef{info.device, info.device_number} == device) forget(*keys_[i]);
  }
  changed_ = true;
}

void EventWatch::forget(Watched& watched) noexcept {
  watched.last.reset();
  watched.candidate_came = false;
}

std::map<std::string, std::string> EventWatch::memory() const {
  std::map<std::string, std::string> memory = remembered_;
  for (const auto& watched : keys_) {
    if (watched && watched->last) memory[watched->key] = *watched->last;
  }
  return memory;
}

}  // namespace p1meter
