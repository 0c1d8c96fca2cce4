// SPDX-License-Identifier: Apache-2.0
// Tests: whether a sanitizer slows this build down.
#pragma once

namespace p1meter::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif

}  // namespace p1meter::test
