// SPDX-License-Identifier: Apache-2.0
// Limiting: what the limiter knows of one key, and the rules for one value.
#include "limiting/key_state.hpp"

#include <utility>

namespace p1meter {
namespace {

/// The change that counts, in the key's unit; nothing where it cannot be held in a Decimal.
std::optional<Decimal> threshold(const Deadband& deadband, const Decimal& last) noexcept {
  if (!deadband.percent) return deadband.amount;
  const auto product = multiply(absolute(last), deadband.amount);
  return product ? shift_point(*product, -2) : std::nullopt;
}

/// (3) for two numbers. What is too far apart to be calculated has changed.
bool differs(const Decimal& value, const Decimal& last, const std::optional<Deadband>& deadband) {
  const bool equal =
      value.exponent == last.exponent ? value.mantissa == last.mantissa : value == last;
  if (equal) return false;
  if (!deadband) return true;
  const auto difference = subtract(value, last);
  const auto least = threshold(*deadband, last);
  return !difference || !least || absolute(*difference) >= *least;
}

}  // namespace

void Limiter::KeyState::Kept::keep(const Value& new_value, const std::optional<MeterTime>& new_time,
                                   std::string_view new_raw) {
  assign(value, new_value);
  time = new_time;
  raw.assign(new_raw);
}

Limiter::KeyState::Verdict Limiter::KeyState::join(const LimitPolicy& policy,
                                                   const Reading& reading, milliseconds now) {
  add_to_window(policy, reading);  // (1)
  if (has_output_ && policy.refresh && now - output_at_ >= *policy.refresh) refreshing_ = true;
  if (!refreshing_ && window_ < policy.every) return Verdict::rest;

  const bool change_needed = !refreshing_ && (policy.on_change || policy.deadband);
  const bool interval_passed = !has_been_out_ || now - output_at_ >= policy.interval;
  if (!aggregates(policy)) {  // (2): the value itself
    if (change_needed && !changed(policy, reading.value, reading.time)) return Verdict::rest;
    if (!interval_passed) {
      held_.keep(reading.value, reading.time, reading.raw);
      return Verdict::hold;  // (6)
    }
    put_out(reading.value, reading.time, reading.raw, now);  // (4), (5)
    return Verdict::due;
  }
  if (!change_needed && !interval_passed) return Verdict::hold;  // needs no mean yet
  const Value candidate = collector_.result(policy.aggregate);
  if (change_needed && !changed(policy, candidate, collector_.time())) return Verdict::rest;
  if (!interval_passed) return Verdict::hold;
  put_out(candidate, collector_.time(), {}, now);
  return Verdict::due;
}

void Limiter::KeyState::release(const LimitPolicy& policy, milliseconds now) {
  if (aggregates(policy)) {
    put_out(collector_.result(policy.aggregate), collector_.time(), {}, now);
  } else {
    put_out(borrow(held_.value), held_.time, held_.raw, now);
  }
}

void Limiter::KeyState::empty_window() noexcept {
  window_ = 0;
  refreshing_ = false;
  all_numbers_ = true;
  collector_.clear();
}

void Limiter::KeyState::retire() noexcept {
  empty_window();
  has_output_ = false;
}

void Limiter::KeyState::start_afresh() noexcept {
  retire();
  has_been_out_ = false;
}

DueReading Limiter::KeyState::output(KeyId key) const {
  return {key, borrow(output_.value), output_.time, output_.raw};
}

void Limiter::KeyState::add_to_window(const LimitPolicy& policy, const Reading& reading) {
  ++window_;
  if (policy.aggregate == Aggregate::last) return;
  if (const auto* number = std::get_if<Decimal>(&reading.value)) {
    collector_.add(policy.aggregate, *number, reading.time);
  } else {
    all_numbers_ = false;  // nothing to calculate with: the newest value stands for the window
  }
}

bool Limiter::KeyState::aggregates(const LimitPolicy& policy) const noexcept {
  return policy.aggregate != Aggregate::last && all_numbers_;
}

bool Limiter::KeyState::changed(const LimitPolicy& policy, const Value& value,
                                const std::optional<MeterTime>& time) const {
  if (!has_output_ || time != output_.time) return true;
  const auto* number = std::get_if<Decimal>(&value);
  const auto* last = std::get_if<Decimal>(&output_.value);
  if (number != nullptr && last != nullptr) return differs(*number, *last, policy.deadband);
  return !same_value(value, borrow(output_.value));
}

void Limiter::KeyState::put_out(const Value& value, const std::optional<MeterTime>& time,
                                std::string_view raw, milliseconds now) {
  output_.keep(value, time, raw);
  output_at_ = now;
  has_output_ = true;
  has_been_out_ = true;
  empty_window();  // (7)
}

}  // namespace p1meter
