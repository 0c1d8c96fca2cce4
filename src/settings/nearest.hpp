// SPDX-License-Identifier: Apache-2.0
// Settings: what somebody may have meant.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::settings {

/// Fewest insertions, deletions, replacements and swaps of neighbours that make one text the other.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate with the smallest distance, if it is small enough to be meant; else empty.
[[nodiscard]] std::string_view nearest(std::string_view text,
                                       std::span<const std::string_view> candidates);

/// "; did you mean 'baud'?"; nothing for nothing.
[[nodiscard]] std::string did_you_mean(std::string_view near);

/// The same for the nearest candidate, or what there is when nothing is near.
[[nodiscard]] std::string suggest(std::string_view text,
                                  std::span<const std::string_view> candidates);

}  // namespace p1meter::settings
