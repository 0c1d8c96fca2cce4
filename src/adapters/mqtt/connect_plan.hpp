// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: which broker is tried next, with which MQTT version, and when. Sans I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "settings/settings.hpp"

namespace p1meter::mqtt {

enum class ProtocolVersion : std::uint8_t { v3_1_1 = 4, v5 = 5 };  // as in the CONNECT packet

/// How an attempt ended.
enum class Outcome : std::uint8_t {
  failed,          // not reached, timed out, or turned away for another reason than the version
  version_refused  // the broker said so, or closed the connection on a version 5 CONNECT
};

/// Brokers in their order, over and over. After a whole round without success the pause grows from
/// one second to thirty; the first try after a lost connection comes at once.
///
/// Version 5 is tried first; a broker that refuses it is asked again at once with 3.1.1, and once
/// that worked 3.1.1 it stays for this broker.
class ConnectPlan {
 public:
  struct Attempt {
    std::size_t broker{};
    ProtocolVersion version{};
    milliseconds wait{};  // before it
  };

  struct Pauses {
    milliseconds shortest{1000};  // after a round without success; doubles with each
    milliseconds longest{30'000};
    milliseconds quick{100};  // at most, after a connection that lasted
  };

  ConnectPlan(std::size_t brokers, settings::MqttVersion version, std::uint64_t seed,
              const Pauses& pauses);
  ConnectPlan(std::size_t brokers, settings::MqttVersion version, std::uint64_t seed)
      : ConnectPlan{brokers, version, seed, Pauses{}} {}

  /// What to do next; the same until an outcome is reported.
  [[nodiscard]] Attempt next() const noexcept;

  void attempt_ended(Outcome outcome);
  /// True when a refused version leads to another try at once.
  [[nodiscard]] bool would_fall_back() const noexcept;
  void connected() noexcept;
  /// True when this connection uses 3.1.1 only because 5 was refused, the first time it is asked.
  [[nodiscard]] bool newly_fell_back() noexcept;
  /// A connection that did not even last some seconds counts as a failed attempt: two clients of
  /// one name that push each other out must not do so at full speed.
  void lost(milliseconds lived);

 private:
  struct Broker {
    ProtocolVersion version{};
    bool settled{};  // the version is known to work, or is the only one allowed
    bool told{};     // the fall-back has been reported
  };

  void next_broker();
  [[nodiscard]] milliseconds pause();

  std::vector<Broker> brokers_;
  bool automatic_;
  Pauses pauses_;
  std::size_t current_{};
  std::uint32_t rounds_{};  // without success
  milliseconds wait_{};
  std::minstd_rand random_;
};

}  // namespace p1meter::mqtt
