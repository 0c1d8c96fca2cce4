// SPDX-License-Identifier: Apache-2.0
// Daemon: what the settings accept as a simulated meter is what the simulator has.
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "adapters/simulator/simulator.hpp"
#include "settings/source_text.hpp"

namespace p1meter {
namespace {

TEST(TheSettings, know_the_simulators_profiles_and_no_others) {
  std::set<std::string> simulated;
  for (const auto& profile : simulator_profiles()) simulated.emplace(profile.name);
  const auto known = settings::known_profiles();

  EXPECT_EQ(std::set<std::string>(known.begin(), known.end()), simulated);
}

}  // namespace
}  // namespace p1meter
