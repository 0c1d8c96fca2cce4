// SPDX-License-Identifier: Apache-2.0
// Mapping: telegrams to named readings. The first pass; the second is in mapper_values.cpp.
#include "p1meter/mapping/mapper.hpp"

#include "mapping/mapper_state.hpp"
#include "mapping/value_reader.hpp"

namespace p1meter {

using mapping::Role;
using mapping::Slot;
using mapping::Step;

MappedTelegram Mapper::State::map(const Telegram& subject, Instant now) {
  telegram = &subject;
  received = now;
  unknown.clear();
  problems.clear();
  digits_used = 0;
  seen.begin();
  look_around(subject);
  place_telegram(subject);
  for (std::size_t i = 0; i < subject.objects.size(); ++i) {
    const CosemObject& object = subject.objects[i];
    Step& step = layout[i];
    if (step.fits(object) && map_simple(step, object)) continue;
    for (Slot* slot = step.slot; slot != nullptr; slot = slot->next_group)
      map_object(*slot, object);
    step.learn(object);
  }
  const bool excerpt = subject.protocol == Protocol::dlms && subject.objects.size() == 1;
  const auto totals = computed.append(readings, seen, time, subject.integrity, excerpt);
  for (const DeviceRef& device : devices.exchanged()) daily.forget(device);
  // a damaged register at midnight would make the whole day wrong
  if (time && subject.integrity == Integrity::ok) daily.append(readings, seen, *time, totals);
  return {.readings = readings.all(),
          .unknown = unknown,
          .problems = problems,
          .time = time,
          .equipment_id = identity.current(),
          .meter_changed = meter_changed,
          .exchanged = devices.exchanged(),
          .profile = profile.name};
}

void Mapper::State::look_around(const Telegram& subject) {
  recognise(subject, layout.follow(subject.objects));
  readings.begin(layout.most_readings());
  sightings = {};
  identity.begin();
  for (const std::uint32_t i : layout.telling()) look_at(*layout[i].slot, subject.objects[i]);
  meter_changed = identity.changed(subject.integrity);
  if (meter_changed) {
    set_profile(detect_profile(subject));
    computed.forget();
    daily.forget();
    forget_ratios(subject);
    if (options.number_by_channel) devices.forget();
  }
  devices.update(sightings);
}

void Mapper::State::look_at(Slot& slot, const CosemObject& object) {
  if (slot.role == Role::equipment_id) {
    identity.offer(object.obis, characters(slot, object));
    return;
  }
  if (slot.role == Role::current_ratio || slot.role == Role::voltage_ratio) {
    auto& ratio = slot.role == Role::current_ratio ? sent_current_ratio : sent_voltage_ratio;
    const auto sent = object.number ? make_ratio(*object.number) : std::nullopt;
    if (!sent || sent == ratio) return;
    ratio = sent;
    settle_ratios();
    return;
  }
  mapping::ChannelSighting& sighting = sightings[slot.channel];
  if (slot.role == Role::channel_type) {
    if (!sighting.type && object.number && object.number->exponent == 0) {
      sighting.type = object.number->mantissa;
    }
  } else if (slot.role == Role::channel_value) {
    if (sighting.value == nullptr) sighting.value = &object;
  } else if (!sighting.has_id || sighting.id.empty()) {
    sighting.has_id = true;
    sighting.id = object.text;
  }
}

void Mapper::State::recognise(const Telegram& subject, bool other_objects) {
  const bool other_name = identification != subject.identification || version != subject.version ||
                          list_form != subject.layout;
  const bool known = profile != MeterProfile{};
  if (!other_name && (known || !other_objects)) return;
  identification = subject.identification;
  version = subject.version;
  list_form = subject.layout;
  if (!identification.empty()) memory.identification = identification;
  if (!version.empty()) memory.version = version;
  const MeterProfile found = options.profile ? *options.profile : detect_profile(subject);
  // Meters that send several lists in turn name themselves in some of them only.
  if (found != MeterProfile{}) set_profile(found);
}

void Mapper::State::set_profile(const MeterProfile& found) {
  if (found == profile) return;
  profile = found;
  if (options.zone || zone == found.zone) return;
  zone = found.zone;
  slots.forget_times();
}

/// The former meter's ratios are not this one's, unless it sends them too.
void Mapper::State::forget_ratios(const Telegram& subject) {
  sent_current_ratio.reset();
  sent_voltage_ratio.reset();
  for (const std::uint32_t i : layout.telling()) {
    const Slot& slot = *layout[i].slot;
    if (slot.role == Role::current_ratio || slot.role == Role::voltage_ratio) {
      look_at(*layout[i].slot, subject.objects[i]);
    }
  }
  settle_ratios();
}

void Mapper::State::settle_ratios() noexcept {
  const Transformer& set = options.transformer;
  const auto current = set.current_from_meter ? sent_current_ratio : std::optional{set.current};
  const auto voltage = set.voltage_from_meter ? sent_voltage_ratio : std::optional{set.voltage};
  const auto at = [this](mapping::Scaling scaling) -> std::optional<Ratio>& {
    return ratios[static_cast<std::size_t>(scaling)];
  };
  at(mapping::Scaling::none) = Ratio{};
  at(mapping::Scaling::current) = current;
  at(mapping::Scaling::voltage) = voltage;
  at(mapping::Scaling::power).reset();
  if (current && voltage) {
    at(mapping::Scaling::power) =
        Ratio{current->primary * voltage->primary, current->secondary * voltage->secondary};
  }
}

std::string Mapper::State::day_scaling() const {
  std::string scaling;
  const auto note = [&scaling](std::string_view what, const std::string& by) {
    scaling.append(what).append(" ").append(by).append(";");
  };
  const auto ratio = [](const Ratio& of) {
    return std::to_string(of.primary) + "/" + std::to_string(of.secondary);
  };
  const Transformer& transformer = options.transformer;
  if (transformer.in_use()) {
    note("current", transformer.current_from_meter ? "meter" : ratio(transformer.current));
    note("voltage", transformer.voltage_from_meter ? "meter" : ratio(transformer.voltage));
  }
  if (options.energy_scale) note("energy", to_string(*options.energy_scale));
  for (const ObisEntry& entry : obis_table.entries()) {
    if (entry.factor) note(entry.key, to_string(*entry.factor));
  }
  return scaling;
}

void Mapper::State::place_telegram(const Telegram& subject) {
  if (time && time->certainty != TimeCertainty::zone_unknown) previous_time = time->instant;
  time.reset();
  if (subject.time) time = place(*subject.time, zone, previous_time);
}

std::shared_ptr<SharedMapping> make_shared_mapping() { return std::make_shared<SharedMapping>(); }

Mapper::Mapper(const ObisTable& table, MapperOptions options, MapperMemory memory,
               std::shared_ptr<SharedMapping> shared)
    : state_{std::make_unique<State>(table, std::move(options), std::move(memory),
                                     std::move(shared))} {}
Mapper::~Mapper() = default;

MappedTelegram Mapper::map(const Telegram& telegram, Instant now) {
  return state_->map(telegram, now);
}
const KeyCatalogue& Mapper::keys() const noexcept { return state_->keys.keys(); }
const MapperMemory& Mapper::memory() const noexcept { return state_->memory; }

std::vector<std::pair<DeviceRef, std::string>> Mapper::devices() const {
  std::vector<std::pair<DeviceRef, std::string>> devices;
  for (const auto& [identity, number] : state_->memory.device_numbers) {
    const auto slash = identity.find('/');
    const auto device = parse_device(identity.substr(0, slash));
    if (!device || slash == std::string::npos) continue;
    auto& [ref, id] = devices.emplace_back(DeviceRef{*device, number}, "");
    mapping::decode_characters(identity.substr(slash + 1), id);
  }
  return devices;
}

KeyId Mapper::remember(KeyInfo info) { return state_->keys.remember(std::move(info)); }

}  // namespace p1meter
