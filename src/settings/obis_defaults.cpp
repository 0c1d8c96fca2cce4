// SPDX-License-Identifier: Apache-2.0
// Settings: what follows from an OBIS entry's unit and kind, and what it inherits.
#include <algorithm>
#include <string>

#include "settings/obis_attributes.hpp"

namespace p1meter::settings {
namespace {

ReadingKind kind_for(Unit unit) noexcept {
  switch (family_of(unit)) {
    case UnitFamily::energy:
    case UnitFamily::reactive_energy:
    case UnitFamily::apparent_energy:
    case UnitFamily::heat:
    case UnitFamily::volume:
      return ReadingKind::cumulative;
    case UnitFamily::none:
      return ReadingKind::state;
    default:
      return ReadingKind::instantaneous;
  }
}

ValueForm form_for(ReadingKind kind) noexcept {
  switch (kind) {
    case ReadingKind::state:
      return ValueForm::code;
    case ReadingKind::info:
    case ReadingKind::time:
      return ValueForm::text;
    case ReadingKind::text:
      return ValueForm::message;
    case ReadingKind::failure_log:
      return ValueForm::failure_log;
    case ReadingKind::peak_history:
      return ValueForm::peak_history;
    default:
      return ValueForm::number;
  }
}

/// Home Assistant's word for a unit. Volumes have none: a meter may count gas or water.
std::string device_class_for(Unit unit) {
  switch (family_of(unit)) {
    case UnitFamily::power:
      return "power";
    case UnitFamily::energy:
    case UnitFamily::heat:
      return "energy";
    case UnitFamily::reactive_power:
      return "reactive_power";
    case UnitFamily::reactive_energy:
      return "reactive_energy";
    case UnitFamily::apparent_power:
      return "apparent_power";
    case UnitFamily::current:
      return "current";
    case UnitFamily::voltage:
      return "voltage";
    case UnitFamily::frequency:
      return "frequency";
    case UnitFamily::second:
    case UnitFamily::minute:
    case UnitFamily::hour:
      return "duration";
    case UnitFamily::temperature:
      return "temperature";
    default:
      return "";
  }
}

std::string state_class_for(ReadingKind kind) {
  switch (kind) {
    case ReadingKind::cumulative:
    case ReadingKind::counter:
      return "total_increasing";
    case ReadingKind::instantaneous:
    case ReadingKind::average:
      return "measurement";
    default:
      return "";
  }
}

bool is_list(ReadingKind kind) noexcept {
  return kind == ReadingKind::failure_log || kind == ReadingKind::peak_history;
}

std::string name_from_key(std::string name) {
  std::ranges::replace(name, '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

std::string without_none(const std::string& text) { return text == "none" ? std::string{} : text; }

/// Facts that a new unit or kind changes unless they are stated.
void derive_from_unit(ObisEntry& entry, const ObisAttributes& stated, const ObisEntry* overridden) {
  const bool same_family =
      overridden != nullptr && family_of(overridden->unit) == family_of(entry.unit);
  if (overridden == nullptr || (!same_family && !stated.kind)) {
    entry.kind = stated.kind.value_or(kind_for(entry.unit));
  }
  if (!same_family && !is_list(entry.kind)) entry.device_class = device_class_for(entry.unit);
  if (same_family && !stated.bare_unit && overridden->bare_unit == Unit::none &&
      overridden->unit != entry.unit) {
    entry.bare_unit = overridden->unit;  // what the meter leaves out does not follow a wish
  }
  if (!same_family && !stated.bare_unit) entry.bare_unit = Unit::none;
}

void derive_from_kind(ObisEntry& entry, const ObisEntry* overridden) {
  if (overridden != nullptr && overridden->kind == entry.kind) return;
  entry.form = form_for(entry.kind);
  entry.state_class = state_class_for(entry.kind);
  entry.diagnostic = entry.kind == ReadingKind::setting || entry.kind == ReadingKind::info;
}

}  // namespace

ObisEntry complete_obis_entry(const ObisAttributes& stated, const ObisEntry* overridden) {
  ObisEntry entry = overridden == nullptr ? ObisEntry{} : *overridden;
  if (stated.key) entry.key = *stated.key;
  entry.unit = stated.unit.value_or(entry.unit);
  entry.kind = stated.kind.value_or(entry.kind);
  entry.bare_unit = stated.bare_unit.value_or(entry.bare_unit);
  derive_from_unit(entry, stated, overridden);
  derive_from_kind(entry, overridden);
  entry.form = stated.form.value_or(entry.form);
  if (stated.device_class) entry.device_class = without_none(*stated.device_class);
  if (stated.state_class) entry.state_class = without_none(*stated.state_class);
  entry.diagnostic = stated.diagnostic.value_or(entry.diagnostic);
  entry.name = stated.name.value_or(overridden == nullptr ? name_from_key(entry.key) : entry.name);
  if (stated.factor) entry.factor = stated.factor;
  if (stated.when_unit) entry.only_with_unit = stated.when_unit;
  if (stated.when_device) entry.only_for = stated.when_device;
  entry.group = stated.group.value_or(entry.group);
  entry.nines_are_unlimited = stated.nines_are_unlimited.value_or(entry.nines_are_unlimited);
  return entry;
}

}  // namespace p1meter::settings
