// SPDX-License-Identifier: Apache-2.0
// Mapping: energies and volumes since local midnight.
#include "mapping/daily_readings.hpp"

#include <utility>

namespace p1meter::mapping {
namespace {

constexpr std::string_view import_key = "energy_import_today";
constexpr std::string_view export_key = "energy_export_today";

std::optional<Decimal> converted(const Decimal& number, Unit from, Unit to) noexcept {
  if (from == to) return number;
  if (family_of(from) != family_of(to)) return std::nullopt;
  return shift_point(number, power_of_ten(from) - power_of_ten(to));
}

bool is_volume(const KeyInfo& info) {
  const bool counted = info.device == Device::gas || info.device == Device::water;
  return counted && !info.computed && info.kind == ReadingKind::cumulative &&
         info.key.ends_with("_volume");
}

}  // namespace

DailyReadings::DailyReadings(MapperMemory& memory, KeyBook& keys, bool null_until_known)
    : memory_{memory}, keys_{keys}, null_until_known_{null_until_known} {}

void DailyReadings::append(ReadingList& readings, SeenKeys& seen, const MeterTime& time,
                           const Totals& totals) {
  watch_.advance(time);
  if (watch_.began_anew()) forget_days_after(date_of(wall_clock(time)));
  learn_volumes(seen);
  if (totals.other_parts && import_) forget(*import_);
  if (totals.other_parts && export_) forget(*export_);
  Subject subject{readings, seen};
  add_total(totals.imported, import_key, time, import_, subject);
  add_total(totals.exported, export_key, time, export_, subject);
  for (Register& volume : volumes_) {
    const auto index = seen.index(volume.source);
    if (!index) continue;
    const Reading& reading = readings[*index];
    const auto* number = std::get_if<Decimal>(&reading.value);
    if (number == nullptr) continue;
    const MeterTime at = reading.time.value_or(time);  // a copy: the list grows
    add(volume, {*number, reading.unit}, at, reading.time.has_value(), subject);
  }
}

void DailyReadings::learn_volumes(SeenKeys& seen) {
  for (; keys_learnt_ < keys_.keys().size(); ++keys_learnt_) {
    const auto id = static_cast<KeyId>(keys_learnt_);
    if (!is_volume(keys_.keys()[id])) continue;
    volumes_.push_back(make_register(keys_.key_since_midnight(id), seen));
    volumes_.back().source = id;
  }
}

DailyReadings::Register DailyReadings::make_register(KeyId key, SeenKeys& seen) {
  seen.make_room_for(key);
  const KeyInfo& info = keys_.keys()[key];
  std::optional<DayBegin> begin;
  const auto remembered = memory_.day_begins.find(info.key);
  if (remembered != memory_.day_begins.end()) {
    const DayBegin& stored = remembered->second;
    // the user may have chosen another unit meanwhile
    const auto value = converted(stored.value, stored.unit, info.unit);
    if (value) begin = DayBegin{.date = stored.date, .value = *value, .unit = info.unit};
  }
  return {.key = key, .unit = info.unit, .rise = DayRise{begin}};
}

void DailyReadings::add_total(const std::optional<Amount>& total, std::string_view key,
                              const MeterTime& time, std::optional<Register>& of,
                              Subject& subject) {
  if (!total) return;
  if (!of) of = make_register(keys_.computed_key(key, total->unit), subject.seen);
  add(*of, *total, time, false, subject);
}

void DailyReadings::add(Register& of, const Amount& amount, const MeterTime& time, bool own_time,
                        Subject& subject) {
  const auto number = converted(amount.number, amount.unit, of.unit);
  if (!number) return;
  const bool knew = of.rise.begin().has_value();
  const auto date = knew ? of.rise.begin()->date : std::chrono::sys_days{};
  const auto risen = of.rise.rise({*number, time, own_time}, watch_);
  const auto& begin = of.rise.begin();
  if (begin.has_value() != knew || (begin && begin->date != date)) remember(of);
  if (!risen && (!null_until_known_ || of.said_null)) return;
  if (!subject.seen.mark_known(of.key, subject.readings.size())) return;
  of.said_null = !risen;
  Reading& reading = subject.readings.next();
  reading.key = of.key;
  reading.value = risen ? Value{*risen} : Value{};
  reading.unit = of.unit;
  reading.time = own_time ? std::optional{time} : std::nullopt;
  reading.obis.reset();
  reading.channel = 0;
  reading.raw = {};
  reading.raw_unit = Unit::none;
}

void DailyReadings::remember(const Register& of) {
  const std::string& key = keys_.keys()[of.key].key;
  const auto& begin = of.rise.begin();
  if (begin) {
    memory_.day_begins[key] = {.date = begin->date, .value = begin->value, .unit = of.unit};
  } else {
    memory_.day_begins.erase(key);
  }
}

void DailyReadings::forget() {
  for (auto* total : {&import_, &export_}) {
    if (*total) forget(**total);
  }
  for (Register& volume : volumes_) forget(volume);
  memory_.day_begins.clear();
}

void DailyReadings::forget(const DeviceRef& device) {
  for (Register& volume : volumes_) {
    const KeyInfo& info = keys_.keys()[volume.source];
    if (info.device == device.device && info.device_number == device.number) forget(volume);
  }
}

/// Of all registers, also of those that this telegram lacks or that have not come since the start.
void DailyReadings::forget_days_after(std::chrono::sys_days date) {
  for (auto* total : {&import_, &export_}) {
    if (*total) (*total)->rise.forget_days_after(date);
  }
  for (Register& volume : volumes_) volume.rise.forget_days_after(date);
  std::erase_if(memory_.day_begins, [date](const auto& begin) { return begin.second.date > date; });
}

void DailyReadings::forget(Register& of) {
  of.rise.forget();
  of.said_null = false;  // its readers were told that it starts afresh
  remember(of);
}

}  // namespace p1meter::mapping
