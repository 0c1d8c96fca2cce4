// SPDX-License-Identifier: Apache-2.0
// CLI documents: writes the files that are made from the command line and from the settings.
#include "cli/documents/documents.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/exit_codes.hpp"

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Leaves a file alone that has its text already. False when it cannot be written.
bool write(const std::filesystem::path& path, const std::string& text) {
  if (read(path) == text) return true;
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file.good()) return true;
  std::fprintf(stderr, "%s cannot be written\n", path.c_str());
  return false;
}

}  // namespace

/// p1meter_cli_docs SOURCE_DIRECTORY
int main(int count, char** arguments) {
  namespace cli = p1meter::cli;
  if (count != 2) {
    std::fputs("usage: p1meter_cli_docs SOURCE_DIRECTORY\n", stderr);
    return cli::exit_usage;
  }
  bool all_written = true;
  for (const auto& document : cli::documents::all_documents()) {
    all_written &= write(std::filesystem::path{arguments[1]} / document.path, document.text);
  }
  return all_written ? cli::exit_ok : cli::exit_cannot_create;
}
