// SPDX-License-Identifier: Apache-2.0
// Settings: files of the checkout that programs write. For those programs alone.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace p1meter::settings {

/// A file's text; empty when it cannot be read.
[[nodiscard]] inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Leaves a file alone that has its text already. False when it cannot be written, which is said on
/// standard error.
[[nodiscard]] inline bool write_changed(const std::filesystem::path& path,
                                        const std::string& text) {
  if (read_whole(path) == text) return true;
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file.good()) return true;
  std::fprintf(stderr, "%s cannot be written\n", path.c_str());
  return false;
}

}  // namespace p1meter::settings
