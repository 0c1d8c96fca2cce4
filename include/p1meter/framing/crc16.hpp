// SPDX-License-Identifier: Apache-2.0
// Framing: the two 16-bit checksums. Includes values only.
#pragma once

#include <cstdint>
#include <string_view>

namespace p1meter {

/// CRC-16/ARC: poly 0x8005 reflected, init 0, no final xor. "123456789" gives 0xBB3D.
/// Source    DSMR P1 5.0.2 sec 6.2, over '/' to '!' inclusive
[[nodiscard]] std::uint16_t crc16_arc(std::string_view bytes) noexcept;

/// CRC-16/X-25: poly 0x1021 reflected, init and final xor 0xFFFF. "123456789" gives 0x906E.
/// Source    Green Book 8.4 (HDLC FCS and HCS); field use in text: Holley DTSD545, Hungary
[[nodiscard]] std::uint16_t crc16_x25(std::string_view bytes) noexcept;

/// The same two for bytes that come in pieces: feed them in order, then ask.
/// Example   Crc16Arc crc; crc.add("1234"); crc.add("56789"); crc.value() == 0xBB3D
class Crc16Arc {
 public:
  void add(std::string_view bytes) noexcept;
  [[nodiscard]] std::uint16_t value() const noexcept { return remainder_; }

 private:
  std::uint16_t remainder_{0};
};

class Crc16X25 {
 public:
  void add(std::string_view bytes) noexcept;
  [[nodiscard]] std::uint16_t value() const noexcept {
    return static_cast<std::uint16_t>(~remainder_);
  }

 private:
  std::uint16_t remainder_{0xFFFF};
};

}  // namespace p1meter
