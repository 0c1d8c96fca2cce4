// SPDX-License-Identifier: Apache-2.0
// CLI documents: the manual pages that are made from the program.
#pragma once

#include <string>
#include <string_view>

#include "cli/documents/outline.hpp"

namespace p1meter::cli::documents {

/// docs/man/p1meter.1: the command line.
/// Input     version   of the program: "1.2.3"
[[nodiscard]] std::string command_page(const Command& program, std::string_view version);

/// docs/man/p1meter.yaml.5: every key of the configuration.
[[nodiscard]] std::string configuration_page(std::string_view version);

}  // namespace p1meter::cli::documents
