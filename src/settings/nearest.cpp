// SPDX-License-Identifier: Apache-2.0
// Settings: what somebody may have meant.
#include "settings/nearest.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "settings/value_type.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t longest = 64;  // characters: no key is as long, and time is the square of it
constexpr std::size_t most_listed = 20;

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  // three rows of the optimal string alignment table: before last, last, current
  std::array<std::vector<std::size_t>, 3> rows;
  for (auto& row : rows) row.resize(right.size() + 1);
  std::iota(rows[1].begin(), rows[1].end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    auto& [before, last, current] = rows;
    current[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
  }
  return rows[1].back();
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
  if (text.size() > longest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const auto candidate : candidates) {
    const std::size_t more = std::max(text.size(), candidate.size());
    const std::size_t fewer = std::min(text.size(), candidate.size());
    if (more - fewer >= least) continue;
    const auto distance = edit_distance(text, candidate);
    if (distance >= least || distance >= text.size()) continue;  // nothing in common
    least = distance;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view near) {
  return near.empty() ? std::string{} : "; did you mean '" + std::string{near} + "'?";
}

std::string suggest(std::string_view text, std::span<const std::string_view> candidates) {
  const auto near = nearest(text, candidates);
  if (!near.empty()) return did_you_mean(near);
  if (candidates.empty() || candidates.size() > most_listed) return {};
  return "; expected " + join_words({candidates.begin(), candidates.end()});
}

}  // namespace p1meter::settings
