// SPDX-License-Identifier: Apache-2.0
// Console adapter: what the terminal can show.
#pragma once

#include "adapters/console/telegram_text.hpp"

namespace p1meter::console {

[[nodiscard]] bool is_terminal(int descriptor) noexcept;

/// Colours and width for a descriptor: none and unlimited unless it is a terminal; no colours where
/// NO_COLOR is set (no-color.org) or the terminal is "dumb".
[[nodiscard]] TableStyle style_for(int descriptor) noexcept;

}  // namespace p1meter::console
