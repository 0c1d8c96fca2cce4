// SPDX-License-Identifier: Apache-2.0
// State adapter: what is remembered of a meter, as JSON text and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/state/state_store.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter::state {

enum class Unusable : unsigned char {
  damaged,  // not JSON, or not of the form that this program writes
  newer,    // written by a later version in a form that this one does not know
};

/// Rises only when an older program could misread what a newer one wrote; members that are merely
/// added are ignored by those who do not know them.
inline constexpr int format_version = 1;

[[nodiscard]] std::string write_meter(const StoredMeter& stored);
[[nodiscard]] Result<StoredMeter, Unusable> read_meter(std::string_view text);

[[nodiscard]] std::string write_list(const std::vector<std::string>& items);
[[nodiscard]] Result<std::vector<std::string>, Unusable> read_list(std::string_view text);

}  // namespace p1meter::state
