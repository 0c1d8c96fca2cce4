// SPDX-License-Identifier: Apache-2.0
// Tests: a directory of the test's own, removed at the end of its scope.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace p1meter::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "p1meter-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a file in it and gives its path.
  std::string file(const std::string& name, const std::string& text) const {
    const auto path = path_ / name;
    std::ofstream{path, std::ios::binary} << text;
    return path.string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace p1meter::test
