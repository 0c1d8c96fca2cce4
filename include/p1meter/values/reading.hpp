// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"
#include "p1meter/values/time.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter {

/// A key of one meter: an index into that meter's KeyCatalogue, stable while the program runs.
using KeyId = std::uint16_t;

/// One entry of a list reading. Which fields are published follows the list's kind (ListForm).
struct ListRow {
  std::optional<MeterTime> stamp{};  // peak history: its month; failure log: unused
  std::optional<MeterTime> time{};   // peak history: when; failure log: end of the outage
  std::optional<Decimal>
      value{};  // peak history: the peak in the key's unit; failure log: duration in s

  friend bool operator==(const ListRow&, const ListRow&) = default;
};

/// A reading's value. monostate is "no value" (a limit that means "not limited"): published as
/// null. Owns      text and rows are borrowed: valid until the mapper's next call
using Value = std::variant<std::monostate, Decimal, std::string_view, std::span<const ListRow>>;

/// The same, owned: what a sink or a limiter keeps.
using OwnedValue = std::variant<std::monostate, Decimal, std::string, std::vector<ListRow>>;

/// Copies a value, reusing the target's memory where it can.
void assign(OwnedValue& target, const Value& source);
[[nodiscard]] Value borrow(const OwnedValue& value) noexcept;
[[nodiscard]] inline bool is_null(const Value& value) noexcept {
  return std::holds_alternative<std::monostate>(value);
}
[[nodiscard]] inline bool is_list(const Value& value) noexcept {
  return std::holds_alternative<std::span<const ListRow>>(value);
}
/// Numbers by value (1.50 equals 1.5), texts and rows exactly.
[[nodiscard]] bool same_value(const Value& left, const Value& right) noexcept;

/// One named, exact value of one telegram.
struct Reading {
  KeyId key{};
  Value value{};
  Unit unit{Unit::none};            // of the value
  Unit raw_unit{Unit::none};        // of `raw`
  std::uint8_t channel{};           // M-Bus channel 1..4; 0: the electricity meter itself
  std::optional<MeterTime> time{};  // only when the value has a time of its own
  std::optional<Obis> obis{};       // none: computed
  std::string_view raw{};           // the meter's own digits; empty when computed, and of a list
};

/// What an M-Bus device or the electricity meter itself measures, as users see it.
enum class Device : std::uint8_t {
  electricity,
  gas,
  water,
  heat,
  cooling,
  submeter,
  valve,
  breaker,
  other
};
[[nodiscard]] std::string_view device_name(Device device) noexcept;  // "gas"; "" for electricity

/// The device of that name; nothing for others.
[[nodiscard]] std::optional<Device> parse_device(std::string_view name) noexcept;

/// One device: its kind and its number among those of its kind. gas2 is {gas, 2}.
struct DeviceRef {
  Device device{Device::electricity};
  std::uint8_t number{1};

  friend constexpr bool operator==(const DeviceRef&, const DeviceRef&) = default;
};

/// A device in one word, as in its keys: "gas", "gas2"; "electricity" for the meter's own.
[[nodiscard]] std::string device_word(const DeviceRef& device);

enum class ReadingKind : std::uint8_t {
  cumulative,  // a register that only rises
  counter,     // a count of events that only rises
  instantaneous,
  average,  // demand: rises and falls back at the end of its period
  setting,  // limits and ratios
  state,    // tariff, breaker, valve
  info,     // ids, versions
  time,
  text,
  failure_log,   // list of {end, duration}
  peak_history,  // list of {month, time, value}
};

/// What only rises.
[[nodiscard]] constexpr bool is_register(ReadingKind kind) noexcept {
  return kind == ReadingKind::cumulative || kind == ReadingKind::counter;
}

/// Everything that is known of a key apart from its value. Drives topics, JSON, discovery and the
/// limits' rules.
struct KeyInfo {
  std::string key{};           // "energy_import_tariff1", "gas2_volume"
  std::string name{};          // "Energy import tariff 1"
  std::optional<Obis> obis{};  // the code it came from; none when computed
  Unit unit{Unit::none};       // the unit it is published in
  ReadingKind kind{ReadingKind::info};
  Device device{Device::electricity};
  std::uint8_t device_number{1};  // 2 for gas2_...
  std::string device_class{};     // Home Assistant; empty: none
  std::string state_class{};      // Home Assistant; empty: none
  bool diagnostic{};              // Home Assistant entity category
  bool computed{};
  std::string topic{};  // from a `readings` entry: last level, or the whole topic when it has a '/'

  friend bool operator==(const KeyInfo&, const KeyInfo&) = default;
};

/// Of the device that a key belongs to.
[[nodiscard]] std::string device_word(const KeyInfo& key);

/// Descriptions of keys, each held once however many meters have it.
class KeyPool {
 public:
  [[nodiscard]] std::shared_ptr<const KeyInfo> hold(KeyInfo info);

 private:
  std::vector<std::shared_ptr<const KeyInfo>> infos_{};
};

/// All keys that one meter has shown so far, in the order of first sight. KeyId indexes it. Only
/// grows.
class KeyCatalogue {
 public:
  explicit KeyCatalogue(std::shared_ptr<KeyPool> pool = std::make_shared<KeyPool>())
      : pool_{std::move(pool)} {}
  [[nodiscard]] const KeyInfo& operator[](KeyId id) const { return *keys_[id]; }
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  [[nodiscard]] std::optional<KeyId> find(std::string_view key) const noexcept;
  KeyId add(KeyInfo info);  // key not yet present
  /// Better knowledge of a key that was remembered from an earlier run; info.key is the same.
  void replace(KeyId id, KeyInfo info) { keys_[id] = pool_->hold(std::move(info)); }

 private:
  std::shared_ptr<KeyPool> pool_;
  std::vector<std::shared_ptr<const KeyInfo>> keys_{};
};

}  // namespace p1meter
