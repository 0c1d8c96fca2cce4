// SPDX-License-Identifier: Apache-2.0
// Tests: files of the source tree.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace p1meter::test {

/// The path of a file of the source tree: source_path("config/p1meter.yaml").
inline std::string source_path(std::string_view name) {
  std::string path{P1METER_SOURCE_DIR};
  return path.append(1, '/').append(name);
}

/// The bytes of a file of the source tree. Throws when it is not there.
inline std::string source_text(std::string_view name) {
  std::ifstream file{source_path(name), std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + source_path(name)};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

}  // namespace p1meter::test
