// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: which broker is tried next, with which MQTT version, and when.
#include "adapters/mqtt/connect_plan.hpp"

#include <algorithm>

namespace p1meter::mqtt {
namespace {

constexpr milliseconds steady_connection{10'000};

ProtocolVersion first_version(settings::MqttVersion version) {
  return version == settings::MqttVersion::v3_1_1 ? ProtocolVersion::v3_1_1 : ProtocolVersion::v5;
}

}  // namespace

ConnectPlan::ConnectPlan(std::size_t brokers, settings::MqttVersion version, std::uint64_t seed,
                         const Pauses& pauses)
    : brokers_(std::max<std::size_t>(brokers, 1),
               Broker{.version = first_version(version),
                      .settled = version != settings::MqttVersion::automatic}),
      automatic_{version == settings::MqttVersion::automatic},
      pauses_{pauses},
      random_{static_cast<std::minstd_rand::result_type>(seed)} {}

ConnectPlan::Attempt ConnectPlan::next() const noexcept {
  return {current_, brokers_[current_].version, wait_};
}

bool ConnectPlan::would_fall_back() const noexcept {
  const Broker& broker = brokers_[current_];
  return !broker.settled && broker.version == ProtocolVersion::v5;
}

void ConnectPlan::attempt_ended(Outcome outcome) {
  Broker& broker = brokers_[current_];
  if (outcome == Outcome::version_refused && would_fall_back()) {
    broker.version = ProtocolVersion::v3_1_1;
    wait_ = milliseconds{0};
    return;
  }
  // 3.1.1 that does not work either proves nothing about 5.
  if (!broker.settled) broker.version = ProtocolVersion::v5;
  next_broker();
}

void ConnectPlan::next_broker() {
  current_ = (current_ + 1) % brokers_.size();
  wait_ = current_ == 0 ? pause() : milliseconds{0};
}

/// 1, 2, 4 ... 30 s, each shortened by up to a quarter so that many clients do not return together.
milliseconds ConnectPlan::pause() {
  const auto doublings = std::min(rounds_, std::uint32_t{5});
  ++rounds_;
  const auto full = std::min(pauses_.shortest * (1U << doublings), pauses_.longest);
  const auto quarter = static_cast<std::uint32_t>(full.count() / 4) + 1;
  return full - milliseconds{random_() % quarter};
}

void ConnectPlan::connected() noexcept { brokers_[current_].settled = true; }

bool ConnectPlan::newly_fell_back() noexcept {
  Broker& broker = brokers_[current_];
  if (!automatic_ || broker.version == ProtocolVersion::v5 || broker.told) return false;
  broker.told = true;
  return true;
}

void ConnectPlan::lost(milliseconds lived) {
  if (lived < steady_connection && rounds_ > 0) {
    current_ = 0;
    wait_ = pause();
    return;
  }
  rounds_ = lived < steady_connection ? 1 : 0;
  current_ = 0;
  wait_ = milliseconds{random_() % static_cast<std::uint32_t>(pauses_.quick.count())};
}

}  // namespace p1meter::mqtt
