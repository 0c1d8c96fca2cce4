// SPDX-License-Identifier: Apache-2.0
// Settings: every key that an OBIS table can give.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/mapping/obis_table.hpp"

namespace p1meter::settings {

/// The keys of a table with its placeholders filled in: gas_volume, gas2_volume, voltage_l1.
///
/// Cost      some hundred keys; made once per load
class KnownKeys {
 public:
  explicit KnownKeys(ObisTable table);

  struct Known {
    std::string key{};
    ReadingKind kind{};
    Unit unit{};
  };
  /// What a key may stand for; empty when the table has no such key.
  [[nodiscard]] std::vector<Known> by_key(std::string_view key) const;
  /// What an object may become; empty when no entry takes it.
  [[nodiscard]] std::vector<Known> by_obis(const Obis& obis) const;
  [[nodiscard]] bool any_matches(std::string_view glob) const;
  [[nodiscard]] std::vector<std::string_view> names() const;

 private:
  ObisTable table_;
  std::multimap<std::string, Known, std::less<>> keys_{};
};

}  // namespace p1meter::settings
