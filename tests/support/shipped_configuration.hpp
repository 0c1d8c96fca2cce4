// SPDX-License-Identifier: Apache-2.0
// Tests: the shipped configuration as somebody makes it his own.
#pragma once

#include <stdexcept>
#include <string>

namespace p1meter::test {

/// A line of config/p1meter.yaml that is YAML behind its '#': prose has one space there, keys none
/// or a multiple of two, and remarks behind keys many.
inline bool is_shown_key(const std::string& line) {
  constexpr std::size_t deepest = 5;
  const auto text = line.find_first_not_of(' ', 1);
  return line.starts_with('#') && text != std::string::npos && text != 2 && text <= deepest;
}

/// The text without the '#' in front of what it shows, with another password file in the place of
/// the one that is shown.
inline std::string uncommented(const std::string& text, const std::string& password_file) {
  const std::string shown = "/etc/p1meter.password";
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin) + 1;
    std::string line = text.substr(begin, end - begin);
    if (is_shown_key(line)) line.erase(0, 1);
    result += line;
    begin = end;
  }
  const auto at = result.find(shown);
  if (at == std::string::npos) throw std::runtime_error{"no password file is shown"};
  return result.replace(at, shown.size(), password_file);
}

}  // namespace p1meter::test
