// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::console {

[[nodiscard]] constexpr std::string_view protocol_name(Protocol protocol) noexcept {
  return protocol == Protocol::dsmr ? "dsmr" : "dlms";
}

[[nodiscard]] constexpr std::string_view link_name(Link link) noexcept {
  switch (link) {
    case Link::hdlc:
      return "hdlc";
    case Link::mbus:
      return "mbus";
    case Link::none:
      break;
  }
  return "none";
}

/// Octets as upper-case hex digits: "4B464D10". For security controls and system titles.
[[nodiscard]] std::string hex_text(std::string_view octets);
[[nodiscard]] std::string hex_text(std::uint8_t octet);

/// A value as people read it: digits and text as they are (control characters escaped), nothing for
/// no value, a list as compact JSON.
void append_plain(std::string& out, const Value& value, ReadingKind kind);

}  // namespace p1meter::console
