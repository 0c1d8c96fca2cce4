// SPDX-License-Identifier: Apache-2.0
// Component tests of the simulator: values of a telegram, found as text, without the decoder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::test {

/// All value groups of a line, without parentheses; empty when there is no such line.
inline std::vector<std::string> groups(std::string_view telegram, std::string_view code) {
  const auto line = telegram.find("\n" + std::string{code} + '(');
  std::vector<std::string> found;
  if (line == std::string_view::npos) return found;
  const auto end = telegram.find('\r', line);
  std::string_view rest = telegram.substr(line, end - line);
  while (rest.find('(') != std::string_view::npos) {
    const auto open = rest.find('(');
    const auto close = rest.find(')');
    found.emplace_back(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
  return found;
}

/// The last value group of a line.
inline std::string value(std::string_view telegram, std::string_view code) {
  const auto found = groups(telegram, code);
  return found.empty() ? std::string{} : found.back();
}

/// The digits of a number, without point and unit: "01.234*kW" is 1234.
inline std::int64_t digits(std::string_view text) {
  std::int64_t number = 0;
  for (const char character : text.substr(0, text.find('*'))) {
    if (character != '.') number = number * 10 + (character - '0');
  }
  return number;
}

inline std::int64_t number(std::string_view telegram, std::string_view code) {
  return digits(value(telegram, code));
}

}  // namespace p1meter::test
