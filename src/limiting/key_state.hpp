// SPDX-License-Identifier: Apache-2.0
// Limiting: what the limiter knows of one key, and the rules for one value. Includes values only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "limiting/collector.hpp"
#include "p1meter/limiting/limiter.hpp"

namespace p1meter {

/// One key: its last output and the window of values since. The numbers in comments are those of
/// the rules in docs/configuration.md.
class Limiter::KeyState {
 public:
  enum class Verdict : std::uint8_t {
    rest,  // nothing to say
    hold,  // only the interval holds it back: ask again at free_at()
    due,   // has been put out: see output()
  };

  KeyState(std::uint16_t index, const LimitPolicy& policy) { set_policy(index, policy); }

  /// The commonest value of all: a number that only changes would let out, the same as went out
  /// last, with nothing held and no refresh passed. True when it is one; it has joined the window.
  [[nodiscard]] bool repeats(const Reading& reading, milliseconds now) noexcept;
  /// A value arrives and is decided. Borrows from `reading` only during the call.
  [[nodiscard]] Verdict join(const LimitPolicy& policy, const Reading& reading, milliseconds now);
  /// Puts out what a hold verdict has kept.
  void release(const LimitPolicy& policy, milliseconds now);

  void empty_window() noexcept;
  /// Forgets the output's value, not its time.
  void retire() noexcept;
  void start_afresh() noexcept;

  /// True when this is the first value of the given telegram.
  [[nodiscard]] bool first_in(std::uint32_t telegram) noexcept {
    return std::exchange(telegram_, telegram) != telegram;
  }
  [[nodiscard]] bool has_output() const noexcept { return has_output_; }
  [[nodiscard]] DueReading output(KeyId key) const;
  [[nodiscard]] milliseconds free_at(const LimitPolicy& policy) const noexcept {
    return output_at_ + policy.interval;
  }

  [[nodiscard]] std::uint16_t policy() const noexcept { return policy_; }
  void set_policy(std::uint16_t index, const LimitPolicy& policy);

 private:
  /// As the meter wrote it.
  struct MeterDigits {
    std::string_view text{};
    Unit unit{Unit::none};
  };
  /// A value that went out, or that may.
  struct Kept {
    std::optional<MeterTime> time{};
    OwnedValue value{};
    std::string raw{};
    Unit raw_unit{Unit::none};

    void keep(const Value& new_value, const std::optional<MeterTime>& new_time, MeterDigits digits);
  };

  /// (3) for two numbers.
  [[nodiscard]] static bool differs(const Decimal& value, const Decimal& last,
                                    const std::optional<Deadband>& deadband);
  void add_to_window(const LimitPolicy& policy, const Reading& reading);
  [[nodiscard]] bool aggregates(const LimitPolicy& policy) const noexcept;
  [[nodiscard]] bool changed(const LimitPolicy& policy, const Value& value,
                             const std::optional<MeterTime>& time) const;
  void put_out(const LimitPolicy& policy, const Value& value, const std::optional<MeterTime>& time,
               MeterDigits digits, milliseconds now);
  void set_refresh(const LimitPolicy& policy) noexcept;
  void hold(const Reading& reading);

  // What every value looks at comes first and shares a cache line.
  milliseconds output_at_{};
  std::uint32_t window_{};     // how many values
  std::uint32_t telegram_{};   // that brought the newest value
  milliseconds refresh_at_{};  // a value from then on counts as refreshing
  std::uint16_t policy_{};
  bool only_changes_{};  // the policy lets single values out, and only when they changed
  bool has_output_{};    // output_ counts
  bool has_been_out_{};  // output_at_ counts
  bool refreshing_{};    // a value of the window arrived when refresh had passed
  bool all_numbers_{true};
  Kept output_{};
  std::unique_ptr<Collector> collector_{};  // the window's numbers; only where they are aggregated
  std::unique_ptr<Kept> held_{};  // the window's newest value, where an interval may hold it
};

// ---- what every value goes through; in the header, so that it becomes part of Limiter::offer ----

inline bool Limiter::KeyState::repeats(const Reading& reading, milliseconds now) noexcept {
  if (!only_changes_ || !has_output_ || refreshing_ || now >= refresh_at_) return false;
  if (reading.time || output_.time) return false;
  const auto* number = std::get_if<Decimal>(&reading.value);
  const auto* last = std::get_if<Decimal>(&output_.value);
  if (number == nullptr || last == nullptr || number->mantissa != last->mantissa ||
      number->exponent != last->exponent) {
    return false;
  }
  ++window_;
  return true;
}

inline Limiter::KeyState::Verdict Limiter::KeyState::join(const LimitPolicy& policy,
                                                          const Reading& reading,
                                                          milliseconds now) {
  add_to_window(policy, reading);  // (1)
  if (has_output_ && now >= refresh_at_) refreshing_ = true;
  if (!refreshing_ && window_ < policy.every) return Verdict::rest;

  const bool change_needed = !refreshing_ && (policy.on_change || policy.deadband);
  const bool interval_passed = !has_been_out_ || now - output_at_ >= policy.interval;
  if (!aggregates(policy)) {  // (2): the value itself
    if (change_needed && !changed(policy, reading.value, reading.time)) return Verdict::rest;
    if (!interval_passed) {
      hold(reading);
      return Verdict::hold;  // (6)
    }
    put_out(policy, reading.value, reading.time, {reading.raw, reading.raw_unit}, now);  // (4), (5)
    return Verdict::due;
  }
  if (!change_needed && !interval_passed) return Verdict::hold;  // needs no mean yet
  const Value candidate = collector_->result(policy.aggregate);
  if (change_needed && !changed(policy, candidate, collector_->time())) return Verdict::rest;
  if (!interval_passed) return Verdict::hold;
  put_out(policy, candidate, collector_->time(), {}, now);
  return Verdict::due;
}

inline void Limiter::KeyState::add_to_window(const LimitPolicy& policy, const Reading& reading) {
  ++window_;
  if (policy.aggregate == Aggregate::last) return;
  if (const auto* number = std::get_if<Decimal>(&reading.value)) {
    collector_->add(policy.aggregate, *number, reading.time);
  } else {
    all_numbers_ = false;  // nothing to calculate with: the newest value stands for the window
  }
}

inline bool Limiter::KeyState::aggregates(const LimitPolicy& policy) const noexcept {
  return policy.aggregate != Aggregate::last && all_numbers_;
}

inline bool Limiter::KeyState::changed(const LimitPolicy& policy, const Value& value,
                                       const std::optional<MeterTime>& time) const {
  if (!has_output_ || time != output_.time) return true;
  const auto* number = std::get_if<Decimal>(&value);
  const auto* last = std::get_if<Decimal>(&output_.value);
  if (number == nullptr || last == nullptr) return !same_value(value, borrow(output_.value));
  if (number->mantissa == last->mantissa && number->exponent == last->exponent) return false;
  return differs(*number, *last, policy.deadband);
}

}  // namespace p1meter
