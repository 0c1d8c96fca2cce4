// SPDX-License-Identifier: Apache-2.0
// Mapping: the catalogue of one meter's keys, filled from table entries and the user's rules.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mapping/key_template.hpp"
#include "p1meter/mapping/mapper.hpp"

namespace p1meter::mapping {

class KeyBook {
 public:
  KeyBook(const ObisTable& table, const MapperOptions& options, std::shared_ptr<KeyPool> pool)
      : table_{table}, options_{options}, keys_{std::move(pool)} {}

  /// The key that an entry gives an object, added when it is new. `sent` is the unit the meter
  /// uses.
  KeyId key_for(const ObisEntry& entry, const Obis& obis, const DeviceRef& ref, Unit sent);
  /// The key of a computed reading; its facts are those of the table's entry of that key.
  KeyId computed_key(std::string_view key, Unit sent);
  /// The key of what a register has risen by since midnight: gas2_volume_today of gas2_volume.
  KeyId key_since_midnight(KeyId of_register);
  /// A key known from an earlier run, as it was then.
  KeyId remember(KeyInfo info);

  [[nodiscard]] const KeyCatalogue& keys() const noexcept { return keys_; }
  [[nodiscard]] const Transformer& transformer() const noexcept { return options_.transformer; }

 private:
  [[nodiscard]] KeyInfo describe(const ObisEntry& entry, std::string key) const;
  void apply_rules(KeyInfo& info) const;
  KeyId enter(KeyInfo info);

  const ObisTable& table_;
  const MapperOptions& options_;
  KeyCatalogue keys_;
  std::vector<bool> from_earlier_run_{};  // by KeyId: not yet seen by this mapper
};

}  // namespace p1meter::mapping
