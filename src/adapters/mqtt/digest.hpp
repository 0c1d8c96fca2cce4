// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: short names made from long ones.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace p1meter::mqtt {

/// The first 12 hex digits of the SHA-256 of the parts, each ended by a zero, so that no two
/// different lists of parts read alike.
[[nodiscard]] std::string short_digest(std::initializer_list<std::string_view> parts);

}  // namespace p1meter::mqtt
