// SPDX-License-Identifier: Apache-2.0
// Mapping: energies and volumes since local midnight.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "mapping/day_rise.hpp"
#include "mapping/key_book.hpp"
#include "mapping/reading_list.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::mapping {

/// An exact amount in the unit it was sent or is published in.
struct Amount {
  Decimal number{};
  Unit unit{};
};

/// What the electricity meter's totals are in one telegram, sent or computed.
struct Totals {
  std::optional<Amount> imported{};
  std::optional<Amount> exported{};
  bool other_parts{};  // they are sums of more registers than before
};

/// energy_import_today, energy_export_today, and <device>_volume_today of each gas and water meter.
/// docs/meters.md, "Computed readings".
///
/// Cost      allocates only when a register is new and when a day begins
class DailyReadings {
 public:
  /// null_until_known: a value that is not known any more, or not yet, is said to be null, once.
  DailyReadings(MapperMemory& memory, KeyBook& keys, bool null_until_known);

  /// Adds them behind the telegram's own readings, which must be of one with a good checksum.
  /// `time` is the telegram's.
  void append(ReadingList& readings, SeenKeys& seen, const MeterTime& time, const Totals& totals);
  /// Another electricity meter: what its channels show may be of others, too.
  void forget();
  /// Another M-Bus device under the former one's number.
  void forget(const DeviceRef& device);

 private:
  struct Register {
    KeyId source{};  // of an M-Bus device's register
    KeyId key{};
    Unit unit{};
    DayRise rise{};
    bool said_null{};
  };
  /// The telegram in hand.
  struct Subject {
    ReadingList& readings;
    SeenKeys& seen;
  };

  void learn_volumes(SeenKeys& seen);
  [[nodiscard]] Register make_register(KeyId key, SeenKeys& seen);
  void add_total(const std::optional<Amount>& total, std::string_view key, const MeterTime& time,
                 std::optional<Register>& subject_register, Subject& subject);
  void add(Register& of, const Amount& amount, const MeterTime& time, bool own_time,
           Subject& subject);
  void remember(const Register& of);
  void forget(Register& of);
  void forget_days_after(std::chrono::sys_days date);

  MapperMemory& memory_;
  KeyBook& keys_;
  bool null_until_known_;
  std::size_t keys_learnt_{};
  DayWatch watch_{};
  std::optional<Register> import_{};
  std::optional<Register> export_{};
  std::vector<Register> volumes_{};
};

}  // namespace p1meter::mapping
