// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <string_view>

namespace p1meter {

/// Whether a pattern takes a whole text: * any characters, ? one. Cost      at most pattern x text
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text) noexcept;

}  // namespace p1meter
