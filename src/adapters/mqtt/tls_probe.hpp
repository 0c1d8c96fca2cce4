// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: why a TLS handshake fails, in words.
#pragma once

#include <string>

#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// Makes the handshake that Paho would make, over a connected non-blocking socket, and says what is
/// wrong; empty when it succeeds. At most five seconds.
[[nodiscard]] std::string explain_tls(int descriptor, const std::string& host,
                                      const settings::TlsSettings& tls);

}  // namespace p1meter::mqtt
