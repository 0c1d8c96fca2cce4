// SPDX-License-Identifier: Apache-2.0
// Settings: what may be handed to the YAML parser at all.
#pragma once

#include <string_view>

#include "settings/fault_list.hpp"

namespace p1meter::settings {

/// Length in bytes of the well-formed UTF-8 character that `text` begins with; 0 when there is none
/// (Unicode 15, table 3-7: no overlong forms, no surrogates).
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Says what makes a file unfit: too large, binary, or not UTF-8.
/// Output    false when it was unfit; one fault was added
[[nodiscard]] bool check_text(std::string_view text, FaultList& faults);

}  // namespace p1meter::settings
