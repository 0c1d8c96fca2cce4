// SPDX-License-Identifier: Apache-2.0
// CLI documents: all files that are made from the program.
#pragma once

#include <string>
#include <vector>

namespace p1meter::cli::documents {

struct Document {
  std::string path{};  // in the source tree: "docs/man/p1meter.1"
  std::string text{};
};

/// The same on every day and every machine; the version is the program's own.
[[nodiscard]] std::vector<Document> all_documents();

}  // namespace p1meter::cli::documents
