// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#include "adapters/console/names.hpp"

#include <algorithm>
#include <variant>

#include "json/harmless.hpp"
#include "json/json_text.hpp"

namespace p1meter::console {

bool stayed_closed(const Telegram& telegram) noexcept {
  return std::ranges::find(telegram.problems, ProblemCode::key_missing, &Problem::code) !=
         telegram.problems.end();
}

std::string checks_text(const Telegram& telegram) {
  const std::string verdict{integrity_name(telegram.integrity)};
  if (!stayed_closed(telegram)) {
    const bool text_alone = telegram.protocol == Protocol::dsmr && !telegram.ciphering;
    return (text_alone ? "checksum " : "checks ") + verdict;
  }
  if (telegram.integrity == Integrity::absent) return "not deciphered";
  return (telegram.link == Link::none ? "checksum " : "link checks ") + verdict +
         ", not deciphered";
}

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

std::string groups_text(const UnknownObject& object) {
  const std::string text{object.text};
  return object.text.find(")(") == std::string_view::npos ? text : "(" + text + ")";
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
