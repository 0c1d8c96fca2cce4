// SPDX-License-Identifier: Apache-2.0
// Settings: the topics of p1meter itself that no template moves.
#pragma once

#include <string>
#include <string_view>

namespace p1meter::settings {

/// Levels below the base topic.
namespace own_level {
inline constexpr std::string_view set = "set";            // what others ask of us: set/<command>
inline constexpr std::string_view response = "response";  // our answers
inline constexpr std::string_view log = "log";
}  // namespace own_level

/// "p1meter/response".
[[nodiscard]] inline std::string own_topic(std::string_view base, std::string_view level) {
  std::string topic{base};
  return topic.append("/").append(level);
}

}  // namespace p1meter::settings
