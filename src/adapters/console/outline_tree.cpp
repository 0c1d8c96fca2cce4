// SPDX-License-Identifier: Apache-2.0
// Console adapter: how the bytes of a frame were understood, for people.
#include "adapters/console/outline_tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string_view>

#include "adapters/console/names.hpp"

namespace p1meter::console {
namespace {

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view normal = "\x1b[0m";

constexpr std::size_t shown_octets = 8;
constexpr std::size_t octets_width = shown_octets * 3 - 1 + 2;  // two digits, a space; ".."

void append_offset(std::string& out, std::uint32_t offset) {
  constexpr std::size_t least = 4;
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), offset, 16).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  out.append(least - std::min(least, size), '0');
  std::transform(digits.data(), end, std::back_inserter(out),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
}

void append_octets(std::string& out, std::string_view octets) {
  const std::size_t begin = out.size();
  for (const char octet : octets.substr(0, shown_octets)) {
    if (out.size() > begin) out += ' ';
    out += hex_text(static_cast<std::uint8_t>(octet));
  }
  if (octets.size() > shown_octets) out += "..";
  out.append(octets_width - (out.size() - begin), ' ');
}

}  // namespace

void append_outline(std::string& out, const Outline& outline, bool colour) {
  for (const OutlineLine& line : outline) {
    append_offset(out, line.offset);
    out += "  ";
    append_octets(out, line.octets);
    out += "  ";
    out.append(std::size_t{line.depth} * 2, ' ');
    const bool marked = colour && line.text.starts_with("! ");
    if (marked) out += red;
    out += line.text;
    if (marked) out += normal;
    out += '\n';
  }
}

}  // namespace p1meter::console
