// SPDX-License-Identifier: Apache-2.0
// Mapping: what is remembered of every OBIS code, so that a telegram's objects need no search.
#include "mapping/slot_table.hpp"

#include <algorithm>

namespace p1meter::mapping {
namespace {

constexpr std::size_t most_slots = 4096;  // a user's wildcards may take any code
constexpr std::size_t most_others = 16;

constexpr bool is_channel(const Obis& obis) noexcept {
  return obis.a() == 0 && obis.b() >= 1 && obis.b() <= 4;
}

Role role_of(const Obis& obis, const ObisEntry& entry) noexcept {
  if (entry.key == "equipment_id") return Role::equipment_id;
  if (entry.key == "ct_ratio") return Role::current_ratio;
  if (entry.key == "vt_ratio") return Role::voltage_ratio;
  if (!is_channel(obis)) return Role::plain;
  if (obis.c() == 24 && obis.d() == 1 && obis.e() == 0) return Role::channel_type;
  if (obis.c() == 24 && (obis.d() == 2 || obis.d() == 3)) return Role::channel_value;
  if (obis.c() == 96 && obis.d() == 1 && obis.e() <= 1) return Role::channel_id;
  return Role::plain;
}

constexpr bool is_channel_role(Role role) noexcept {
  return role == Role::channel_type || role == Role::channel_id || role == Role::channel_value;
}

constexpr std::uint32_t device_bits = 0xffff'0000U;
constexpr std::uint32_t unit_sent_bit = 1U << 8U;

bool takes_numbers(ValueForm form) noexcept {
  return form == ValueForm::number || form == ValueForm::peak_history ||
         form == ValueForm::failure_log;
}

/// The unit of a family without prefix: what numbers of lists that say no unit are counted in.
Unit base_unit(Unit unit) noexcept {
  for (int each = 0; each <= static_cast<int>(Unit::percent); ++each) {
    const auto candidate = static_cast<Unit>(each);
    if (family_of(candidate) == family_of(unit) && power_of_ten(candidate) == 0) return candidate;
  }
  return unit;
}

Scaling needed(const Transformer& transformer, Scaling scaling) noexcept {
  const bool current = transformer.current != Ratio{} || transformer.current_from_meter;
  const bool voltage = transformer.voltage != Ratio{} || transformer.voltage_from_meter;
  const bool needed =
      (current && scaling != Scaling::voltage) || (voltage && scaling != Scaling::current);
  return needed ? scaling : Scaling::none;
}

/// What the electricity meter measures is multiplied; settings, counters and devices are not.
Scaling scaling_of(const Transformer& transformer, const ObisEntry& entry, const DeviceRef& ref,
                   const Slot& slot) noexcept {
  const bool measured =
      entry.kind == ReadingKind::cumulative || entry.kind == ReadingKind::instantaneous ||
      entry.kind == ReadingKind::average || entry.kind == ReadingKind::peak_history;
  if (!measured || slot.channel != 0 || ref.device != Device::electricity) return Scaling::none;
  switch (family_of(entry.unit)) {
    case UnitFamily::power:
    case UnitFamily::energy:
    case UnitFamily::reactive_power:
    case UnitFamily::reactive_energy:
    case UnitFamily::apparent_power:
    case UnitFamily::apparent_energy:
      return needed(transformer, Scaling::power);
    case UnitFamily::current:
      return needed(transformer, Scaling::current);
    case UnitFamily::voltage:
      return needed(transformer, Scaling::voltage);
    default:
      return Scaling::none;
  }
}

/// The entries' conditions against an object.
struct Choice {
  const ObisEntry* entry{};
  bool unit_missing{};   // an entry would take it if it had a unit
  bool unit_mismatch{};  // an entry would take it with another unit
};

Choice choose(const Slot& slot, const CosemObject& object, const DeviceRef& ref) noexcept {
  Choice choice;
  for (const ObisEntry* entry : slot.candidates) {
    if (entry->only_for && *entry->only_for != ref.device) continue;
    if (entry->only_with_unit) {
      if (object.unit == Unit::none) {
        choice.unit_missing = true;
        continue;
      }
      if (family_of(*entry->only_with_unit) != family_of(object.unit)) {
        choice.unit_mismatch = true;
        continue;
      }
    }
    choice.entry = entry;
    return choice;
  }
  return choice;
}

/// Fills in how the numbers of an entry reach the published unit; false when they cannot.
bool settle_unit(Outcome& outcome, const CosemObject& object, const DeviceRef& ref, Slot& slot,
                 KeyBook& keys) {
  const ObisEntry& entry = *outcome.entry;
  const Unit usual = entry.bare_unit == Unit::none ? entry.unit : entry.bare_unit;
  const Unit bare = object.scale_unknown ? base_unit(entry.unit) : usual;
  // a list's rows bring units of their own
  const bool list = entry.form != ValueForm::number;
  const Unit sent = list || object.unit == Unit::none ? bare : object.unit;
  if (takes_numbers(entry.form) && family_of(sent) != family_of(entry.unit)) return false;
  outcome.key = keys.key_for(entry, slot.obis, ref, sent);
  outcome.unit = keys.keys()[outcome.key].unit;
  if (keys.keys()[outcome.key].unit != sent && family_of(outcome.unit) != family_of(sent)) {
    return false;
  }
  outcome.sent = sent;
  outcome.shift = static_cast<std::int8_t>(power_of_ten(sent) - power_of_ten(outcome.unit));
  return true;
}

/// A bare zero of a meter that sends its unit with other values.
const Outcome* earlier_with_unit(const Slot& slot, std::uint32_t question) noexcept {
  const auto found = std::ranges::find_if(slot.others, [question](const Outcome& earlier) {
    return ((earlier.question ^ question) & device_bits) == 0 &&
           (earlier.question & unit_sent_bit) != 0 && earlier.verdict == Verdict::reading;
  });
  return found == slot.others.end() ? nullptr : &*found;
}

Outcome work_out(Slot& slot, const CosemObject& object, const DeviceRef& ref, KeyBook& keys) {
  Outcome outcome{.question = question_of(object, ref)};
  const Choice choice = choose(slot, object, ref);
  const bool number_wanted = choice.entry == nullptr || choice.entry->form == ValueForm::number;
  if (!object.unit_known && number_wanted) {
    outcome.verdict = Verdict::unit_unknown;
    return outcome;
  }
  if (choice.entry == nullptr) {
    const Outcome* earlier =
        choice.unit_missing ? earlier_with_unit(slot, outcome.question) : nullptr;
    if (earlier != nullptr) {
      Outcome same = *earlier;
      same.question = outcome.question;
      return same;
    }
    if (choice.unit_mismatch) outcome.verdict = Verdict::unit_unexpected;
    if (choice.unit_missing) outcome.question = 0;  // another telegram may tell: ask again
    return outcome;
  }
  outcome.entry = choice.entry;
  outcome.form = choice.entry->form;
  if (outcome.form == ValueForm::ignored) {
    outcome.verdict = Verdict::ignored;
  } else if (outcome.form == ValueForm::clock) {
    outcome.verdict = Verdict::clock;
  } else if (settle_unit(outcome, object, ref, slot, keys)) {
    outcome.verdict = Verdict::reading;
  } else {
    outcome.verdict = Verdict::unit_unexpected;
  }
  outcome.scaling = scaling_of(keys.transformer(), *outcome.entry, ref, slot);
  outcome.plain = outcome.form == ValueForm::number && !outcome.entry->factor &&
                  !outcome.entry->nines_are_unlimited && outcome.entry->group == 0 &&
                  outcome.scaling == Scaling::none;
  return outcome;
}

}  // namespace

Slot& SlotTable::find(const Obis& obis) {
  const std::uint64_t code = obis.packed();
  const auto found = std::ranges::lower_bound(by_code_, code, {}, &Entry::first);
  if (found != by_code_.end() && found->first == code) return *found->second;
  Slot* const slot = make(obis);
  if (slot == nullptr) return unknown_;
  by_code_.insert(found, {code, slot});
  return *slot;
}

void Layout::relearn(const std::vector<CosemObject>& objects) {
  count_ = objects.size();
  slot_count_ = 0;
  if (steps_.size() < count_) steps_.resize(count_);
  telling_.clear();
  for (std::size_t i = 0; i < count_; ++i) {
    Step& step = steps_[i];
    if (step.slot == nullptr || step.obis != objects[i].obis) {
      step = {.obis = objects[i].obis, .slot = &slots_.find(objects[i].obis)};
    }
    for (const Slot* slot = step.slot; slot != nullptr; slot = slot->next_group) ++slot_count_;
    if (step.slot->role != Role::plain) telling_.push_back(static_cast<std::uint32_t>(i));
  }
}

void SlotTable::forget_times() noexcept {
  for (Slot& slot : slots_) {
    if (!slot.memo) continue;
    slot.memo->clock.reset();
    if (!slot.memo->rows.empty()) slot.memo->raw.clear();
  }
}

Slot* SlotTable::make(const Obis& obis) {
  Slot* first = nullptr;
  Slot* latest = nullptr;
  for (const ObisEntry& entry : table_.entries()) {
    if (!entry.pattern.matches(obis)) continue;
    if (latest != nullptr && latest->candidates.front()->group == entry.group) {
      latest->candidates.push_back(&entry);
      continue;
    }
    // another value group is another reading, but a whole object leaves nothing to others
    const bool whole_taken =
        first != nullptr && (first->candidates.front()->group == 0 || entry.group == 0);
    if (whole_taken || slots_.size() >= most_slots) continue;
    Slot& slot = slots_.emplace_back();
    slot.obis = obis;
    slot.role = role_of(obis, entry);
    slot.channel =
        entry.pattern.b_is_channel || is_channel_role(slot.role) ? obis.b() : std::uint8_t{0};
    slot.fixed_ref = {device_of_group_a(obis.a()), 1};
    slot.candidates.push_back(&entry);
    if (latest != nullptr) latest->next_group = &slot;
    if (first == nullptr) first = &slot;
    latest = &slot;
  }
  return first;
}

const Outcome& answer(Slot& slot, const CosemObject& object, const DeviceRef& ref, KeyBook& keys) {
  const std::uint32_t question = question_of(object, ref);
  const auto known = std::ranges::find(slot.others, question, &Outcome::question);
  if (known != slot.others.end()) return slot.newest = *known;
  const Outcome outcome = work_out(slot, object, ref, keys);
  if (outcome.question == 0) return slot.newest = outcome;
  if (slot.others.size() >= most_others) slot.others.clear();
  slot.others.push_back(outcome);
  return slot.newest = outcome;
}

}  // namespace p1meter::mapping
