// SPDX-License-Identifier: Apache-2.0
// Mapping: in which country's way a meter speaks. Includes values only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "p1meter/values/telegram.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter {

/// A country's dialect, and what follows from it where the user has set no zone.
struct MeterProfile {
  /// netherlands-dsmr2, -dsmr3, -dsmr4, -dsmr5, belgium-emucs, luxembourg, sweden, finland,
  /// denmark, norway, norway-kaifa, hungary, lithuania, austria, switzerland, slovenia, croatia,
  /// poland, germany or unknown. Text that lives as long as the program.
  std::string_view name{"unknown"};
  /// How the meter's clock is set. None: not known, so a stamp without letter stays local time.
  std::optional<Zone> zone{};

  friend constexpr bool operator==(const MeterProfile&, const MeterProfile&) = default;
};

/// All of them but the unknown one.
[[nodiscard]] std::span<const MeterProfile> meter_profiles() noexcept;

/// The profile that a telegram shows by its list's layout, identification, version, list and
/// objects. Meters that tell nothing are "unknown"; nothing is guessed from values.
///
/// Source    docs/meters.md
/// Cost      looks through all objects: meant for the first telegram, not for every one
[[nodiscard]] MeterProfile detect_profile(const Telegram& telegram) noexcept;

/// Nothing for a name that none has.
[[nodiscard]] std::optional<MeterProfile> find_meter_profile(std::string_view name) noexcept;

}  // namespace p1meter
