// SPDX-License-Identifier: Apache-2.0
// Decoding: what the value groups of an object mean.
#include "decoding/object_shapes.hpp"

#include <tuple>

#include "decoding/stamp.hpp"

namespace p1meter::decoding {
namespace {

constexpr bool is_failure_log(const Obis& obis) noexcept {
  return obis.c() == 99 && obis.d() == 97;
}
constexpr bool is_month_record(const Obis& obis) noexcept {
  return obis.c() == 98 && obis.d() == 1;
}
constexpr bool is_mbus_profile(const Obis& obis) noexcept {
  return obis.c() == 24 && obis.d() == 3 && obis.e() <= 1;
}

/// M-Bus values and peaks: with two groups the first is their time, however damaged.
constexpr bool begins_with_time(const Obis& obis) noexcept {
  return (obis.c() == 24 && obis.d() == 2) || obis.d() == 6;
}

/// "0-0:96.7.19", "(0:96.7.19)": the columns of a list are named by codes.
bool names_column(const ValueGroup& group) noexcept {
  return group.text.find(':') != std::string_view::npos &&
         read_stamp(group.text).kind == Stamp::Kind::none;
}

void set_value(CosemObject& object, const ValueGroup& group) noexcept {
  object.text = group.text;
  if (group.is_number) object.number = group.number;
  const auto unit = group.has_unit ? parse_unit(group.unit) : Unit::none;
  object.unit = unit.value_or(Unit::none);
  object.unit_known = unit.has_value();
  object.has_unit = !unit || *unit != Unit::none;
}

void set_time(CosemObject& object, const Stamp& stamp) noexcept {
  switch (stamp.kind) {
    case Stamp::Kind::clock:
      object.time = stamp.clock;
      break;
    case Stamp::Kind::unset:
      object.time_unset = true;
      break;
    case Stamp::Kind::none:
    case Stamp::Kind::malformed:
      object.time_malformed = true;
      break;
  }
}

ObjectRow row_of(const ValueGroup& group) noexcept {
  ObjectRow row;
  row.text = group.text;
  if (group.is_number) row.number = group.number;
  if (group.has_unit) row.unit = parse_unit(group.unit).value_or(Unit::none);
  return row;
}

/// Appends rows to the telegram and counts them in the object; a row that does not fit is a problem
/// and is left out.
class RowList {
 public:
  RowList(CosemObject& object, Telegram& telegram) noexcept : object_{object}, telegram_{telegram} {
    object.first_row = static_cast<std::uint32_t>(telegram.rows.size());
  }
  void add(const ObjectRow& row) {
    telegram_.rows.push_back(row);
    ++object_.row_count;
  }
  void refuse(std::string_view text) {
    const auto offset = text.data() - telegram_.frame.data();
    telegram_.problems.push_back(
        {ProblemCode::rows_malformed, static_cast<std::uint32_t>(offset), object_.obis, text});
  }

 private:
  CosemObject& object_;
  Telegram& telegram_;
};

/// (count)(code)...: takes the head of a list; `group` is then its first row's first group.
/// Returns false when there are no rows.
bool take_list_head(GroupWalk& walk, CosemObject& object, ValueGroup& group) noexcept {
  bool more = walk.next(group);
  if (more && read_stamp(group.text).kind == Stamp::Kind::none && !names_column(group)) {
    set_value(object, group);
    more = walk.next(group);
  }
  while (more && names_column(group)) more = walk.next(group);
  return more;
}

/// 1-0:99.97.0(count)(0-0:96.7.19){(end)(duration*s)}
void fill_failure_log(CosemObject& object, Telegram& telegram) {
  GroupWalk walk{object.raw};
  RowList rows{object, telegram};
  ValueGroup end;
  ValueGroup duration;
  for (bool more = take_list_head(walk, object, end); more; more = walk.next(end)) {
    const Stamp stamp = read_stamp(end.text);
    const bool has_time = stamp.kind == Stamp::Kind::clock || stamp.kind == Stamp::Kind::unset;
    if (!walk.next(duration) || !has_time || !duration.is_number) {
      rows.refuse(end.text);
      continue;
    }
    ObjectRow row = row_of(duration);
    if (stamp.kind == Stamp::Kind::clock) row.stamp = stamp.clock;
    row.unset = stamp.kind == Stamp::Kind::unset;
    rows.add(row);
  }
}

/// 0-0:98.1.0(count)(1-0:1.6.0)(1-0:1.6.0){(month)(time)(peak*kW)}: Belgium.
void fill_peak_history(CosemObject& object, Telegram& telegram) {
  GroupWalk walk{object.raw};
  RowList rows{object, telegram};
  ValueGroup month;
  ValueGroup time;
  ValueGroup peak;
  for (bool more = take_list_head(walk, object, month); more; more = walk.next(month)) {
    const Stamp month_stamp = read_stamp(month.text);
    const bool whole = walk.next(time) && walk.next(peak);
    const Stamp peak_stamp = whole ? read_stamp(time.text) : Stamp{};
    const bool has_time =
        peak_stamp.kind == Stamp::Kind::clock || peak_stamp.kind == Stamp::Kind::unset;
    if (month_stamp.kind != Stamp::Kind::clock || !has_time || !peak.is_number) {
      rows.refuse(month.text);
      continue;
    }
    ObjectRow row = row_of(peak);
    row.stamp = month_stamp.clock;
    if (peak_stamp.kind == Stamp::Kind::clock) row.time = peak_stamp.clock;
    row.unset = peak_stamp.kind == Stamp::Kind::unset;
    rows.add(row);
  }
}

/// 0-0:98.1.0(time){(value*unit)}: Hungary's record of last month.
void fill_month_record(CosemObject& object, const Stamp& time, Telegram& telegram) {
  set_time(object, time);
  GroupWalk walk{object.raw};
  RowList rows{object, telegram};
  ValueGroup group;
  static_cast<void>(walk.next(group));
  while (walk.next(group)) {
    if (group.is_number) {
      rows.add(row_of(group));
    } else {
      rows.refuse(group.text);
    }
  }
}

/// 0-1:24.3.0(time)(status)(period)(channels){(code)(unit)} CR LF {(value)}: the first channel's
/// value. Its unit stands beside its code.
void fill_mbus_profile(CosemObject& object, const Groups& groups, Telegram& telegram) {
  set_time(object, read_stamp(groups.first[0].text));
  GroupWalk walk{object.raw};
  ValueGroup group;
  ValueGroup unit;
  for (int i = 0; i < 4; ++i) static_cast<void>(walk.next(group));
  const std::int64_t channels =
      group.is_number && group.number.exponent == 0 ? group.number.mantissa : 0;
  const auto expected = 4 + 3 * static_cast<std::uint64_t>(channels);
  if (channels < 1 || groups.count != expected) {
    RowList{object, telegram}.refuse(object.raw);
    return;
  }
  static_cast<void>(walk.next(group));
  static_cast<void>(walk.next(unit));
  for (std::int64_t i = 0; i < 2 * (channels - 1) + 1; ++i) static_cast<void>(walk.next(group));
  group.unit = unit.text;
  group.has_unit = true;
  set_value(object, group);
}

void fill_several(CosemObject& object, const Groups& groups, Telegram& telegram) {
  set_value(object, groups.first[0]);
  GroupWalk walk{object.raw};
  RowList rows{object, telegram};
  for (ValueGroup group; walk.next(group);) rows.add(row_of(group));
}

constexpr auto fields(const MeterClock& clock) noexcept {
  return std::tuple{clock.year, clock.month, clock.day, clock.hour, clock.minute, clock.second};
}

}  // namespace

void fill_single(CosemObject& object, const ValueGroup& group) noexcept {
  set_value(object, group);
  constexpr Obis clock{0, 0, 1, 0, 0};
  if (object.obis != clock || trimmed(group.text).empty()) return;
  Stamp stamp = read_stamp(trimmed(group.text));
  // For a device 2000-01-01 means "never read"; a meter whose clock was reset does count from
  // there.
  if (stamp.kind == Stamp::Kind::unset && stamp.clock.year == 2000) stamp.kind = Stamp::Kind::clock;
  set_time(object, stamp);
}

void fill_many(CosemObject& object, const Groups& groups, Telegram& telegram) {
  const auto& [first, second] = groups.first;
  if (is_failure_log(object.obis)) return fill_failure_log(object, telegram);
  if (is_mbus_profile(object.obis)) return fill_mbus_profile(object, groups, telegram);
  const Stamp leading = first.has_unit ? Stamp{} : read_stamp(trimmed(first.text));
  const bool leading_time = leading.kind != Stamp::Kind::none;
  if (is_month_record(object.obis)) {
    if (leading_time && second.has_unit) return fill_month_record(object, leading, telegram);
    return fill_peak_history(object, telegram);
  }
  // A bare group in front of one with a unit can only be its time, even a damaged one.
  const bool timed = begins_with_time(object.obis) || (!first.has_unit && second.has_unit);
  const Stamp trailing = read_stamp(trimmed(second.text));
  if (leading_time || (timed && trailing.kind == Stamp::Kind::none)) {
    set_value(object, second);
    if (!first.text.empty() || !second.text.empty()) set_time(object, leading);
  } else if (groups.count == 2 && trailing.kind != Stamp::Kind::none) {
    set_value(object, first);
    set_time(object, trailing);
  } else {
    fill_several(object, groups, telegram);
  }
}

bool is_newer(const CosemObject& object, const CosemObject& than) noexcept {
  if (!object.time) return false;
  return !than.time || fields(*object.time) > fields(*than.time);
}

}  // namespace p1meter::decoding
