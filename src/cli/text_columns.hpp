// SPDX-License-Identifier: Apache-2.0
// CLI: lines of words in columns.
#pragma once

#include <string>
#include <vector>

namespace p1meter::cli {

/// Collects lines and pads every column but the last to its widest entry.
class TextColumns {
 public:
  void add(std::vector<std::string> line) { lines_.push_back(std::move(line)); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> lines_{};
};

}  // namespace p1meter::cli
