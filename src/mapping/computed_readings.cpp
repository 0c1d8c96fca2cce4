// SPDX-License-Identifier: Apache-2.0
// Mapping: what the meter does not send and follows exactly from what it does.
#include "mapping/computed_readings.hpp"

#include <algorithm>
#include <utility>

namespace p1meter::mapping {
namespace {

constexpr std::string_view import_total_key = "energy_import_total";
constexpr std::string_view export_total_key = "energy_export_total";
constexpr std::string_view power_import_key = "power_import";
constexpr std::string_view power_export_key = "power_export";
constexpr std::string_view net_key = "power_net";
constexpr std::array<std::string_view, 3> phase_net_keys{"power_net_l1", "power_net_l2",
                                                         "power_net_l3"};
constexpr std::array<std::string_view, 3> signed_current_keys{
    "current_l1_signed", "current_l2_signed", "current_l3_signed"};
constexpr int needed_confirmations = 3;  // telegrams in a row, where no checksum vouches for them
constexpr std::string_view negative_current = "current_negative";  // in the memory only

inline std::optional<Decimal> converted(const Decimal& number, Unit from, Unit to) noexcept {
  if (from == to) return number;
  if (family_of(from) != family_of(to)) return std::nullopt;
  return shift_point(number, power_of_ten(from) - power_of_ten(to));
}

/// (demand x 900 s + power x rest) / 900 s in W, rounded half up. Demand is the quarter's energy so
/// far as if it were spread over the whole quarter, so what is still to come is only added to it.
std::optional<Decimal> projected(const Decimal& demand, const Decimal& power,
                                 seconds rest) noexcept {
  constexpr int most_decimals = 9;
  const auto so_far = multiply(demand, {quarter.count(), 0});
  const auto to_come = multiply(power, {rest.count(), 0});
  const auto all = so_far && to_come ? add(*so_far, *to_come) : std::nullopt;
  if (!all || all->mantissa < 0 || all->exponent > 0 || all->exponent < -most_decimals) {
    return std::nullopt;
  }
  std::int64_t divisor = quarter.count();
  for (int decimals = int{all->exponent}; decimals < 0; ++decimals) divisor *= 10;
  return Decimal{(2 * all->mantissa + divisor) / (2 * divisor), 0};
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
  if (key == power_import_key) return Role::power_import;
  if (key == power_export_key) return Role::power_export;
  if (key == net_key) return Role::power_net;
  if (key == negative_current) return Role::current_negative;
  if (key == "demand_import_current") return Role::demand;
  struct Stem {
    std::string_view text;
    Role first;
  };
  constexpr std::array stems{
      Stem{"power_import_l", Role::power_import_l1}, Stem{"power_export_l", Role::power_export_l1},
      Stem{"power_net_l", Role::power_net_l1}, Stem{"current_l", Role::current_l1}};
  for (const Stem& stem : stems) {
    if (key.size() != stem.text.size() + 1 || !key.starts_with(stem.text)) continue;
    if (key.back() >= '1' && key.back() <= '3') {
      return of_phase(stem.first, static_cast<std::size_t>(key.back() - '1'));
    }
  }
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

void ComputedReadings::believe(Part& part) {
  part.ever = true;
  other_parts_ = other_parts_ || part.role <= Role::export_total;
  parts_seen_.push_back(part.key);
}

void ComputedReadings::note_parts(const SeenKeys& seen, Integrity integrity) {
  const auto is_here = [&seen](KeyId id) { return seen.index(id).has_value(); };
  const bool vouched = integrity == Integrity::ok;
  if (!vouched && parts_seen_.empty()) return try_parts(seen);
  bool changed = std::exchange(trial_, 0) != 0;
  if (vouched && !changed && std::ranges::none_of(not_yet_, is_here)) return;
  for (Part& part : parts_) {
    part.on_trial = false;
    if (part.ever || !part.id) continue;
    part.in_row = is_here(*part.id) ? part.in_row + 1 : 0;
    if (part.in_row == 0 || (!vouched && part.in_row < needed_confirmations)) continue;
    believe(part);
    changed = true;
  }
  if (changed) sort_by_role();
}

/// A meter without checksum of which nothing is known: its first telegram counts for the time
/// being, and what differs from it counts for nothing until three in a row agree.
void ComputedReadings::try_parts(const SeenKeys& seen) {
  const auto is_here = [&seen](const Part& part) { return part.id && seen.index(*part.id); };
  const auto agrees = [&](const Part& part) { return is_here(part) == (part.in_row > 0); };
  const bool first = trial_ == 0;
  const bool same = std::ranges::all_of(parts_, agrees);
  trial_ = same && !first ? std::min(trial_, needed_confirmations) + 1 : 1;
  for (Part& part : parts_) {
    part.in_row = is_here(part) ? 1 : 0;
    part.on_trial = is_here(part) && (first || same);
    if (part.on_trial && trial_ == needed_confirmations) believe(part);
  }
  if (first || trial_ <= needed_confirmations) sort_by_role();
}

/// A sign that transmission made must not silence the signed currents for good.
void ComputedReadings::note_sign(bool negative, Integrity integrity) {
  negative_in_row_ = negative ? negative_in_row_ + 1 : 0;
  if (!negative || (integrity != Integrity::ok && negative_in_row_ < needed_confirmations)) return;
  negative_in_row_ = 0;
  note(negative_current, Role::current_negative);
}

/// Something that this meter has shown and that has no key.
void ComputedReadings::note(std::string_view key, Role role) {
  const auto part = std::ranges::find(parts_, key, &Part::key);
  if (part == parts_.end()) {
    parts_.push_back({.key = std::string{key}, .role = role, .ever = true});
  } else {
    part->ever = true;
  }
  parts_seen_.emplace_back(key);
  sort_by_role();
}

void ComputedReadings::sort_by_role() {
  sent_ = {};
  not_yet_.clear();
  phases_ = false;
  for (const Part& part : parts_) {
    if (!part.ever && !part.on_trial) {
      if (part.id) not_yet_.push_back(*part.id);
      continue;
    }
    Sent& sent = sent_[static_cast<std::size_t>(part.role)];
    sent.any = true;
    phases_ = phases_ || (part.role >= Role::power_import_l1 && part.role < Role::current_l1);
    if (part.id) {
      sent.ids.push_back(*part.id);
    } else {
      sent.out_of_reach = true;
    }
  }
  for (std::size_t role = 0; role < role_count; ++role) {
    const Sent& sent = sent_[role];
    const bool one = sent.ids.size() == 1 && !sent.out_of_reach;
    only_[role] = one ? std::optional{sent.ids.front()} : std::nullopt;
  }
  signed_currents_ = any_phase(Role::current_l1) && !sent(Role::current_negative).any;
}

void ComputedReadings::forget() {
  parts_seen_.clear();
  for (Part& part : parts_) {
    part.ever = part.on_trial = false;
    part.in_row = 0;
  }
  trial_ = 0;
  negative_in_row_ = 0;
  fuller_came_ = false;
  import_rise_.forget();
  export_rise_.forget();
  sort_by_role();
}

std::optional<Amount> ComputedReadings::plus_unlike(const Amount& left,
                                                    const Amount& right) noexcept {
  const auto value = converted(right.number, right.unit, left.unit);
  const auto result = value ? add(left.number, *value) : std::nullopt;
  if (!result) return std::nullopt;
  return Amount{*result, left.unit};
}

std::optional<Amount> ComputedReadings::sum(Role role, const Subject& subject) const {
  const Sent& parts = sent(role);
  if (parts.out_of_reach) return std::nullopt;
  std::optional<Amount> total;
  for (const KeyId id : parts.ids) {
    const auto index = subject.seen.index(id);
    if (!index) return std::nullopt;
    const Reading& reading = subject.readings[*index];
    const auto* number = std::get_if<Decimal>(&reading.value);
    if (number == nullptr) return std::nullopt;
    const Amount amount{*number, reading.unit};
    total = total ? plus(*total, amount) : amount;
    if (!total) return std::nullopt;
  }
  return total;
}

bool ComputedReadings::any_phase(Role first) const noexcept {
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    if (sent(of_phase(first, phase)).any) return true;
  }
  return false;
}

std::optional<Amount> ComputedReadings::sum_of_phases(Role first, const Subject& subject) const {
  std::optional<Amount> total;
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    const Role role = of_phase(first, phase);
    if (!sent(role).any) continue;
    const auto amount = one(role, subject);
    if (!amount) return std::nullopt;
    total = total ? plus(*total, *amount) : amount;
    if (!total) return std::nullopt;
  }
  return total;
}

Totals ComputedReadings::append(ReadingList& readings, SeenKeys& seen,
                                const std::optional<MeterTime>& time, Integrity integrity,
                                bool excerpt) {
  learn_keys();
  note_parts(seen, integrity);
  Subject subject{readings, seen};
  const auto imported =
      add_total(Role::import_tariff, Role::import_total, import_total_key, import_, subject);
  const auto exported =
      add_total(Role::export_tariff, Role::export_total, export_total_key, export_, subject);
  const auto power = add_power(Role::power_import_l1, Role::power_import, power_import_key,
                               power_import_, subject);
  const auto returned = add_power(Role::power_export_l1, Role::power_export, power_export_key,
                                  power_export_, subject);
  if (power && !sent(Role::power_net).any) {
    const bool exports = sent(Role::power_export).any || any_phase(Role::power_export_l1);
    fuller_came_ = fuller_came_ || !excerpt;
    const auto net = exports ? less(*power, returned) : power;
    if (net && (exports || fuller_came_)) publish(*net, net_key, net_, subject);
  }
  if (phases_) note_sign(add_phases(subject), integrity);
  // A damaged register at a quarter's begin would make the whole quarter wrong. Local time that
  // gets its zone later jumps.
  const bool placed = time && time->certainty != TimeCertainty::zone_unknown;
  const Totals totals{imported, exported, std::exchange(other_parts_, false)};
  if (!placed || integrity != Integrity::ok) return totals;
  const auto step = clock_.advance(time->instant);
  add_quarter(imported, import_rise_, "energy_import_quarter", import_quarter_, step, subject);
  add_quarter(exported, export_rise_, "energy_export_quarter", export_quarter_, step, subject);
  if (sent(Role::demand).any) add_projection(power, time->instant, subject);
  return totals;
}

std::optional<Amount> ComputedReadings::add_total(Role parts, Role total, std::string_view key,
                                                  Result& result, Subject& subject) {
  if (sent(total).any) return sum(total, subject);
  const auto amount = sum(parts, subject);
  if (amount) publish(*amount, key, result, subject);
  return amount;
}

std::optional<Amount> ComputedReadings::add_power(Role phases, Role power, std::string_view key,
                                                  Result& result, Subject& subject) {
  if (sent(power).any) return one(power, subject);
  if (!phases_) return std::nullopt;
  const auto amount = sum_of_phases(phases, subject);
  if (amount) publish(*amount, key, result, subject);
  return amount;
}

bool ComputedReadings::any_current_negative(const Subject& subject) const {
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    const auto current = one(of_phase(Role::current_l1, phase), subject);
    if (current && current->number.mantissa < 0) return true;
  }
  return false;
}

bool ComputedReadings::add_phases(Subject& subject) {
  // Looked at first: a sign in the last phase speaks for all of them.
  const bool negative = signed_currents_ && any_current_negative(subject);
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    const bool exports = sent(of_phase(Role::power_export_l1, phase)).any;
    const bool sends_net = sent(of_phase(Role::power_net_l1, phase)).any;
    std::optional<Amount> power;
    if (sends_net) {
      power = one(of_phase(Role::power_net_l1, phase), subject);
    } else {
      power = one(of_phase(Role::power_import_l1, phase), subject);
      if (!power) continue;
      if (exports) {
        const auto exported = one(of_phase(Role::power_export_l1, phase), subject);
        power = less(*power, exported);
      }
      if (power) publish(*power, phase_net_keys[phase], phase_net_[phase], subject);
    }
    if (!power || !(exports || sends_net) || !signed_currents_ || negative) continue;
    auto current = one(of_phase(Role::current_l1, phase), subject);
    if (!current) continue;
    if (power->number.mantissa < 0) current->number.mantissa = -current->number.mantissa;
    publish(*current, signed_current_keys[phase], phase_current_[phase], subject);
  }
  return negative;
}

void ComputedReadings::add_quarter(const std::optional<Amount>& total, QuarterRise& rise,
                                   std::string_view key, Result& result, QuarterClock::Step step,
                                   Subject& subject) {
  const auto risen = rise.rise(step, total ? std::optional{total->number} : std::nullopt);
  if (risen) publish({*risen, total->unit}, key, result, subject);
}

void ComputedReadings::add_projection(const std::optional<Amount>& power, Instant time,
                                      Subject& subject) {
  const auto demand = one(Role::demand, subject);
  const auto watts = [](const std::optional<Amount>& amount) {
    return amount ? converted(amount->number, amount->unit, Unit::watt) : std::nullopt;
  };
  const auto so_far = watts(demand);
  const auto now = watts(power);
  if (!so_far || !now) return;
  const auto gone = std::chrono::floor<seconds>(time - clock_.begin());
  const auto result = projected(*so_far, *now, quarter - gone);
  if (result) publish({*result, Unit::watt}, "demand_import_projected", projected_, subject);
}

/// The first time, and where the user wants another unit than the meter's.
void ComputedReadings::publish_converted(const Amount& amount, std::string_view key, Result& result,
                                         Subject& subject) {
  if (!result.known) {
    const KeyId id = keys_.computed_key(key, amount.unit);
    result = {id, keys_.keys()[id].unit, true};
    subject.seen.make_room_for(id);
  }
  const auto number = converted(amount.number, amount.unit, result.unit);
  if (number && subject.seen.mark_known(result.key, subject.readings.size())) {
    put(*number, result, subject);
  }
}

}  // namespace p1meter::mapping
