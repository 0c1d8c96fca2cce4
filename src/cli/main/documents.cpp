// SPDX-License-Identifier: Apache-2.0
// CLI documents: writes the files that are made from the command line and from the settings.
#include "cli/documents/documents.hpp"

#include <cstdio>
#include <filesystem>

#include "cli/exit_codes.hpp"
#include "settings/docs/written_file.hpp"

/// p1meter_cli_docs SOURCE_DIRECTORY
int main(int count, char** arguments) {
  namespace cli = p1meter::cli;
  if (count != 2) {
    std::fputs("usage: p1meter_cli_docs SOURCE_DIRECTORY\n", stderr);
    return cli::exit_usage;
  }
  bool all_written = true;
  for (const auto& document : cli::documents::all_documents()) {
    all_written &= p1meter::settings::write_changed(
        std::filesystem::path{arguments[1]} / document.path, document.text);
  }
  return all_written ? cli::exit_ok : cli::exit_cannot_create;
}
