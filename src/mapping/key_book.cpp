// SPDX-License-Identifier: Apache-2.0
// Mapping: the catalogue of one meter's keys, filled from table entries and the user's rules.
#include "mapping/key_book.hpp"

#include <algorithm>
#include <utility>

#include "p1meter/mapping/computed_keys.hpp"

namespace p1meter::mapping {

KeyInfo KeyBook::describe(const ObisEntry& entry, std::string key) const {
  KeyInfo info;
  info.key = std::move(key);
  info.unit = entry.unit;
  info.kind = entry.kind;
  info.device_class = entry.device_class;
  info.state_class = entry.state_class;
  info.diagnostic = entry.diagnostic;
  return info;
}

KeyId KeyBook::key_for(const ObisEntry& entry, const Obis& obis, const DeviceRef& ref, Unit sent) {
  KeyInfo info = describe(entry, expand_key(entry.key, obis, ref));
  info.name = expand_name(entry.name, obis, ref);
  info.obis = obis;
  info.device = ref.device;
  info.device_number = ref.number;
  if (options_.meter_units) info.unit = sent;
  apply_rules(info);
  return enter(std::move(info));
}

KeyId KeyBook::computed_key(std::string_view key, Unit sent) {
  const auto& entries = table_.entries();
  const auto entry = std::ranges::find(entries, key, &ObisEntry::key);
  const auto own = std::ranges::find(computed_keys(), key, &KeyInfo::key);
  KeyInfo info{};
  if (entry != entries.end()) {
    info = describe(*entry, std::string{key});
    info.name = entry->name;
  } else if (own != computed_keys().end()) {
    info = *own;
  }
  info.key = key;
  info.computed = true;
  if (options_.meter_units || family_of(info.unit) != family_of(sent)) info.unit = sent;
  apply_rules(info);
  return enter(std::move(info));
}

KeyId KeyBook::key_since_midnight(KeyId of_register) {
  KeyInfo info = keys_[of_register];
  info.key += "_today";
  info.name += " today";
  info.obis.reset();
  info.kind = ReadingKind::average;  // falls back to 0
  info.computed = true;
  info.topic.clear();
  apply_rules(info);
  return enter(std::move(info));
}

KeyId KeyBook::remember(KeyInfo info) {
  if (const auto known = keys_.find(info.key)) return *known;
  apply_rules(info);
  from_earlier_run_.push_back(true);
  return keys_.add(std::move(info));
}

void KeyBook::apply_rules(KeyInfo& info) const {
  if (options_.unit_of && !options_.meter_units) {
    const auto unit = options_.unit_of(info);
    if (unit && family_of(*unit) == family_of(info.unit)) info.unit = *unit;
  }
  if (options_.name_of) {
    if (auto name = options_.name_of(info)) info.name = std::move(*name);
  }
  if (options_.topic_of) {
    if (auto topic = options_.topic_of(info)) info.topic = std::move(*topic);
  }
}

KeyId KeyBook::enter(KeyInfo info) {
  if (const auto known = keys_.find(info.key)) {
    if (from_earlier_run_[*known]) keys_.replace(*known, std::move(info));
    from_earlier_run_[*known] = false;
    return *known;
  }
  from_earlier_run_.push_back(false);
  return keys_.add(std::move(info));
}

}  // namespace p1meter::mapping
