// SPDX-License-Identifier: Apache-2.0
// Mapping: what is remembered of every OBIS code, so that a telegram's objects need no search.
#pragma once

#include <cstdint>
#include <cstring>
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

/// The answer for one combination of code, unit and device.
struct Outcome {
  std::uint32_t question{};  // the combination
  Verdict verdict{Verdict::unknown};
  ValueForm form{ValueForm::text};
  Unit unit{Unit::none};  // published
  std::int8_t shift{};    // the point's way from the sent unit to the published one
  bool plain{};           // a number without factor, special values or group: the usual case
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

enum class Role : std::uint8_t { plain, equipment_id, channel_type, channel_id, channel_value };

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

/// Finds slots by position in the telegram first (meters send the same lines in the same order),
/// then by code. Its size is bounded by the codes that the table names.
class SlotTable {
 public:
  explicit SlotTable(const ObisTable& table) : table_{table} {}

  /// The slot of the object at this position; a slot without candidates for unknown codes.
  Slot& at(std::size_t position, const Obis& obis) {
    const std::uint64_t code = bits(obis);
    if (position < positions_.size() && positions_[position].first == code) {
      return *positions_[position].second;
    }
    return find(position, obis);
  }

 private:
  using Entry = std::pair<std::uint64_t, Slot*>;

  static std::uint64_t bits(const Obis& obis) noexcept {
    static_assert(sizeof(Obis) == 6);
    std::uint64_t result = 0;
    std::memcpy(&result, &obis, sizeof(Obis));
    return result | std::uint64_t{1} << 63U;  // never that of an empty position
  }
  Slot& find(std::size_t position, const Obis& obis);
  Slot* make(const Obis& obis);

  const ObisTable& table_;
  std::vector<Entry> positions_{};
  std::vector<Entry> by_code_{};  // sorted
  std::deque<Slot> slots_{};
  Slot unknown_{};
};

/// The combination of unit and device that an outcome answers, never 0.
[[nodiscard]] inline std::uint32_t question_of(const CosemObject& object,
                                               const DeviceRef& ref) noexcept {
  return static_cast<std::uint32_t>(object.unit) | (object.has_unit ? 1U : 0U) << 8U |
         (object.unit_known ? 1U : 0U) << 9U | 1U << 10U |
         static_cast<std::uint32_t>(ref.device) << 16U | std::uint32_t{ref.number} << 24U;
}

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
