// SPDX-License-Identifier: Apache-2.0
// Settings tests: short words for loading a text and for what came of it.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "settings/settings.hpp"

namespace p1meter::settings::test {

inline Loaded load(std::string_view yaml) { return load_text(yaml, "test.yaml"); }

inline std::string lines(const std::vector<Fault>& faults) {
  std::string text;
  for (const auto& fault : faults) text += to_string(fault) + '\n';
  return text;
}

/// A configuration that must be right.
inline Settings good(std::string_view yaml) {
  const Loaded loaded = load(yaml);
  EXPECT_EQ(lines(loaded.faults), "") << yaml;
  return loaded.settings;
}

/// All faults, one a line; the file's name is left out.
inline std::string faults(std::string_view yaml) {
  std::string text = lines(load(yaml).faults);
  for (std::size_t at = 0; (at = text.find("test.yaml:", at)) != std::string::npos;) {
    text.erase(at, std::string_view{"test.yaml:"}.size());
  }
  return text;
}

inline std::string warnings(std::string_view yaml) { return lines(load(yaml).warnings); }

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace p1meter::settings::test
