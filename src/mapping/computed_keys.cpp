// SPDX-License-Identifier: Apache-2.0
// Mapping: the keys that only p1meter computes.
#include "p1meter/mapping/computed_keys.hpp"

#include <string>
#include <vector>

namespace p1meter {
namespace {

KeyInfo computed(std::string key, std::string name, Unit unit, ReadingKind kind) {
  KeyInfo info;
  info.key = std::move(key);
  info.name = std::move(name);
  info.unit = unit;
  info.kind = kind;
  info.state_class = "measurement";
  info.computed = true;
  return info;
}

KeyInfo quarter_energy(std::string key, std::string name) {
  KeyInfo info =
      computed(std::move(key), std::move(name), Unit::kilowatt_hour, ReadingKind::average);
  info.device_class = "energy";
  info.state_class = "total_increasing";  // a fall to 0 is a new beginning there
  return info;
}

std::vector<KeyInfo> make_computed_keys() {
  std::vector<KeyInfo> all;
  for (const char* const phase : {"1", "2", "3"}) {
    all.push_back(computed(std::string{"current_l"} + phase + "_signed",
                           std::string{"Current phase "} + phase + " signed", Unit::ampere,
                           ReadingKind::instantaneous));
    all.back().device_class = "current";
  }
  all.push_back(quarter_energy("energy_import_quarter", "Energy import this quarter hour"));
  all.push_back(quarter_energy("energy_export_quarter", "Energy export this quarter hour"));
  all.push_back(computed("demand_import_projected", "Demand import projected", Unit::watt,
                         ReadingKind::average));
  all.back().device_class = "power";
  return all;
}

}  // namespace

std::span<const KeyInfo> computed_keys() {
  static const std::vector<KeyInfo> all = make_computed_keys();
  return all;
}

}  // namespace p1meter
