// SPDX-License-Identifier: Apache-2.0
// Settings: which limits make sense for which kind of reading.
#pragma once

#include "p1meter/values/reading.hpp"

namespace p1meter::settings {

/// A mean, minimum or maximum: only for what goes up and down. Registers, counters, states, texts
/// and lists take `last`.
[[nodiscard]] constexpr bool takes_aggregate(ReadingKind kind) noexcept {
  return kind == ReadingKind::instantaneous || kind == ReadingKind::average ||
         kind == ReadingKind::setting;
}

/// A deadband: for numbers that measure something.
[[nodiscard]] constexpr bool takes_deadband(ReadingKind kind) noexcept {
  return takes_aggregate(kind) || is_register(kind);
}

}  // namespace p1meter::settings
