// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter convert.
#pragma once

#include <string>

#include <CLI/App.hpp>

#include "cli/context.hpp"

namespace p1meter::cli {

struct ConvertOptions {
  std::string file{};
};

/// Writes a predecessor's configuration as ours to standard output, and to standard error what
/// could not be carried over.
/// Returns   exit_ok; exit_data when it is no such configuration; exit_no_input; exit_io
[[nodiscard]] int convert(const ConvertOptions& options);

void add_convert(CLI::App& app, Context& context);

}  // namespace p1meter::cli
