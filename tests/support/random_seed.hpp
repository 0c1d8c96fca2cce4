// SPDX-License-Identifier: Apache-2.0
// Tests: the seed of everything random, printed, so that a failure can be repeated.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace p1meter::test {

/// A fresh seed, or the one in the environment variable P1METER_SEED; printed either way.
inline std::uint32_t random_seed() {
  const char* given = std::getenv("P1METER_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                     : static_cast<std::uint32_t>(std::random_device{}());
  std::printf("seed: %u (set P1METER_SEED to repeat)\n", seed);
  return seed;
}

}  // namespace p1meter::test
