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

}  // namespace

/// What is too far apart to be calculated has changed.
bool Limiter::KeyState::differs(const Decimal& value, const Decimal& last,
                                const std::optional<Deadband>& deadband) {
  if (value == last) return false;
  if (!deadband) return true;
  const auto difference = subtract(value, last);
  const auto least = threshold(*deadband, last);
  return !difference || !least || absolute(*difference) >= *least;
}

void Limiter::KeyState::Kept::keep(const Value& new_value, const std::optional<MeterTime>& new_time,
                                   MeterDigits digits) {
  assign(value, new_value);
  time = new_time;
  raw.assign(digits.text);
  raw_unit = digits.unit;
}

void Limiter::KeyState::release(const LimitPolicy& policy, milliseconds now) {
  if (aggregates(policy)) {
    put_out(policy, collector_->result(policy.aggregate), collector_->time(), {}, now);
  } else {
    put_out(policy, borrow(held_->value), held_->time, {held_->raw, held_->raw_unit}, now);
  }
}

void Limiter::KeyState::set_policy(std::uint16_t index, const LimitPolicy& policy) {
  if (policy.aggregate != Aggregate::last && !collector_)
    collector_ = std::make_unique<Collector>();
  if (policy.interval > milliseconds{0} && !held_) held_ = std::make_unique<Kept>();
  policy_ = index;
  only_changes_ = policy.aggregate == Aggregate::last && (policy.on_change || policy.deadband);
  set_refresh(policy);
}

void Limiter::KeyState::hold(const Reading& reading) {
  if (!held_) held_ = std::make_unique<Kept>();
  held_->keep(reading.value, reading.time, {reading.raw, reading.raw_unit});
}

void Limiter::KeyState::set_refresh(const LimitPolicy& policy) noexcept {
  refresh_at_ = policy.refresh ? output_at_ + *policy.refresh : milliseconds::max();
}

void Limiter::KeyState::empty_window() noexcept {
  window_ = 0;
  refreshing_ = false;
  all_numbers_ = true;
  if (collector_) collector_->clear();
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
  return {key, borrow(output_.value), output_.time, output_.raw, output_.raw_unit};
}

void Limiter::KeyState::put_out(const LimitPolicy& policy, const Value& value,
                                const std::optional<MeterTime>& time, MeterDigits digits,
                                milliseconds now) {
  output_.keep(value, time, digits);
  output_at_ = now;
  set_refresh(policy);
  has_output_ = true;
  has_been_out_ = true;
  empty_window();  // (7)
}

}  // namespace p1meter
