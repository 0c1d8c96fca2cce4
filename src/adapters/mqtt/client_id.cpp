// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the client id.
#include "adapters/mqtt/digest.hpp"
#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

std::string derive_client_id(std::string_view machine_id, std::string_view configuration_path,
                             std::string_view base_topic, std::string_view role) {
  return "p1meter-" + short_digest({machine_id, configuration_path, base_topic, role});
}

}  // namespace p1meter::mqtt
