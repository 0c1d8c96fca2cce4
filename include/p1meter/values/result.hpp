// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only (and tl::expected here).
#pragma once

#include <tl/expected.hpp>

namespace p1meter {

/// A value, or the reason why there is none. One line to change when std::expected is everywhere.
template <class T, class E>
using Result = tl::expected<T, E>;

}  // namespace p1meter
