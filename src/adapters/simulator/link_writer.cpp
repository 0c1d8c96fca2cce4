// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: link layers that carry an APDU, as bytes.
#include "adapters/simulator/link_writer.hpp"

#include <algorithm>

#include "adapters/simulator/axdr.hpp"
#include "p1meter/framing/crc16.hpp"

namespace p1meter::simulator {
namespace {

constexpr char flag = '\x7E';
constexpr std::string_view llc = "\xE6\xE7\0";
constexpr std::size_t llc_size = 3;
constexpr std::size_t blocks = 3;  // what Landis+Gyr takes

void append_checksum(std::string& bytes) {
  const std::uint16_t value = crc16_x25(bytes);
  bytes += static_cast<char>(value & 0xFFU);
  bytes += static_cast<char>(value >> 8U);
}

std::string with_llc(std::string_view apdu) {
  std::string bytes{llc.data(), llc_size};
  bytes += apdu;
  return bytes;
}

std::string segments(const LinkForm& form, std::string_view apdu) {
  const std::string information = with_llc(apdu);
  std::string bytes;
  for (std::size_t begin = 0; begin < information.size(); begin += form.piece) {
    const bool more = begin + form.piece < information.size();
    bytes += hdlc_frame(form, std::string_view{information}.substr(begin, form.piece), more);
  }
  return bytes;
}

// E0, control (last, streaming), block number, block acknowledged, length, block. The LLC is only
// in the first. Source    Green Book figure 40
std::string block_transfer(const LinkForm& form, std::string_view apdu) {
  const std::size_t size = (apdu.size() + blocks - 1) / blocks;
  std::string bytes;
  std::uint16_t number = 0;
  for (std::size_t begin = 0; begin < apdu.size(); begin += size) {
    const auto block = apdu.substr(begin, size);
    const bool last = begin + size >= apdu.size();
    std::string information{'\xE0', last ? '\xC0' : '\x40'};
    append_big_endian(information, ++number, 2);
    append_big_endian(information, 0, 2);
    append_length(information, block.size());
    information += block;
    bytes += hdlc_frame(form, begin == 0 ? with_llc(information) : information);
  }
  return bytes;
}

// 68 L L 68 | C A CI STSAP DTSAP data | CS 16. CI: 10 in the last, and the number of the frame. L
// is cut to a byte, as Sagemcom does with 257. Source    EN 13757-2
std::string mbus_frames(const LinkForm& form, std::string_view apdu) {
  std::string bytes;
  std::uint8_t number = 0;
  for (std::size_t begin = 0; begin < apdu.size(); begin += form.piece) {
    const auto data = apdu.substr(begin, form.piece);
    const bool last = begin + form.piece >= apdu.size();
    std::string body{'\x53', '\xFF', static_cast<char>((last ? 0x10U : 0U) | number++), '\x01',
                     '\x67'};
    body += data;
    const char length = static_cast<char>(body.size() & 0xFFU);
    bytes += {'\x68', length, length, '\x68'};
    bytes += body;
    unsigned sum = 0;
    for (const char byte : body) sum += static_cast<unsigned char>(byte);
    bytes += {static_cast<char>(sum & 0xFFU), '\x16'};
  }
  return bytes;
}

/// Bit 0 marks an address's last octet.
std::string octets(HdlcAddress address) {
  const auto octet = [](unsigned number, bool last) {
    return static_cast<char>(number << 1U | (last ? 1U : 0U));
  };
  if (!address.lower) return {octet(address.upper, true)};
  return {octet(address.upper, false), octet(*address.lower, true)};
}

}  // namespace

std::string hdlc_frame(const LinkForm& form, std::string_view information, bool segmented) {
  constexpr std::size_t around = 2 + 1 + 2 + 2;  // format, control, HCS, FCS
  const std::string addresses = octets(form.destination) + octets(form.source);
  const std::size_t length = around + addresses.size() + information.size();
  std::string bytes;
  append_big_endian(bytes, 0xA000U | (segmented ? 0x0800U : 0U) | length, 2);
  bytes += addresses;
  bytes += static_cast<char>(form.control);
  append_checksum(bytes);
  bytes += information;
  append_checksum(bytes);
  return flag + bytes + flag;
}

std::string link_frames(const LinkForm& form, std::string_view apdu) {
  switch (form.link) {
    case Link::hdlc:
      return hdlc_frame(form, with_llc(apdu));
    case Link::hdlc_segments:
      return segments(form, apdu);
    case Link::block_transfer:
      return block_transfer(form, apdu);
    case Link::mbus:
      return mbus_frames(form, apdu);
    case Link::bare:
      break;
  }
  return std::string{apdu};
}

}  // namespace p1meter::simulator
