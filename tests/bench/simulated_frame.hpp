// SPDX-License-Identifier: Apache-2.0
// Benchmarks: a telegram of a simulated meter, and the keys that open it.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/simulator/simulator.hpp"
#include "p1meter/values/cipher_key.hpp"

namespace p1meter::bench {

/// The first telegram of a profile, in all its frames. Always the same bytes.
inline std::string simulated_frame(std::string_view profile) {
  SimulatorOptions options;
  options.profile = profile;
  options.start = Instant{std::chrono::seconds{1'704'067'200}};
  return std::string{Simulator{options}.next()};
}

/// Nothing for a profile that encrypts nothing.
inline std::optional<DecipherKeys> simulated_keys(std::string_view profile) {
  const auto found = std::ranges::find(simulator_profiles(), profile, &SimulatorProfile::name);
  if (found == simulator_profiles().end() || found->key.empty()) return std::nullopt;
  DecipherKeys keys{.encryption = *parse_cipher_key(found->key)};
  if (!found->authentication_key.empty()) {
    keys.authentication = *parse_cipher_key(found->authentication_key);
  }
  return keys;
}

}  // namespace p1meter::bench
