// SPDX-License-Identifier: Apache-2.0
// Mapping: telegrams to named readings. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter {

/// One group of an OBIS pattern: a number, a range, any, or the M-Bus channel "n" (1..4).
struct ObisPattern {
  struct Group {
    std::uint8_t first{};
    std::uint8_t last{};
    friend bool operator==(const Group&, const Group&) = default;
  };
  Group a{}, b{}, c{}, d{}, e{}, f{255, 255};
  bool b_is_channel{};  // written "0-n:..."

  [[nodiscard]] bool matches(const Obis& obis) const noexcept;

  friend bool operator==(const ObisPattern&, const ObisPattern&) = default;
};

/// Grammar   as parse_obis; a group may also be "*" (any), "2..5" (range), or, for B, "n" (M-Bus
/// channel 1..4)
[[nodiscard]] std::optional<ObisPattern> parse_obis_pattern(std::string_view text) noexcept;

/// How the characters of a value are to be read.
enum class ValueForm : std::uint8_t {
  number,      // a decimal with the entry's family of units
  code,        // a small number or a short text as it stands: tariff, breaker state, version
  identifier,  // hex of ASCII where even, all hex and printable; else as sent
  message,     // as identifier; empty means empty
  clock,       // the telegram's own time
  text,        // as sent
  failure_log,
  peak_history,
  ignored,  // known and deliberately not published (push markers)
};

/// One row of the table: which objects it takes and what they become.
/// In key and name "{medium}" stands for the M-Bus device's kind and number ("gas", "gas2", and
/// "mbus1" for kinds without a name), "{number}" for its number alone (empty for the first),
/// "{channel}" for group B, "{e}" for group E. A name begins with a capital after that.
struct ObisEntry {
  ObisPattern pattern{};
  std::string key{};
  std::string name{};
  Unit unit{Unit::none};       // default unit published; also the unit of a value sent without one
  Unit bare_unit{Unit::none};  // unit of a value sent without one, when it differs from `unit`
  ReadingKind kind{ReadingKind::info};
  ValueForm form{ValueForm::text};
  std::string device_class{};
  std::string state_class{};
  bool diagnostic{};
  std::optional<Decimal> factor{};       // the user's exact factor, applied after unit conversion
  std::optional<Unit> only_with_unit{};  // entry applies only to values of this unit's family
                                         // (limiter_current/_power/...)
  std::optional<Device> only_for{};      // entry applies only to M-Bus devices of this kind
  std::uint8_t group{};        // value group that holds the value, from 1; 0: the usual one
  bool nines_are_unlimited{};  // 999, 999.9, 99.999 mean "not limited" and become null

  friend bool operator==(const ObisEntry&, const ObisEntry&) = default;
};

/// The OBIS table: the shipped one with the user's entries before it.
class ObisTable {
 public:
  /// Later calls of add lie behind earlier ones: the first entry that matches counts.
  void add(ObisEntry entry);
  [[nodiscard]] const std::vector<ObisEntry>& entries() const noexcept { return entries_; }

 private:
  std::vector<ObisEntry> entries_;
};

}  // namespace p1meter
