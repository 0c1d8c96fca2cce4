// SPDX-License-Identifier: Apache-2.0
// Settings: patterns for keys.
#include "settings/glob.hpp"

#include <algorithm>

#include "p1meter/values/glob.hpp"

namespace p1meter::settings {
namespace {

std::vector<std::string_view> split_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

bool is_glob(std::string_view text) noexcept {
  return text.find_first_of("*?{}") != std::string_view::npos;
}

std::optional<std::vector<std::string>> expand_braces(std::string_view glob) {
  std::vector<std::string> all{""};
  while (!glob.empty()) {
    const auto open = std::min(glob.find_first_of("{}"), glob.size());
    for (auto& one : all) one += glob.substr(0, open);
    glob.remove_prefix(open);
    if (glob.empty()) break;
    const auto close = glob.find_first_of("{}", 1);
    if (glob[0] != '{' || close == std::string_view::npos || glob[close] != '}') {
      return std::nullopt;
    }
    const auto parts = split_commas(glob.substr(1, close - 1));
    if (parts.size() * all.size() > glob_alternatives_limit) return std::nullopt;
    std::vector<std::string> next;
    for (const auto& one : all) {
      for (const auto part : parts) next.push_back(one + std::string{part});
    }
    all = std::move(next);
    glob.remove_prefix(close + 1);
  }
  return all;
}

std::optional<std::size_t> match_glob(std::string_view glob, std::string_view key) {
  const auto alternatives = expand_braces(glob);
  if (!alternatives) return std::nullopt;
  std::optional<std::size_t> best;
  for (const auto& pattern : *alternatives) {
    if (!matches_glob(pattern, key)) continue;
    const auto wild = std::count_if(pattern.begin(), pattern.end(), [](char character) {
      return character == '*' || character == '?';
    });
    const auto literal = pattern.size() - static_cast<std::size_t>(wild);
    best = std::max(best.value_or(0), literal);
  }
  return best;
}

}  // namespace p1meter::settings
