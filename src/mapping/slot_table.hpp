// SPDX-License-Identifier: Apache-2.0
// Mapping: what is remembered of every OBIS code, so that a telegram's objects need no search.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mapping/key_book.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::mapping {

/// What becomes of an object.
enum class Verdict : std::uint8_t {
  reading,
  unknown,
  ignored,
  clock,
  unit_unknown,
  unit_unexpected
};

/// Which of the measuring transformers stand between the grid and a value.
enum class Scaling : std::uint8_t { none, power, current, voltage };

/// The answer for one combination of code, unit and device.
struct Outcome {
  std::uint32_t question{};  // the combination
  Verdict verdict{Verdict::unknown};
  ValueForm form{ValueForm::text};
  Unit unit{Unit::none};  // published
  Unit sent{
      Unit::none};  // of the meter's digits; where it sends none, the one that they are taken in
  std::int8_t shift{};  // the point's way from the sent unit to the published one
  bool plain{};         // a number without factor, special values, group or transformer: usual
  Scaling scaling{Scaling::none};
  KeyId key{};
  const ObisEntry* entry{};
};

/// Memory of an object whose value is text, a list or has a time: made once, then reused.
struct Memo {
  std::string raw{};  // what `decoded` was made from
  std::string decoded{};
  std::optional<MeterClock> clock{};  // what `time` was made from
  MeterTime time{};
  std::vector<ListRow> rows{};
};

enum class Role : std::uint8_t {
  plain,
  equipment_id,
  channel_type,
  channel_id,
  channel_value,
  current_ratio,
  voltage_ratio
};

/// One OBIS code that the table knows.
struct Slot {
  Obis obis{};
  Role role{Role::plain};
  std::uint8_t channel{};  // 1..4 for objects of M-Bus devices
  DeviceRef fixed_ref{};   // of objects that belong to no channel
  Outcome newest{};        // answers nearly every question
  std::vector<Outcome> others{};
  std::vector<const ObisEntry*> candidates{};  // entries that match, in their order
  std::unique_ptr<Memo> memo{};
  Slot* next_group{};  // the same code once more, for another value group

  Memo& memory() {
    if (!memo) memo = std::make_unique<Memo>();
    return *memo;
  }
};

/// The combination of unit and device that an outcome answers, never 0.
[[nodiscard]] inline std::uint32_t question_of(const CosemObject& object,
                                               const DeviceRef& ref) noexcept {
  return static_cast<std::uint32_t>(object.unit) | (object.has_unit ? 1U : 0U) << 8U |
         (object.unit_known ? 1U : 0U) << 9U | 1U << 10U | (object.scale_unknown ? 1U : 0U) << 11U |
         static_cast<std::uint32_t>(ref.device) << 16U | std::uint32_t{ref.number} << 24U;
}

/// The codes of one meter. Bounded by the codes that the table names.
class SlotTable {
 public:
  explicit SlotTable(const ObisTable& table) : table_{table} {}

  /// The slot of a code; one without candidates for codes that no entry takes.
  [[nodiscard]] Slot& find(const Obis& obis);
  /// Another zone holds: times are placed anew.
  void forget_times() noexcept;

 private:
  using Entry = std::pair<std::uint64_t, Slot*>;

  Slot* make(const Obis& obis);

  const ObisTable& table_;
  std::vector<Entry> by_code_{};  // sorted
  std::deque<Slot> slots_{};
  Slot unknown_{};
};

/// One position of a telegram: its code, and in the usual case all that its value needs.
struct Step {
  Obis obis{};
  Slot* slot{};
  bool simple{};  // a plain number of the electricity meter, as long as its unit is `sent`
  Unit sent{};
  Unit unit{};
  Unit raw_unit{};  // of the digits, also where `sent` says none
  std::int8_t shift{};
  KeyId key{};

  /// Takes over what was just worked out for this position.
  void learn(const CosemObject& object) noexcept {
    const Outcome& outcome = slot->newest;
    simple = outcome.plain && outcome.verdict == Verdict::reading && slot->channel == 0 &&
             slot->next_group == nullptr &&
             outcome.question == question_of(object, slot->fixed_ref);
    sent = object.unit;
    unit = outcome.unit;
    raw_unit = outcome.sent;
    shift = outcome.shift;
    key = outcome.key;
  }
  /// This object is the usual case.
  [[nodiscard]] bool fits(const CosemObject& object) const noexcept {
    return simple && object.unit == sent && object.unit_known && object.number && !object.time &&
           !object.time_unset && !object.time_malformed && !object.scale_unknown;
  }
};

/// The sequence of codes in a meter's telegrams. Meters send the same lines in the same order, so
/// that it is mostly only compared.
class Layout {
 public:
  explicit Layout(SlotTable& slots) : slots_{slots} {}

  /// True when it is another sequence than before.
  bool follow(const std::vector<CosemObject>& objects) {
    bool same = objects.size() == count_;
    for (std::size_t i = 0; same && i < count_; ++i) same = steps_[i].obis == objects[i].obis;
    if (!same) relearn(objects);
    return !same;
  }
  [[nodiscard]] Step& operator[](std::size_t position) noexcept { return steps_[position]; }
  /// At most so many readings come of this sequence.
  [[nodiscard]] std::size_t most_readings() const noexcept { return slot_count_; }
  /// Positions that say who is speaking: equipment ids, M-Bus types and values, ratios.
  [[nodiscard]] std::span<const std::uint32_t> telling() const noexcept { return telling_; }

 private:
  void relearn(const std::vector<CosemObject>& objects);

  SlotTable& slots_;
  std::size_t count_{};
  std::size_t slot_count_{};  // a line with two value groups has two slots
  std::vector<Step> steps_{};
  std::vector<std::uint32_t> telling_{};
};

/// Works out a question that is not the newest one, or finds the answer again.
[[nodiscard]] const Outcome& answer(Slot& slot, const CosemObject& object, const DeviceRef& ref,
                                    KeyBook& keys);

/// What becomes of this object, worked out once per combination of unit and device.
[[nodiscard]] inline const Outcome& outcome_for(Slot& slot, const CosemObject& object,
                                                const DeviceRef& ref, KeyBook& keys) {
  if (slot.newest.question == question_of(object, ref)) return slot.newest;
  return answer(slot, object, ref, keys);
}

}  // namespace p1meter::mapping
