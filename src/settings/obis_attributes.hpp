// SPDX-License-Identifier: Apache-2.0
// Settings: the attributes of one entry of an OBIS table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <yaml-cpp/yaml.h>

#include "p1meter/mapping/obis_table.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

/// What an entry states itself, before anything is inherited or derived.
struct ObisAttributes {
  std::optional<std::string> key{};
  std::optional<std::string> name{};
  std::optional<Unit> unit{};
  std::optional<Unit> bare_unit{};
  std::optional<Decimal> factor{};
  std::optional<ReadingKind> kind{};
  std::optional<ValueForm> form{};
  std::optional<std::string> device_class{};
  std::optional<std::string> state_class{};
  std::optional<bool> diagnostic{};
  std::optional<Unit> when_unit{};
  std::optional<Device> when_device{};
  std::optional<std::uint8_t> group{};
  std::optional<bool> nines_are_unlimited{};
};

/// Where faults go and how they name their place.
struct FaultSink {
  const std::string& file;
  std::vector<Fault>& faults;

  void add(const YAML::Mark& mark, std::string key, std::string message) const;
};

/// What was found, in quotes, cut and made harmless for a message.
[[nodiscard]] std::string as_shown(std::string_view found);

/// Reads a map of attributes; every unknown or bad one is a fault under `path`.
[[nodiscard]] ObisAttributes read_obis_attributes(const YAML::Node& map, const std::string& path,
                                                  const FaultSink& sink);

/// Completes what an entry states by the entry that it overrides, if any, and by what follows from
/// unit and kind. The pattern is not touched.
[[nodiscard]] ObisEntry complete_obis_entry(const ObisAttributes& stated,
                                            const ObisEntry* overridden);

}  // namespace p1meter::settings
