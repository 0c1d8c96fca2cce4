// SPDX-License-Identifier: Apache-2.0
// Values: the kinds of APDU that meters push, and the envelope of what they cipher; includes the
// standard library only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace p1meter {

/// The first octet of an APDU. Source    Green Book, COSEMpdu
namespace apdu_tag {
inline constexpr char notification = '\x0F';    // data-notification
inline constexpr char ciphering = '\xDB';       // general-glo-ciphering
inline constexpr char block_transfer = '\xE0';  // general-block-transfer
}  // namespace apdu_tag

/// The parts of general-glo-ciphering, in octets.
/// Source    Green Book, general-glo-ciphering and table of security control
namespace glo {
inline constexpr std::size_t title_size = 8;
inline constexpr std::size_t counter_size = 4;
inline constexpr std::size_t tag_size = 12;

// Bits of the security control.
inline constexpr std::uint8_t suite_bits = 0x0F;
inline constexpr std::uint8_t authenticated = 0x10;
inline constexpr std::uint8_t encrypted = 0x20;
inline constexpr std::uint8_t broadcast_key = 0x40;
inline constexpr std::uint8_t compressed = 0x80;

inline constexpr std::uint8_t last_suite = 2;
}  // namespace glo

}  // namespace p1meter
