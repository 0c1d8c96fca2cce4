// SPDX-License-Identifier: Apache-2.0
// Console adapter: words that every form of output uses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "p1meter/mapping/mapper.hpp"
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

/// What was checked of a telegram, and how that went: "checks ok", "checksum absent", "link checks
/// ok, not deciphered". Of a telegram that no key opened, only what lies around it was checked.
[[nodiscard]] std::string checks_text(const Telegram& telegram);
/// Whether it is encrypted and no key was there to open it.
[[nodiscard]] bool stayed_closed(const Telegram& telegram) noexcept;

/// Octets as upper-case hex digits: "4B464D10". For security controls and system titles.
[[nodiscard]] std::string hex_text(std::string_view octets);
[[nodiscard]] std::string hex_text(std::uint8_t octet);

/// The value groups of an unknown object: the inside of a single one, several whole:
/// "(1)(0-0:96.10.7)".
[[nodiscard]] std::string groups_text(const UnknownObject& object);

/// A value as people read it: digits and text as they are (control characters escaped), nothing for
/// no value, a list as compact JSON.
void append_plain(std::string& out, const Value& value, ReadingKind kind);

}  // namespace p1meter::console
