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

void Limiter::KeyState::Kept::keep(const Candidate& candidate) {
  assign(value, candidate.value);
  time = candidate.time;
  raw.assign(candidate.raw);
}

Limiter::KeyState::Candidate Limiter::KeyState::Kept::view() const {
  return {borrow(value), time, raw};
}

Limiter::KeyState::Verdict Limiter::KeyState::join(const LimitPolicy& policy,
                                                   const Reading& reading, milliseconds now) {
  add_to_window(policy, reading);  // (1)
  if (has_output_ && policy.refresh && now - output_at_ >= *policy.refresh) refreshing_ = true;
  const bool full = window_ >= policy.every;
  if (!refreshing_ && !full) return Verdict::rest;

  const bool change_needed = !refreshing_ && (policy.on_change || policy.deadband);
  const bool interval_passed = !has_been_out_ || now - output_at_ >= policy.interval;
  const bool from_collector = aggregates(policy);
  if (from_collector && !change_needed && !interval_passed) return Verdict::hold;  // no mean yet

  const Candidate candidate = from_collector ? collected(policy)  // (2)
                                             : Candidate{reading.value, reading.time, reading.raw};
  if (change_needed && !changed(policy, candidate)) return Verdict::rest;
  if (interval_passed) {  // (4), (5)
    put_out(candidate, now);
    return Verdict::due;
  }
  if (!from_collector) held_.keep(candidate);
  return Verdict::hold;  // (6)
}

void Limiter::KeyState::release(const LimitPolicy& policy, milliseconds now) {
  put_out(aggregates(policy) ? collected(policy) : held_.view(), now);
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

bool Limiter::KeyState::first_in(std::uint32_t telegram) noexcept {
  return std::exchange(telegram_, telegram) != telegram;
}

DueReading Limiter::KeyState::output(KeyId key) const {
  return {key, borrow(output_.value), output_.time, output_.raw};
}

milliseconds Limiter::KeyState::free_at(const LimitPolicy& policy) const noexcept {
  return output_at_ + policy.interval;
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

Limiter::KeyState::Candidate Limiter::KeyState::collected(const LimitPolicy& policy) const {
  return {collector_.result(policy.aggregate), collector_.time(), {}};
}

bool Limiter::KeyState::changed(const LimitPolicy& policy, const Candidate& candidate) const {
  if (!has_output_ || candidate.time != output_.time) return true;
  const auto* value = std::get_if<Decimal>(&candidate.value);
  const auto* last = std::get_if<Decimal>(&output_.value);
  if (value != nullptr && last != nullptr) return differs(*value, *last, policy.deadband);
  return !same_value(candidate.value, borrow(output_.value));
}

void Limiter::KeyState::put_out(const Candidate& candidate, milliseconds now) {
  output_.keep(candidate);
  output_at_ = now;
  has_output_ = true;
  has_been_out_ = true;
  empty_window();  // (7)
}

}  // namespace p1meter
