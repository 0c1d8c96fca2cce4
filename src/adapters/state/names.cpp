// SPDX-License-Identifier: Apache-2.0
// State adapter: how enumerations and bytes of a meter are named in files.
#include "adapters/state/names.hpp"

namespace p1meter::state {
namespace {

constexpr std::string_view hex = "0123456789ABCDEF";

}  // namespace

std::string to_printable(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '%') {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 0xFU];
    }
  }
  return out;
}

std::optional<std::string> from_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const std::size_t high = hex.find(text[i + 1]);
    const std::size_t low = hex.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * hex.size() + low);
    i += 2;
  }
  return out;
}

}  // namespace p1meter::state
