// SPDX-License-Identifier: Apache-2.0
// JSON: foreign bytes as text that a terminal, a log or a person can bear.
#pragma once

#include <string>
#include <string_view>

namespace p1meter::json {

/// Appends text for people: control characters (C1 included) escaped as JSON does it, what is not
/// UTF-8 replaced by U+FFFD, all else as it is, quotes and backslashes included. Whatever a meter,
/// a broker or a file sent may be shown so.
void append_harmless(std::string& out, std::string_view text);
[[nodiscard]] std::string harmless(std::string_view text);

}  // namespace p1meter::json
