// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: names to addresses, and why a broker cannot be reached. Blocks: the publisher's
// thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// Where a broker is.
struct Endpoint {
  std::string host{};
  std::uint16_t port{};
};
[[nodiscard]] std::string to_string(const Endpoint& endpoint);
/// The address with the port that holds where none is given.
[[nodiscard]] Endpoint endpoint_of(const settings::MqttSettings& settings,
                                   const settings::BrokerAddress& address);

/// The numeric addresses of a name. Asked here, because Paho would do so holding its global lock.
/// Errors    `error` says in words why there is none
struct Addresses {
  std::vector<std::string> numeric{};
  std::string error{};
};
[[nodiscard]] Addresses look_up(const Endpoint& endpoint);

/// Tries to reach the broker as Paho did and says in words what stands in the way: refused, no
/// route, certificate expired, other host name, unknown authority, our certificate refused. Paho
/// itself only says that it failed. Empty when nothing stood in the way. At most some seconds.
[[nodiscard]] std::string explain(const Endpoint& endpoint,
                                  const std::vector<std::string>& addresses,
                                  const std::optional<settings::TlsSettings>& tls);

}  // namespace p1meter::mqtt
