// SPDX-License-Identifier: Apache-2.0
// Tests: link frames around an APDU, written by hand.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/framing/crc16.hpp"

namespace p1meter::test {

inline std::string octets(std::initializer_list<unsigned> values) {
  std::string text;
  for (const unsigned value : values) text.push_back(static_cast<char>(value));
  return text;
}

inline std::string hex_octets(std::string_view hex) {
  std::string text;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    digits.push_back(c);
    if (digits.size() < 2) continue;
    text.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return text;
}

inline std::string low_byte_first(std::uint16_t value) {
  return octets({value & 0xFFU, unsigned{value} >> 8U});
}
inline std::string high_byte_first(std::size_t value) {
  return octets({static_cast<unsigned>(value >> 8U & 0xFFU), static_cast<unsigned>(value & 0xFFU)});
}

/// An HDLC frame, both flags included.
struct HdlcOptions {
  bool segmented{};
  bool llc{true};
  std::string address_and_control{octets({0x41, 0x08, 0x83, 0x13})};
};
inline std::string hdlc(std::string_view apdu, const HdlcOptions& options = {}) {
  std::string information = options.llc ? octets({0xE6, 0xE7, 0x00}) : std::string{};
  information += apdu;
  const std::size_t length = 2 + options.address_and_control.size() + 2 + information.size() + 2;
  std::string body = high_byte_first(0xA000U | (options.segmented ? 0x0800U : 0U) | length);
  body += options.address_and_control;
  body += low_byte_first(crc16_x25(body));
  body += information;
  body += low_byte_first(crc16_x25(body));
  return "\x7E" + body + "\x7E";
}

/// One M-Bus long frame. `number` of the part; last: no part follows.
inline std::string mbus_part(std::string_view data, unsigned number, bool last) {
  const auto information = number | (last ? 0x10U : 0U);
  std::string body = octets({0x53, 0xFF, information, 0x01, 0x67}) + std::string{data};
  const auto length = static_cast<unsigned>(body.size() & 0xFFU);
  const unsigned sum = std::accumulate(body.begin(), body.end(), 0U, [](unsigned all, char c) {
    return all + static_cast<unsigned char>(c);
  });
  return octets({0x68, length, length, 0x68}) + body + octets({sum & 0xFFU, 0x16});
}

/// An APDU in M-Bus frames of `part_size` bytes of data.
inline std::string mbus(std::string_view apdu, std::size_t part_size = 245) {
  std::string frames;
  unsigned number = 0;
  while (true) {
    const auto part = apdu.substr(0, part_size);
    apdu.remove_prefix(part.size());
    frames += mbus_part(part, number++, apdu.empty());
    if (apdu.empty()) return frames;
  }
}

/// One block of a general-block-transfer.
inline std::string block(std::string_view data, unsigned number, bool last) {
  return octets({0xE0, last ? 0xC0U : 0x40U, 0, number, 0, 0}) +
         (data.size() < 0x80 ? octets({static_cast<unsigned>(data.size())})
                             : octets({0x82}) + high_byte_first(data.size())) +
         std::string{data};
}

/// A general-glo-ciphering envelope around bytes that look ciphered.
inline std::string glo(std::size_t size, unsigned security = 0x20) {
  std::string cipher;
  for (std::size_t i = 0; i < size; ++i) cipher.push_back(static_cast<char>(0x37 * i * i + 0x91));
  const std::size_t length = 5 + size;
  return octets({0xDB, 8}) + "KFM\x10 GE!" +
         (length < 0x80 ? octets({static_cast<unsigned>(length)})
                        : octets({0x82}) + high_byte_first(length)) +
         octets({security, 0, 0, 0, 7}) + cipher;
}

}  // namespace p1meter::test
