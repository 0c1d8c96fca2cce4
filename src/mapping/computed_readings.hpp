// SPDX-License-Identifier: Apache-2.0
// Mapping: what the meter does not send and follows exactly from what it does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/daily_readings.hpp"
#include "mapping/key_book.hpp"
#include "mapping/quarter_hour.hpp"
#include "mapping/reading_list.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::mapping {

/// Totals, net powers, signed currents, a quarter hour's energy and projected demand, exactly, from
/// one telegram's readings. docs/meters.md, "Computed readings".
///
/// Each needs in the same telegram every part that this meter has ever sent (remembered), else it
/// is left out, so that a total never falls. What the meter has ever sent itself is never computed.
/// Telegrams without a checksum are believed so for good only after three of them in a row.
class ComputedReadings {
 public:
  ComputedReadings(std::vector<std::string>& parts_seen, KeyBook& keys);

  /// Adds what can be computed behind the telegram's own readings, and gives the totals. `time` is
  /// the telegram's.
  ///
  /// excerpt    a list of one element between fuller ones (list 1 in Norway): what is not in it may
  ///            still come, so it does not show that a meter sends no export
  Totals append(ReadingList& readings, SeenKeys& seen, const std::optional<MeterTime>& time,
                Integrity integrity, bool excerpt);
  /// Another meter: what the former one sent is forgotten.
  void forget();

 private:
  enum class Role : std::uint8_t {
    import_tariff,
    export_tariff,
    import_total,
    export_total,
    power_import,
    power_export,
    power_net,
    power_import_l1,  // and two more, as all that follow
    power_export_l1 = power_import_l1 + 3,
    power_net_l1 = power_export_l1 + 3,
    current_l1 = power_net_l1 + 3,
    current_negative = current_l1 + 3,  // no key: the meter's currents have a sign of their own
    demand
  };
  static constexpr std::size_t role_count = static_cast<std::size_t>(Role::demand) + 1;
  static constexpr std::size_t phase_count = 3;
  [[nodiscard]] static constexpr Role of_phase(Role first, std::size_t phase) noexcept {
    return static_cast<Role>(static_cast<std::size_t>(first) + phase);
  }
  struct Part {
    std::string key{};
    Role role{};
    std::optional<KeyId> id{};
    bool ever{};      // this meter has sent it
    bool on_trial{};  // it seems so, but nothing vouches for it yet
    int in_row{};     // telegrams without checksum that held it, until it is believed
  };
  /// The parts of one role that this meter has ever sent.
  struct Sent {
    std::vector<KeyId> ids{};
    bool any{};
    bool out_of_reach{};  // one has not come since the start, so no sum is whole
  };
  struct Result {
    KeyId key{};
    Unit unit{};
    bool known{};
  };
  /// The telegram in hand.
  struct Subject {
    ReadingList& readings;
    SeenKeys& seen;
  };

  [[nodiscard]] static std::optional<Role> role_of(std::string_view key) noexcept;
  void learn_keys();
  void note_parts(const SeenKeys& seen, Integrity integrity);
  void try_parts(const SeenKeys& seen);
  void believe(Part& part);
  void note_sign(bool negative, Integrity integrity);
  void note(std::string_view key, Role role);
  void sort_by_role();
  [[nodiscard]] const Sent& sent(Role role) const noexcept {
    return sent_[static_cast<std::size_t>(role)];
  }
  [[nodiscard]] bool any_phase(Role first) const noexcept;
  /// A role's only part, when it is here; in the header, for every telegram asks a dozen times.
  [[nodiscard]] std::optional<Amount> one(Role role, const Subject& subject) const {
    const auto only = only_[static_cast<std::size_t>(role)];
    if (!only) return std::nullopt;
    const auto index = subject.seen.index(*only);
    if (!index) return std::nullopt;
    const Reading& reading = subject.readings[*index];
    const auto* number = std::get_if<Decimal>(&reading.value);
    if (number == nullptr) return std::nullopt;
    return Amount{*number, reading.unit};
  }
  /// The sum of all parts of a role that were ever sent; nothing unless all are here.
  [[nodiscard]] std::optional<Amount> sum(Role role, const Subject& subject) const;
  /// The sum over the phases that were ever sent; nothing unless all are here.
  [[nodiscard]] std::optional<Amount> sum_of_phases(Role first, const Subject& subject) const;
  /// In the header for the usual case: one unit and one resolution, as a meter's registers have.
  [[nodiscard]] static std::optional<Amount> plus(const Amount& left,
                                                  const Amount& right) noexcept {
    const bool alike = left.unit == right.unit && left.number.exponent == right.number.exponent;
    const std::int64_t sum = left.number.mantissa + right.number.mantissa;  // of 18 digits: fits
    if (!alike || sum > max_mantissa || sum < -max_mantissa) return plus_unlike(left, right);
    return Amount{{sum, left.number.exponent}, left.unit};
  }
  [[nodiscard]] static std::optional<Amount> plus_unlike(const Amount& left,
                                                         const Amount& right) noexcept;
  [[nodiscard]] static std::optional<Amount> less(const Amount& left,
                                                  const std::optional<Amount>& right) noexcept {
    if (!right) return std::nullopt;
    return plus(left, Amount{{-right->number.mantissa, right->number.exponent}, right->unit});
  }

  /// Gives the total, sent or computed.
  std::optional<Amount> add_total(Role parts, Role total, std::string_view key, Result& result,
                                  Subject& subject);
  std::optional<Amount> add_power(Role phases, Role power, std::string_view key, Result& result,
                                  Subject& subject);
  [[nodiscard]] bool any_current_negative(const Subject& subject) const;
  /// Gives whether a current is negative.
  bool add_phases(Subject& subject);
  void add_quarter(const std::optional<Amount>& total, QuarterRise& rise, std::string_view key,
                   Result& result, QuarterClock::Step step, Subject& subject);
  void add_projection(const std::optional<Amount>& power, Instant time, Subject& subject);
  void publish(const Amount& amount, std::string_view key, Result& result, Subject& subject) {
    if (!result.known || amount.unit != result.unit) {
      publish_converted(amount, key, result, subject);
    } else if (subject.seen.mark_known(result.key, subject.readings.size())) {
      put(amount.number, result, subject);
    }
  }
  static void put(const Decimal& number, const Result& result, Subject& subject) {
    Reading& reading = subject.readings.next();
    reading.key = result.key;
    reading.value = number;
    reading.unit = result.unit;
    reading.time.reset();
    reading.obis.reset();
    reading.channel = 0;
    reading.raw = {};
    reading.raw_unit = Unit::none;
  }
  void publish_converted(const Amount& amount, std::string_view key, Result& result,
                         Subject& subject);

  std::vector<std::string>& parts_seen_;
  KeyBook& keys_;
  std::size_t keys_learnt_{};
  std::vector<Part> parts_{};
  std::vector<KeyId> not_yet_{};  // parts that this meter has not sent
  std::array<Sent, role_count> sent_{};
  std::array<std::optional<KeyId>, role_count> only_{};  // the part of roles that have just one
  bool phases_{};                                        // it has sent a power of a phase
  bool fuller_came_{};      // its import has come with other registers, so export would have, too
  int trial_{};             // telegrams in a row that agree, while nothing else is known
  int negative_in_row_{};   // telegrams without checksum with a negative current
  bool other_parts_{};      // of the totals
  bool signed_currents_{};  // they are wanted: what it sends has no sign of its own

  QuarterClock clock_{};
  QuarterRise import_rise_{};
  QuarterRise export_rise_{};

  Result import_{};
  Result export_{};
  Result power_import_{};
  Result power_export_{};
  Result net_{};
  std::array<Result, phase_count> phase_net_{};
  std::array<Result, phase_count> phase_current_{};
  Result import_quarter_{};
  Result export_quarter_{};
  Result projected_{};
};

}  // namespace p1meter::mapping
