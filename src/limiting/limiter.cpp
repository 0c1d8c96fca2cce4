// SPDX-License-Identifier: Apache-2.0
// Limiting: which readings are due.
#include "p1meter/limiting/limiter.hpp"

#include <algorithm>
#include <utility>

#include "limiting/key_state.hpp"

namespace p1meter {
namespace {

constexpr milliseconds never = milliseconds::max();

}  // namespace

Limiter::Limiter(PolicyOf policy_of, std::shared_ptr<Batch> batch)
    : policy_of_{std::move(policy_of)}, due_{std::move(batch)}, earliest_{never} {}
Limiter::~Limiter() = default;

std::span<const DueReading> Limiter::offer(std::span<const Reading> readings, milliseconds now) {
  due_->clear();
  ++telegram_;
  for (const Reading& reading : readings) {
    KeyState& state = state_of(reading.key);
    if (!state.first_in(telegram_)) continue;
    if (deadlines_[reading.key] == never && state.repeats(reading, now)) continue;
    const LimitPolicy& policy = policies_[state.policy()];
    if (!policy.publish) continue;
    switch (state.join(policy, reading, now)) {
      case KeyState::Verdict::rest:
        hold_until(reading.key, never);
        break;
      case KeyState::Verdict::hold:
        hold_until(reading.key, state.free_at(policy));
        break;
      case KeyState::Verdict::due:
        put_out(reading.key);
        break;
    }
  }
  return *due_;
}

std::optional<milliseconds> Limiter::next_decision() const noexcept {
  if (!earliest_known_) {
    earliest_ = deadlines_.empty() ? never : *std::ranges::min_element(deadlines_);
    earliest_known_ = true;
  }
  return earliest_ == never ? std::nullopt : std::optional{earliest_};
}

std::span<const DueReading> Limiter::decide_held(milliseconds now) {
  due_->clear();
  for (std::size_t key = 0; key < deadlines_.size(); ++key) {
    if (deadlines_[key] > now) continue;
    states_[key]->release(policies_[states_[key]->policy()], now);
    put_out(static_cast<KeyId>(key));
  }
  return *due_;
}

void Limiter::empty_windows() {
  for (const auto& state : states_) {
    if (state) state->empty_window();
  }
  std::ranges::fill(deadlines_, never);
  earliest_known_ = false;
}

void Limiter::start_afresh() {
  empty_windows();
  for (const auto& state : states_) {
    if (state) state->start_afresh();
  }
}

void Limiter::start_afresh(KeyId key) {
  if (key >= states_.size() || !states_[key]) return;
  states_[key]->start_afresh();
  hold_until(key, never);
}

void Limiter::retire(KeyId key) {
  if (key >= states_.size() || !states_[key]) return;
  states_[key]->retire();
  hold_until(key, never);
}

void Limiter::reload(PolicyOf policy_of) {
  policy_of_ = std::move(policy_of);
  const std::vector<LimitPolicy> before = std::exchange(policies_, {});
  for (std::size_t index = 0; index < states_.size(); ++index) {
    if (!states_[index]) continue;
    KeyState& state = *states_[index];
    const auto key = static_cast<KeyId>(index);
    const LimitPolicy& old_policy = before[state.policy()];
    const std::uint16_t policy = intern(policy_of_(key));
    state.set_policy(policy, policies_[policy]);
    if (policies_[state.policy()] == old_policy) continue;
    state.empty_window();
    hold_until(key, never);
  }
}

std::optional<DueReading> Limiter::last_output(KeyId key) const {
  if (key >= states_.size() || !states_[key] || !states_[key]->has_output()) return std::nullopt;
  return states_[key]->output(key);
}

const LimitPolicy& Limiter::policy(KeyId key) {
  const bool asked = key < states_.size() && states_[key];
  return policies_[asked ? states_[key]->policy() : intern(policy_of_(key))];
}

Limiter::KeyState& Limiter::state_of(KeyId key) {
  if (key < states_.size() && states_[key]) return *states_[key];
  return create_state(key);
}

Limiter::KeyState& Limiter::create_state(KeyId key) {
  if (states_.size() <= key) {
    states_.resize(std::size_t{key} + 1);
    deadlines_.resize(states_.size(), never);
  }
  const std::uint16_t policy = intern(policy_of_(key));
  states_[key] = std::make_unique<KeyState>(policy, policies_[policy]);
  return *states_[key];
}

std::uint16_t Limiter::intern(const LimitPolicy& policy) {
  const auto found = std::ranges::find(policies_, policy);
  const auto index = static_cast<std::uint16_t>(found - policies_.begin());
  if (found == policies_.end()) policies_.push_back(policy);
  return index;
}

void Limiter::put_out(KeyId key) {
  due_->push_back(states_[key]->output(key));
  hold_until(key, never);
}

void Limiter::hold_until(KeyId key, milliseconds deadline) {
  if (std::exchange(deadlines_[key], deadline) != deadline) earliest_known_ = false;
}

}  // namespace p1meter
