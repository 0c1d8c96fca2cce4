// SPDX-License-Identifier: Apache-2.0
// Tests: telegrams that state only what varies, with a checksum of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace p1meter::test {

/// CRC-16, bit by bit: slow and plain, and independent of the program's tables.
inline std::uint16_t plain_crc16(std::string_view bytes, unsigned polynomial, unsigned init,
                                 unsigned final_xor) {
  unsigned crc = init;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1U ^ polynomial : crc >> 1U;
  }
  return static_cast<std::uint16_t>(crc ^ final_xor);
}
inline std::uint16_t plain_crc16_arc(std::string_view bytes) {
  return plain_crc16(bytes, 0xA001, 0, 0);
}
inline std::uint16_t plain_crc16_x25(std::string_view bytes) {
  return plain_crc16(bytes, 0x8408, 0xFFFF, 0xFFFF);
}
inline std::string four_hex_digits(std::uint16_t value) {
  std::string digits;
  for (int shift = 12; shift >= 0; shift -= 4) {
    digits += "0123456789ABCDEF"[static_cast<unsigned>(value) >> shift & 0xFU];
  }
  return digits;
}

/// A mode D telegram. Without any call: a header, an empty line, the end with its checksum.
///
/// Example   telegram().with("1-0:1.7.0", "(00.193*kW)").text()
class TelegramBuilder {
 public:
  /// The identification, without '/'.
  TelegramBuilder& header(std::string_view identification) {
    header_ = identification;
    return *this;
  }
  /// One object: its code and its value groups with their parentheses.
  TelegramBuilder& with(std::string_view code, std::string_view groups) {
    lines_.append(code).append(groups).append("\r\n");
    return *this;
  }
  /// Any line, without its line end.
  TelegramBuilder& line(std::string_view text) { return with(text, ""); }
  TelegramBuilder& without_checksum() {
    checksum_ = Checksum::none;
    return *this;
  }
  TelegramBuilder& with_x25() {
    checksum_ = Checksum::x25;
    return *this;
  }

  /// From '/' to '!' inclusive: what the checksum covers.
  [[nodiscard]] std::string body() const { return '/' + header_ + "\r\n\r\n" + lines_ + '!'; }
  [[nodiscard]] std::string text() const {
    const std::string covered = body();
    switch (checksum_) {
      case Checksum::arc:
        return covered + four_hex_digits(plain_crc16_arc(covered)) + "\r\n";
      case Checksum::x25:
        return covered + four_hex_digits(plain_crc16_x25(covered)) + "\r\n";
      case Checksum::none:
        break;
    }
    return covered + "\r\n";
  }

 private:
  enum class Checksum { arc, x25, none };
  std::string header_{"TST5\\P1METER"};
  std::string lines_{};
  Checksum checksum_{Checksum::arc};
};

inline TelegramBuilder telegram() { return {}; }

}  // namespace p1meter::test
