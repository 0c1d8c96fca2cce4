// SPDX-License-Identifier: Apache-2.0
// Settings: what may be handed to the YAML parser at all.
#include "settings/yaml_text.hpp"

#include <array>
#include <string>

#include "settings/yaml_tree.hpp"

namespace p1meter::settings {
namespace {

using Byte = unsigned char;

/// What the second byte may be depends on the first; all further ones are 80..BF.
struct Utf8Form {
  Byte first_low, first_high, second_low, second_high;
  std::size_t length;
};
constexpr std::array<Utf8Form, 8> forms{{{0xC2, 0xDF, 0x80, 0xBF, 2},
                                         {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                         {0xE1, 0xEC, 0x80, 0xBF, 3},
                                         {0xED, 0xED, 0x80, 0x9F, 3},
                                         {0xEE, 0xEF, 0x80, 0xBF, 3},
                                         {0xF0, 0xF0, 0x90, 0xBF, 4},
                                         {0xF1, 0xF3, 0x80, 0xBF, 4},
                                         {0xF4, 0xF4, 0x80, 0x8F, 4}}};

bool fits(const Utf8Form& form, std::string_view text) noexcept {
  const auto first = static_cast<Byte>(text[0]);
  if (first < form.first_low || first > form.first_high || text.size() < form.length) return false;
  const auto second = static_cast<Byte>(text[1]);
  if (second < form.second_low || second > form.second_high) return false;
  for (std::size_t i = 2; i < form.length; ++i) {
    if ((static_cast<Byte>(text[i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

bool is_control(char character) noexcept {
  const auto byte = static_cast<Byte>(character);
  return (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') || byte == 0x7F;
}

std::string hex(char character) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<Byte>(character);
  return {'0', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (static_cast<Byte>(text[0]) < 0x80) return 1;
  for (const auto& form : forms) {
    if (fits(form, text)) return form.length;
  }
  return 0;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool check_text(std::string_view text, FaultList& faults) {
  if (text.size() > yaml_size_limit) {
    faults.add({}, "", "the file is larger than 1 MiB; that is no configuration");
    return false;
  }
  Place place;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || is_control(text[0])) {
      faults.add(place, "",
                 "found the byte " + hex(text[0]) + ", expected a text file in UTF-8" +
                     (length == 0 ? "" : " without control characters"));
      return false;
    }
    place = text[0] == '\n' ? Place{place.line + 1, 1}
                            : Place{place.line, place.column + static_cast<int>(length)};
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace p1meter::settings
