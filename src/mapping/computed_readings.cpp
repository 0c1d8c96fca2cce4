// SPDX-License-Identifier: Apache-2.0
// Mapping: totals and net power where the meter does not send them.
#include "mapping/computed_readings.hpp"

#include <algorithm>

namespace p1meter::mapping {
namespace {

constexpr std::string_view import_total_key = "energy_import_total";
constexpr std::string_view export_total_key = "energy_export_total";
constexpr std::string_view net_key = "power_net";

/// add() where both have one resolution, as a meter's registers do.
std::optional<Decimal> plus(const Decimal& left, const Decimal& right) noexcept {
  const std::int64_t mantissa = left.mantissa + right.mantissa;  // two of 18 digits: always fits
  const bool plain =
      left.exponent == right.exponent && mantissa <= max_mantissa && mantissa >= -max_mantissa;
  return plain ? std::optional{Decimal{mantissa, left.exponent}} : add(left, right);
}

inline std::optional<Decimal> converted(const Decimal& number, Unit from, Unit to) noexcept {
  if (from == to) return number;
  if (family_of(from) != family_of(to)) return std::nullopt;
  return shift_point(number, power_of_ten(from) - power_of_ten(to));
}

}  // namespace

ComputedReadings::ComputedReadings(std::vector<std::string>& parts_seen, KeyBook& keys)
    : parts_seen_{parts_seen}, keys_{keys} {
  for (const std::string& key : parts_seen_) {
    if (const auto role = role_of(key)) parts_.push_back({.key = key, .role = *role, .ever = true});
  }
  sort_by_role();
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
  if (keys_learnt_ == keys_.keys().size()) return;
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
  sort_by_role();
}

void ComputedReadings::note_parts(const SeenKeys& seen) {
  if (all_parts_ever_) return;
  bool news = false;
  for (Part& part : parts_) {
    if (part.ever || !part.id || !seen.index(*part.id)) continue;
    part.ever = true;
    parts_seen_.push_back(part.key);
    news = true;
  }
  if (news) sort_by_role();
}

void ComputedReadings::sort_by_role() {
  sent_ = {};
  all_parts_ever_ = true;
  for (const Part& part : parts_) {
    if (!part.ever) {
      all_parts_ever_ = false;
      continue;
    }
    Sent& sent = sent_[static_cast<std::size_t>(part.role)];
    sent.any = true;
    if (part.id) {
      sent.ids.push_back(*part.id);
    } else {
      sent.out_of_reach = true;
    }
  }
}

void ComputedReadings::forget() {
  parts_seen_.clear();
  for (Part& part : parts_) part.ever = false;
  sort_by_role();
}

std::optional<ComputedReadings::Amount> ComputedReadings::sum(Role role, ReadingList& readings,
                                                              const SeenKeys& seen) const {
  const Sent& parts = sent(role);
  if (!parts.any || parts.out_of_reach) return std::nullopt;
  std::optional<Amount> total;
  for (const KeyId id : parts.ids) {
    const auto index = seen.index(id);
    if (!index) return std::nullopt;
    const Reading& reading = readings[*index];
    const auto* number = std::get_if<Decimal>(&reading.value);
    if (number == nullptr) return std::nullopt;
    if (!total) {
      total = Amount{*number, reading.unit};
      continue;
    }
    const auto value = converted(*number, reading.unit, total->unit);
    const auto result = value ? plus(total->number, *value) : std::nullopt;
    if (!result) return std::nullopt;
    total->number = *result;
  }
  return total;
}

void ComputedReadings::append(ReadingList& readings, SeenKeys& seen) {
  learn_keys();
  note_parts(seen);
  add_total(Role::import_tariff, Role::import_total, import_total_key, import_, readings, seen);
  add_total(Role::export_tariff, Role::export_total, export_total_key, export_, readings, seen);
  add_net(readings, seen);
}

void ComputedReadings::add_total(Role parts, Role total, std::string_view key, Result& result,
                                 ReadingList& readings, SeenKeys& seen) {
  if (sent(total).any) return;
  if (const auto amount = sum(parts, readings, seen)) publish(*amount, key, result, readings, seen);
}

void ComputedReadings::add_net(ReadingList& readings, SeenKeys& seen) {
  if (sent(Role::power_net).any) return;
  auto net = sum(Role::power_import, readings, seen);
  if (!net) return;
  if (sent(Role::power_export).any) {
    const auto exported = sum(Role::power_export, readings, seen);
    const auto value =
        exported ? converted(exported->number, exported->unit, net->unit) : std::nullopt;
    const auto result =
        value ? plus(net->number, {-value->mantissa, value->exponent}) : std::nullopt;
    if (!result) return;
    net->number = *result;
  }
  publish(*net, net_key, net_, readings, seen);
}

void ComputedReadings::publish(const Amount& amount, std::string_view key, Result& result,
                               ReadingList& readings, SeenKeys& seen) {
  if (!result.known) {
    const KeyId id = keys_.computed_key(key, amount.unit);
    result = {id, keys_.keys()[id].unit, true};
  }
  const auto number = converted(amount.number, amount.unit, result.unit);
  if (!number || !seen.mark(result.key, readings.size())) return;
  readings.next() = {.key = result.key, .value = *number, .unit = result.unit};
}

}  // namespace p1meter::mapping
