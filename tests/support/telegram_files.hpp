// SPDX-License-Identifier: Apache-2.0
// Tests: the telegrams in tests/data, as bytes.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace p1meter::test {

/// The bytes of tests/data/<name>. Throws when the file is not there.
inline std::string data_file(std::string_view name) {
  std::string path{P1METER_SOURCE_DIR "/tests/data/"};
  path.append(name);
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// Our telegrams of whole meters: every one is sound, dsmr22 and dsmr30 without a checksum.
inline constexpr std::string_view whole_telegrams[] = {"dsmr22.telegram",  "dsmr30.telegram",
                                                       "dsmr42.telegram",  "dsmr5.telegram",
                                                       "fluvius.telegram", "sweden.telegram"};

}  // namespace p1meter::test
