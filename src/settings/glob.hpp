// SPDX-License-Identifier: Apache-2.0
// Settings: patterns for keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::settings {

inline constexpr std::size_t glob_alternatives_limit = 64;

/// Whether the text is meant as a glob rather than as a key.
[[nodiscard]] bool is_glob(std::string_view text) noexcept;

/// Resolves braces: "power_{import,export}*" -> "power_import*", "power_export*".
///
/// Output    nothing when braces are unbalanced or nested, or give more than
///           glob_alternatives_limit patterns
/// Grammar   glob = { character | "*" | "?" | "{" part { "," part } "}" }
[[nodiscard]] std::optional<std::vector<std::string>> expand_braces(std::string_view glob);

/// How many characters of the pattern stand for themselves in the alternative that matches (the
/// longest of these); nothing when none matches. * any characters, ? one.
[[nodiscard]] std::optional<std::size_t> match_glob(std::string_view glob, std::string_view key);

}  // namespace p1meter::settings
