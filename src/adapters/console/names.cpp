// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#include "adapters/console/names.hpp"

#include <variant>

#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {

std::string hex_text(std::string_view octets) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += digits[octet >> 4U];
    text += digits[octet & 0x0FU];
  }
  return text;
}

std::string hex_text(std::uint8_t octet) {
  const char c = static_cast<char>(octet);
  return hex_text(std::string_view{&c, 1});
}

void append_plain(std::string& out, const Value& value, ReadingKind kind) {
  if (std::holds_alternative<std::monostate>(value)) return;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    json::append_harmless(out, *text);
  } else {
    json::append_value(out, value, kind);
  }
}

}  // namespace p1meter::console
