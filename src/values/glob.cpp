// SPDX-License-Identifier: Apache-2.0
// Values: simple patterns for names.
#include "p1meter/values/glob.hpp"

namespace p1meter {

bool matches_glob(std::string_view pattern, std::string_view text) noexcept {
  // going back to the last * is enough, and never exponential
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      if (at == pattern.size()) return true;
      resume = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace p1meter
