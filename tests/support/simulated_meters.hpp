// SPDX-License-Identifier: Apache-2.0
// Tests: every simulated meter as a parameter of a test.
#pragma once

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/simulator/simulator.hpp"

namespace p1meter {

inline void PrintTo(const SimulatorProfile& profile, std::ostream* out) { *out << profile.name; }

}  // namespace p1meter

namespace p1meter::test {

/// They send none, and nothing around them has one.
inline bool lacks_checksum(std::string_view profile) {
  constexpr std::array names{"dsmr22", "dsmr30", "slovenia-text", "germany-q3d"};
  return std::ranges::find(names, profile) != names.end();
}

inline std::vector<SimulatorProfile> all_simulated_meters() {
  return {simulator_profiles().begin(), simulator_profiles().end()};
}

inline std::string name_of_simulated_meter(const testing::TestParamInfo<SimulatorProfile>& test) {
  std::string name{test.param.name};
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace p1meter::test
