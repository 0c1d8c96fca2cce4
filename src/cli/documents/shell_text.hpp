// SPDX-License-Identifier: Apache-2.0
// CLI documents: words that the completions of all shells are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/documents/outline.hpp"

namespace p1meter::cli::documents {

/// "a b c"
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);
/// In single quotes, as bash and zsh read them.
[[nodiscard]] std::string quoted_word(std::string_view text);
/// The first sentence or clause of what an option does: the others are for people who have room.
[[nodiscard]] std::string in_short(std::string_view meaning);
/// All spellings of all options.
[[nodiscard]] std::vector<std::string> spellings_of(const std::vector<Parameter>& options);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Command>& commands);

}  // namespace p1meter::cli::documents
