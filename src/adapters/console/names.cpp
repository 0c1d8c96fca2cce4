// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#include "adapters/console/names.hpp"

#include <variant>

#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {

void append_plain(std::string& out, const Value& value, ReadingKind kind) {
  if (std::holds_alternative<std::monostate>(value)) return;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    json::append_harmless(out, *text);
  } else {
    json::append_value(out, value, kind);
  }
}

}  // namespace p1meter::console
