// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#include "adapters/console/names.hpp"

#include <variant>

#include "json/json_text.hpp"

namespace p1meter::console {

void append_harmless(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\"\\");  // what JSON alone would escape
    json::append_escaped(out, text.substr(0, end));
    if (end == std::string_view::npos) return;
    out += text[end];
    text.remove_prefix(end + 1);
  }
}

void append_plain(std::string& out, const Value& value, ReadingKind kind) {
  if (std::holds_alternative<std::monostate>(value)) return;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_harmless(out, *text);
  } else {
    json::append_value(out, value, kind);
  }
}

}  // namespace p1meter::console
