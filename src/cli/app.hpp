// SPDX-License-Identifier: Apache-2.0
// CLI: the command line as a whole.
#pragma once

namespace p1meter::cli {

/// Reads the command line and does what it says.
/// Returns   an exit status (exit_codes.hpp)
[[nodiscard]] int run_app(int argc, char* const* argv);

}  // namespace p1meter::cli
