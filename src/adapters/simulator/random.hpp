// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: numbers that look random and are the same on every machine.
#pragma once

#include <cstdint>

namespace p1meter::simulator {

/// splitmix64 of a seed, a stream and a step: no state, so any moment can be asked for in any
/// order. Source    Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014)
[[nodiscard]] constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t stream,
                                                  std::uint64_t step) noexcept {
  std::uint64_t x =
      seed * 0x9E3779B97F4A7C15U + stream * 0xD1B54A32D192ED03U + (step + 1) * 0xABC98388FB8FAC03U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

/// The same as a number in [low, high].
[[nodiscard]] constexpr std::int64_t random_between(std::uint64_t bits, std::int64_t low,
                                                    std::int64_t high) noexcept {
  return low +
         static_cast<std::int64_t>((bits >> 11U) % static_cast<std::uint64_t>(high - low + 1));
}

}  // namespace p1meter::simulator
