// SPDX-License-Identifier: Apache-2.0
// Mapping: the keys that only p1meter computes.
#include "p1meter/mapping/computed_keys.hpp"

#include <cstdint>
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

KeyInfo since_midnight(std::string key, std::string name, Unit unit, std::string device_class) {
  KeyInfo info = computed(std::move(key), std::move(name), unit, ReadingKind::average);
  info.device_class = std::move(device_class);
  info.state_class = "total_increasing";
  return info;
}

void add_volumes(std::vector<KeyInfo>& all, Device device, const std::string& name) {
  constexpr std::uint8_t most_devices = 4;  // of one kind: an M-Bus has four channels
  const std::string device_class{device_name(device)};
  for (std::uint8_t number = 1; number <= most_devices; ++number) {
    std::string shown = name;
    if (number > 1) shown.append(" ").append(std::to_string(number));
    all.push_back(since_midnight(device_word(DeviceRef{device, number}) + "_volume_today",
                                 shown + " volume today", Unit::cubic_metre, device_class));
    all.back().device = device;
    all.back().device_number = number;
  }
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
  for (const std::string way : {"import", "export"}) {
    all.push_back(since_midnight("energy_" + way + "_today", "Energy " + way + " today",
                                 Unit::kilowatt_hour, "energy"));
  }
  add_volumes(all, Device::gas, "Gas");
  add_volumes(all, Device::water, "Water");
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
