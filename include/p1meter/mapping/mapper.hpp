// SPDX-License-Identifier: Apache-2.0
// Mapping: telegrams to named readings. Includes values only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "p1meter/mapping/meter_profile.hpp"
#include "p1meter/mapping/obis_table.hpp"
#include "p1meter/mapping/transformer.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

struct MapperOptions {
  std::optional<Zone> zone{};  // none: the meter profile's; where that has none, CET for stamps
                               // with a letter, unknown for others
  std::optional<MeterProfile> profile{};  // none: the one that the meter shows
  bool meter_units{};         // keep the units that the meter sends (decode --units meter)
  bool number_by_channel{};   // M-Bus devices of one kind are numbered by channel (decode, which
                              // keeps no state)
  Transformer transformer{};  // of the electricity meter: what it measures is multiplied
  /// DLMS: what registers (energies) whose power of ten nobody says are multiplied by, in Wh and
  /// varh. None: they are not published.
  std::optional<Decimal> energy_scale{};
  bool publish_unscaled{};  // DLMS: publish numbers without a known power of ten as they are sent
  /// A value since midnight that is not known is a reading without a value, once, instead of none.
  bool null_until_known{};
  /// What the user's rules say of a key, asked once when it appears. A unit of another family than
  /// the key's own is ignored. Empty functions: nothing is said.
  std::function<std::optional<Unit>(const KeyInfo&)> unit_of{};
  std::function<std::optional<std::string>(const KeyInfo&)> name_of{};
  std::function<std::optional<std::string>(const KeyInfo&)> topic_of{};
};

/// A register's value at the midnight with which a day of the meter's own calendar began.
struct DayBegin {
  std::chrono::sys_days date{};
  Decimal value{};
  Unit unit{Unit::none};

  friend bool operator==(const DayBegin&, const DayBegin&) = default;
};

/// What a mapper must remember across restarts. Plain data: the daemon stores it.
struct MapperMemory {
  std::string equipment_id{};                             // the electricity meter's, as last seen
  std::string identification{};                           // likewise; of the meter's program
  std::string version{};                                  // of the telegrams; empty: not sent
  std::map<std::string, std::uint8_t> device_numbers{};   // "gas/<equipment id>" -> 1, 2, ...
  std::map<std::string, std::uint8_t> device_channels{};  // the same -> M-Bus channel, as last seen
  std::vector<std::string>
      parts_seen{};  // keys this meter has sent that computed readings are made of
  std::map<std::string, DayBegin>
      day_begins{};           // "gas_volume_today" -> the register it counts from
  std::string day_scaling{};  // by what the settings multiply those registers; empty: by nothing

  friend bool operator==(const MapperMemory&, const MapperMemory&) = default;
};

/// What mappers of one thread may share: the memory that they need only while they map (what map()
/// gave is gone with the next map() of any of them) and the descriptions of their keys.
class SharedMapping;
[[nodiscard]] std::shared_ptr<SharedMapping> make_shared_mapping();

/// An object that no entry takes: kept, countable, shown.
struct UnknownObject {
  Obis obis{};
  std::string_view text{};  // value groups without the outer parentheses: "400"
};

/// What one telegram became.
/// Owns      everything is borrowed from the mapper (or the telegram): valid until its next call
struct MappedTelegram {
  std::span<const Reading> readings{};  // in the order of the telegram; computed ones last
  std::span<const UnknownObject> unknown{};
  std::span<const Problem> problems{};     // the mapper's own; the telegram's are in the telegram
  std::optional<MeterTime> time{};         // the telegram's time, placed
  std::string_view equipment_id{};         // of the electricity meter; empty when it sends none
  bool meter_changed{};                    // another equipment id than before: totals start afresh
  std::span<const DeviceRef> exchanged{};  // M-Bus devices whose place another one has taken
  std::string_view profile{};              // MeterProfile::name: lives as long as the program
};

/// Turns telegrams of one meter into readings. Keeps the catalogue of keys, the numbering of M-Bus
/// devices and what computed readings need.
///
/// Owns      borrows the table, which must outlive it
/// Cost      allocates nothing for a telegram whose objects it has seen before
class Mapper {
 public:
  Mapper(const ObisTable& table, MapperOptions options, MapperMemory memory = {},
         std::shared_ptr<SharedMapping> shared = make_shared_mapping());
  ~Mapper();
  Mapper(const Mapper&) = delete;
  Mapper& operator=(const Mapper&) = delete;
  Mapper(Mapper&&) = delete;
  Mapper& operator=(Mapper&&) = delete;

  /// `now` gives the receive time that stands in for implausible M-Bus times.
  [[nodiscard]] MappedTelegram map(const Telegram& telegram, Instant now);

  [[nodiscard]] const KeyCatalogue& keys() const noexcept;
  [[nodiscard]] const MapperMemory& memory() const noexcept;
  /// The M-Bus devices that were ever seen, with their equipment ids as people read them.
  [[nodiscard]] std::vector<std::pair<DeviceRef, std::string>> devices() const;
  /// Makes the catalogue know a key before the meter sends it (remembered from an earlier run).
  KeyId remember(KeyInfo info);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace p1meter
