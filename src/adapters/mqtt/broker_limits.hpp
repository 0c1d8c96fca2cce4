// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what a broker takes. Sans I/O.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "adapters/mqtt/mailbox.hpp"

namespace p1meter::mqtt {

/// What the broker says in its CONNACK; with 3.1.1 it says nothing. One that is given more ends the
/// connection.
/// Source    MQTT 5.0 sec 3.2.2.3
struct BrokerLimits {
  std::size_t receive_maximum{65'535};  // messages of QoS 1 and 2 that are not acknowledged
  std::uint8_t qos{2};
  bool retain{true};
  std::size_t packet{std::numeric_limits<std::size_t>::max()};  // bytes

  [[nodiscard]] bool takes(const Message& message) const noexcept {
    constexpr std::size_t most_around = 16;  // fixed header, lengths, packet id, expiry
    return message.topic->size() + message.payload.size() + most_around <= packet;
  }
  [[nodiscard]] std::uint8_t qos_of(const Message& message) const noexcept {
    return std::min(message.qos, qos);
  }
  void fit(Message& message) const noexcept {
    message.qos = qos_of(message);
    message.retain = message.retain && retain;
  }
};

}  // namespace p1meter::mqtt
