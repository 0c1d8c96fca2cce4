// SPDX-License-Identifier: Apache-2.0
// CLI documents: what shells complete.
#pragma once

#include <string>

#include "cli/documents/outline.hpp"

namespace p1meter::cli::documents {

/// packaging/completions/p1meter.bash. Needs bash alone, not the package bash-completion.
[[nodiscard]] std::string bash_completion(const Command& program);
/// packaging/completions/_p1meter, for zsh.
[[nodiscard]] std::string zsh_completion(const Command& program);
/// packaging/completions/p1meter.fish.
[[nodiscard]] std::string fish_completion(const Command& program);

}  // namespace p1meter::cli::documents
