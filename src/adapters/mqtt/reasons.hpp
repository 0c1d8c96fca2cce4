// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: reason codes in words.
#pragma once

#include <string>

namespace p1meter::mqtt {

/// The CONNACK of a broker that does not speak version 5: 0x01 (MQTT 3.1.1) or 0x84 (MQTT 5).
[[nodiscard]] bool refuses_version(int code) noexcept;

/// Why a broker refused a CONNECT or a PUBLISH, or ended the connection. Codes below 0x80 are MQTT
/// 3.1.1's.
/// Source    MQTT 3.1.1 sec 3.2.2.3; MQTT 5.0 sec 2.4
[[nodiscard]] std::string reason_text(int code);

}  // namespace p1meter::mqtt
