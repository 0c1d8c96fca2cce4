// SPDX-License-Identifier: Apache-2.0
// Mapping: totals and net power where the meter does not send them.
#include "mapping/computed_readings.hpp"

#include <algorithm>

namespace p1meter::mapping {
namespace {

constexpr std::string_view import_total_key = "energy_import_total";
constexpr std::string_view export_total_key = "energy_export_total";
constexpr std::string_view net_key = "power_net";

/// The value in another unit of its family.
std::optional<Decimal> in_unit(const Reading& reading, Unit unit) noexcept {
  const auto* number = std::get_if<Decimal>(&reading.value);
  if (number == nullptr || family_of(reading.unit) != family_of(unit)) return std::nullopt;
  return shift_point(*number, power_of_ten(reading.unit) - power_of_ten(unit));
}

}  // namespace

ComputedReadings::ComputedReadings(std::vector<std::string>& parts_seen, KeyBook& keys)
    : parts_seen_{parts_seen}, keys_{keys} {
  for (const std::string& key : parts_seen_) {
    if (const auto role = role_of(key)) parts_.push_back({.key = key, .role = *role, .ever = true});
  }
}

std::optional<ComputedReadings::Role> ComputedReadings::role_of(std::string_view key) noexcept {
  if (key.starts_with("energy_import_tariff")) return Role::import_tariff;
  if (key.starts_with("energy_export_tariff")) return Role::export_tariff;
  if (key == import_total_key) return Role::import_total;
  if (key == export_total_key) return Role::export_total;
  if (key == "power_import") return Role::power_import;
  if (key == "power_export") return Role::power_export;
  if (key == net_key) return Role::power_net;
  return std::nullopt;
}

void ComputedReadings::learn_keys() {
  for (; keys_learnt_ < keys_.keys().size(); ++keys_learnt_) {
    const auto id = static_cast<KeyId>(keys_learnt_);
    const std::string& key = keys_.keys()[id].key;
    const auto role = role_of(key);
    if (!role) continue;
    const auto part = std::ranges::find(parts_, key, &Part::key);
    if (part == parts_.end()) {
      parts_.push_back({.key = key, .role = *role, .id = id});
    } else {
      part->id = id;
    }
  }
}

void ComputedReadings::note_parts(const SeenKeys& seen) {
  for (Part& part : parts_) {
    if (part.ever || !part.id || !seen.index(*part.id)) continue;
    part.ever = true;
    parts_seen_.push_back(part.key);
  }
}

void ComputedReadings::forget() {
  parts_seen_.clear();
  for (Part& part : parts_) part.ever = false;
}

bool ComputedReadings::ever(Role role) const noexcept {
  return std::ranges::any_of(parts_,
                             [role](const Part& part) { return part.role == role && part.ever; });
}

std::optional<Reading> ComputedReadings::sum(Role role, const std::vector<Reading>& readings,
                                             const SeenKeys& seen) const {
  std::optional<Reading> total;
  for (const Part& part : parts_) {
    if (part.role != role || !part.ever) continue;
    const auto index = part.id ? seen.index(*part.id) : std::nullopt;
    if (!index) return std::nullopt;
    const Reading& reading = readings[*index];
    if (!total) {
      if (!std::holds_alternative<Decimal>(reading.value)) return std::nullopt;
      total = Reading{.value = reading.value, .unit = reading.unit};
      continue;
    }
    const auto value = in_unit(reading, total->unit);
    const auto result = value ? add(std::get<Decimal>(total->value), *value) : std::nullopt;
    if (!result) return std::nullopt;
    total->value = *result;
  }
  return total;
}

void ComputedReadings::append(std::vector<Reading>& readings, SeenKeys& seen) {
  learn_keys();
  note_parts(seen);
  add_total(Role::import_tariff, Role::import_total, import_total_key, import_, readings, seen);
  add_total(Role::export_tariff, Role::export_total, export_total_key, export_, readings, seen);
  add_net(readings, seen);
  learn_keys();
}

void ComputedReadings::add_total(Role parts, Role total, std::string_view key, Result& result,
                                 std::vector<Reading>& readings, SeenKeys& seen) {
  if (ever(total)) return;
  if (auto value = sum(parts, readings, seen)) publish(*value, key, result, readings, seen);
}

void ComputedReadings::add_net(std::vector<Reading>& readings, SeenKeys& seen) {
  if (ever(Role::power_net)) return;
  auto net = sum(Role::power_import, readings, seen);
  if (!net) return;
  if (ever(Role::power_export)) {
    const auto exported = sum(Role::power_export, readings, seen);
    const auto value = exported ? in_unit(*exported, net->unit) : std::nullopt;
    const auto result = value ? subtract(std::get<Decimal>(net->value), *value) : std::nullopt;
    if (!result) return;
    net->value = *result;
  }
  publish(*net, net_key, net_, readings, seen);
}

void ComputedReadings::publish(Reading value, std::string_view key, Result& result,
                               std::vector<Reading>& readings, SeenKeys& seen) {
  if (!result.known) {
    const KeyId id = keys_.computed_key(key, value.unit);
    result = {id, keys_.keys()[id].unit, true};
  }
  const auto number = in_unit(value, result.unit);
  if (!number || !seen.mark(result.key, readings.size())) return;
  readings.push_back({.key = result.key, .value = *number, .unit = result.unit});
}

}  // namespace p1meter::mapping
