// SPDX-License-Identifier: Apache-2.0
// Settings: JSON text, indented.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace p1meter::settings {

/// Writes one JSON document. Every value within an object is preceded by key().
class JsonWriter {
 public:
  void open(char bracket);
  void close(char bracket);
  void key(std::string_view name);
  void text(std::string_view value);
  /// A number, true, false, null, or JSON made elsewhere.
  void raw(std::string_view json);
  [[nodiscard]] std::string take() { return std::move(json_); }

 private:
  void begin_value();

  std::string json_{};
  std::size_t depth_{};
  bool first_{true};
  bool after_key_{};
};

/// A string with its quotes.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace p1meter::settings
