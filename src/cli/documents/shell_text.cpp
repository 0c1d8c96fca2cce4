// SPDX-License-Identifier: Apache-2.0
// CLI documents: words that the completions of all shells are made of.
#include "cli/documents/shell_text.hpp"

#include <algorithm>

namespace p1meter::cli::documents {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string quoted_word(std::string_view text) {
  std::string word{"'"};
  for (const char character : text) {
    if (character == '\'') {
      word += "'\\''";
    } else {
      word += character;
    }
  }
  return word + '\'';
}

std::string in_short(std::string_view meaning) {
  const auto end = std::min({meaning.find(": "), meaning.find("; "), meaning.find(" ("),
                             meaning.find(". "), meaning.size()});
  meaning = meaning.substr(0, end);
  if (meaning.ends_with('.')) meaning.remove_suffix(1);
  return std::string{meaning};
}

std::vector<std::string> spellings_of(const std::vector<Parameter>& options) {
  std::vector<std::string> all;
  for (const auto& option : options) {
    all.insert(all.end(), option.spellings.begin(), option.spellings.end());
  }
  return all;
}

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const auto& command : commands) names.push_back(command.name);
  return names;
}

}  // namespace p1meter::cli::documents
