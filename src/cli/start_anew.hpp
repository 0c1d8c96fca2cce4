// SPDX-License-Identifier: Apache-2.0
// CLI: the same program once more, in this very process.
#pragma once

namespace p1meter::cli {

/// Executes this program anew with the same arguments and environment. The process id stays, so a
/// supervisor sees no end; descriptors other than the standard streams are closed, no signal stays
/// blocked. To be called when nothing of the daemon is left.
/// Output    only when it fails: an exit status
[[nodiscard]] int start_anew();

}  // namespace p1meter::cli
