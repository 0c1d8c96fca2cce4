// SPDX-License-Identifier: Apache-2.0
// Pipeline: registers that arrive without a checksum.
#include "pipeline/plausibility.hpp"

#include <algorithm>
#include <string_view>

namespace p1meter {
namespace {

constexpr std::int64_t volts = 230;
constexpr std::int64_t most_phases = 3;
constexpr std::int64_t default_watts = 100'000;
constexpr std::int64_t mbus_watts = 1'000'000;
constexpr std::int64_t cubic_metres_an_hour = 100;
constexpr std::int64_t events_an_hour = 3600;
constexpr Decimal mbus_joules_an_hour{36, 8};
constexpr milliseconds hour = std::chrono::hours{1};
constexpr milliseconds longest_memory = std::chrono::hours{24 * 30};
constexpr std::int64_t confirming_factor = 10;
constexpr std::uint8_t enough_confirmations = 3;

/// A limit as a rise per hour in the reading's own unit; nothing: falls only are looked at.
std::optional<Decimal> ceiling(const Reading& reading, const Decimal& limit) {
  const bool mbus = reading.channel != 0;
  const Decimal watts = mbus ? Decimal{mbus_watts, 0} : limit;
  std::optional<Decimal> base{};
  switch (family_of(reading.unit)) {
    case UnitFamily::energy:
    case UnitFamily::reactive_energy:
    case UnitFamily::apparent_energy:
      base = watts;
      break;
    case UnitFamily::heat:
      base = mbus_joules_an_hour;
      break;
    case UnitFamily::volume:
      base = Decimal{cubic_metres_an_hour, 0};
      break;
    case UnitFamily::none:
      base = Decimal{events_an_hour, 0};
      break;
    default:
      break;
  }
  if (!base) return std::nullopt;
  return shift_point(*base, -power_of_ten(reading.unit));
}

/// What a register may rise by at most in a time; nothing: no limit that could be calculated.
std::optional<Decimal> allowance(const Decimal& per_hour, milliseconds elapsed,
                                 std::int64_t factor) {
  constexpr std::int8_t digits = -6;
  const auto rise = multiply(per_hour, Decimal{elapsed.count() * factor, 0});
  return rise ? divide(*rise, hour.count(), digits) : std::nullopt;
}

/// Did the register not fall, and not rise faster than `factor` times its ceiling?
bool in_order(const Reading& reading, const Decimal& limit, const Decimal& from,
              milliseconds elapsed, std::int64_t factor) {
  const Decimal& to = *std::get_if<Decimal>(&reading.value);
  if (to <= from) return to == from;
  const auto per_hour = ceiling(reading, limit);
  if (!per_hour) return true;
  elapsed = std::min(reading.channel != 0 ? std::max(elapsed, hour) : elapsed, longest_memory);
  const auto allowed = allowance(*per_hour, elapsed, factor);
  if (!allowed) return true;
  const auto rise = subtract(to, from);
  if (!rise) return false;
  // A register that is cut to its digits shows up to one unit more than went through.
  const auto true_rise = subtract(*rise, Decimal{1, rise->exponent});
  return true_rise && *true_rise <= *allowed;
}

}  // namespace

Plausibility::Sieved Plausibility::sieve(const KeyCatalogue& keys,
                                         std::span<const Reading> readings, milliseconds now) {
  learn(keys, readings);
  kept_.clear();
  held_.clear();
  const Decimal limit = connection_limit(readings);
  for (const Reading& reading : readings) {
    if (roles_[reading.key] == Role::plain_register && !passes(reading, limit, now))
      held_.push_back(reading);
  }
  if (held_.empty()) return {readings, {}};
  const std::size_t held_parts = held_.size();
  for (const Reading& reading : readings) {
    const auto same_key = [&](const Reading& held) { return held.key == reading.key; };
    if (std::any_of(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(held_parts),
                    same_key)) {
      continue;
    }
    const bool held = roles_[reading.key] == Role::computed_register && made_of_held(keys, reading);
    (held ? held_ : kept_).push_back(reading);
  }
  return {kept_, held_};
}

void Plausibility::believe(const KeyCatalogue& keys, std::span<const Reading> readings,
                           milliseconds now) {
  learn(keys, readings);
  for (const Reading& reading : readings) {
    const auto* value = std::get_if<Decimal>(&reading.value);
    if (roles_[reading.key] != Role::plain_register || value == nullptr) continue;
    Track& track = tracks_[reading.key];
    if (!track.believed || track.believed->value != *value) track.believed = Sighting{*value, now};
    track.doubted.reset();
  }
}

Plausibility::Role Plausibility::role_of(const KeyInfo& info) {
  const auto of_one_phase = [&](std::string_view stem) {
    return info.key.size() == stem.size() + 1 && info.key.starts_with(stem);
  };
  if (is_register(info.kind)) {
    return info.computed ? Role::computed_register : Role::plain_register;
  }
  if (of_one_phase("fuse_limit_l")) return Role::fuse;
  if (of_one_phase("voltage_l")) return Role::voltage;
  if (of_one_phase("current_l")) return Role::current;
  if (info.key == "limiter_power" || info.key == "limiter_apparent_power") return Role::limiter;
  if (info.key == "limiter_current") return Role::current_limiter;
  return Role::other;
}

void Plausibility::learn(const KeyCatalogue& keys, std::span<const Reading> readings) {
  roles_.resize(keys.size(), Role::unknown);
  tracks_.resize(keys.size());
  for (const Reading& reading : readings) {
    Role& role = roles_[reading.key];
    if (role == Role::unknown) role = role_of(keys[reading.key]);
  }
}

Decimal Plausibility::connection_limit(std::span<const Reading> readings) const {
  Connection connection{};
  for (const Reading& reading : readings) {
    const auto* value = std::get_if<Decimal>(&reading.value);
    if (roles_[reading.key] < Role::fuse || value == nullptr) continue;
    if (const auto base = shift_point(*value, power_of_ten(reading.unit))) {
      connection.note(roles_[reading.key], *base);
    }
  }
  return connection.watts();
}

void Plausibility::Connection::note(Role role, const Decimal& value) {
  if (role == Role::current) ++currents;
  if (value.mantissa <= 0) return;
  if (role == Role::voltage) ++voltages;
  if (role == Role::limiter) limiter = value;
  if (role == Role::current_limiter) current_limiter = value;
  if (role == Role::fuse) {
    fuses = fuses ? add(*fuses, value) : value;
    ++fuse_count;
  }
}

Decimal Plausibility::Connection::watts() const {
  // One figure for all phases; a phase without voltage is not connected.
  const std::int64_t phases = voltages > 0 ? voltages : currents > 0 ? currents : most_phases;
  std::optional<Decimal> result{};
  if (fuses) {
    result = multiply(*fuses, Decimal{volts * (fuse_count == 1 ? phases : 1), 0});
  } else if (limiter) {
    result = limiter;
  } else if (current_limiter) {
    result = multiply(*current_limiter, Decimal{volts * phases, 0});
  }
  return result.value_or(Decimal{default_watts, 0});
}

/// One register: believed, or held back until its row of telegrams confirms it.
bool Plausibility::passes(const Reading& reading, const Decimal& limit, milliseconds now) {
  const auto* value = std::get_if<Decimal>(&reading.value);
  if (value == nullptr) return true;
  Track& track = tracks_[reading.key];
  const auto follows = [&](const Sighting& from, std::int64_t factor) {
    return in_order(reading, limit, from.value, now - from.at, factor);
  };
  const auto move = [&](std::optional<Sighting>& sighting) {
    if (!sighting || sighting->value != *value) sighting = Sighting{*value, now};
  };
  bool believed = !track.believed || follows(*track.believed, 1);
  if (!believed) {
    const bool confirms = track.doubted && follows(*track.doubted, confirming_factor);
    track.confirmations = confirms ? static_cast<std::uint8_t>(track.confirmations + 1) : 0;
    believed = track.confirmations >= enough_confirmations;
    move(track.doubted);
  }
  if (!believed) return false;
  move(track.believed);
  track.doubted.reset();
  track.confirmations = 0;
  return true;
}

/// energy_import_total is made of energy_import_tariff1 and its like, gas_volume_today of
/// gas_volume.
bool Plausibility::made_of_held(const KeyCatalogue& keys, const Reading& computed) const {
  const std::string_view key = keys[computed.key].key;
  const std::string_view stem = key.substr(0, key.rfind('_') + 1);
  return std::ranges::any_of(held_, [&](const Reading& held) {
    const std::string_view part = keys[held.key].key;
    return part.starts_with(stem) || part == stem.substr(0, stem.size() - 1);
  });
}

}  // namespace p1meter
