// SPDX-License-Identifier: Apache-2.0
// Settings: lines of YAML with comments.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace p1meter::settings {

/// Writes indented lines. Prose becomes "# ..." wrapped to the width; a key that is only shown
/// becomes "#key: value".
class YamlWriter {
 public:
  /// Prose that was written before is not repeated.
  void prose(int depth, std::string_view text);
  void line(int depth, std::string_view text) { write(depth, "", text); }
  void shown_line(int depth, std::string_view text) { write(depth, "#", text); }
  void blank() { text_ += '\n'; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void write(int depth, std::string_view mark, std::string_view text);

  std::string text_{};
  std::set<std::string, std::less<>> said_{};
};

}  // namespace p1meter::settings
