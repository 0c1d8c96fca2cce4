// SPDX-License-Identifier: Apache-2.0
// JSON: foreign bytes as text that a terminal, a log or a person can bear.
#include "json/harmless.hpp"

#include "json/json_text.hpp"

namespace p1meter::json {

void append_harmless(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\"\\");  // what JSON alone would escape
    append_escaped(out, text.substr(0, end));
    if (end == std::string_view::npos) return;
    out += text[end];
    text.remove_prefix(end + 1);
  }
}

std::string harmless(std::string_view text) {
  std::string out;
  append_harmless(out, text);
  return out;
}

}  // namespace p1meter::json
