// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: what the house draws, yields and burns at an instant. Pure functions of seed
// and time.
#pragma once

#include <array>
#include <cstdint>

#include "adapters/simulator/local_time.hpp"

namespace p1meter::simulator {

/// W per phase, never below 0.
[[nodiscard]] std::array<std::int64_t, 3> consumption(std::uint64_t seed, Instant instant,
                                                      const LocalTime& local) noexcept;
/// W of the whole roof, by season, time of day and clouds.
[[nodiscard]] std::int64_t solar_yield(std::uint64_t seed, Instant instant,
                                       const LocalTime& local) noexcept;
/// Litres per hour.
[[nodiscard]] std::int64_t gas_flow(std::uint64_t seed, Instant instant,
                                    const LocalTime& local) noexcept;
[[nodiscard]] std::int64_t water_flow(std::uint64_t seed, Instant instant,
                                      const LocalTime& local) noexcept;

}  // namespace p1meter::simulator
