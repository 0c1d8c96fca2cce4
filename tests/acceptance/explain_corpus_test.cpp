// SPDX-License-Identifier: Apache-2.0
// Every file of the corpus, sound and malformed: each byte of each frame is explained once.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>

#include "adapters/replay/capture.hpp"
#include "support/explained.hpp"

namespace p1meter::test {
namespace {

namespace fs = std::filesystem;

fs::path corpus_folder() {
  const char* const given = std::getenv("P1METER_CORPUS");
  return given != nullptr ? fs::path{given} : fs::path{P1METER_SOURCE_DIR} / "../shared/corpus";
}

/// "encryption" or "encryption+authentication", by file.
std::map<std::string, std::string> keys_by_file(const fs::path& folder) {
  std::map<std::string, std::string> keys;
  std::ifstream manifest{folder / "MANIFEST.tsv"};
  for (std::string line; std::getline(manifest, line);) {
    std::istringstream columns{line};
    std::string path;
    std::string key;
    std::getline(columns, path, '\t');
    for (int column = 0; column < 4; ++column) std::getline(columns, key, '\t');
    keys[path] = key;
  }
  return keys;
}

std::optional<DecipherKeys> keys_of(const std::string& text) {
  const auto plus = text.find('+');
  const auto encryption = parse_cipher_key(text.substr(0, plus));
  if (!encryption) return std::nullopt;
  DecipherKeys keys{.encryption = *encryption};
  if (plus == std::string::npos) return keys;
  if (const auto own = parse_cipher_key(text.substr(plus + 1))) keys.authentication = *own;
  return keys;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  CaptureReader capture{file};
  std::string bytes;
  while (const auto chunk = capture.next()) bytes += chunk->bytes;
  return bytes;
}

TEST(TheCorpus, is_explained_byte_by_byte) {
  const fs::path folder = corpus_folder();
  if (!fs::exists(folder / "MANIFEST.tsv")) {
    GTEST_SKIP() << "no corpus at " << folder << " (set P1METER_CORPUS)";
  }
  auto keys = keys_by_file(folder);
  std::size_t frames = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file() || entry.path().extension() == ".json") continue;
    const std::string name = fs::relative(entry.path(), folder).generic_string();
    for (const Explained& explained : explain_all(bytes_of(entry.path()), keys_of(keys[name]))) {
      EXPECT_TRUE(explained.sound) << name << "\n" << explained.text();
      ++frames;
    }
  }
  EXPECT_GT(frames, 200U);
}

}  // namespace
}  // namespace p1meter::test
