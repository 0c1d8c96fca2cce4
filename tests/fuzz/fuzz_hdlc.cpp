// SPDX-License-Identifier: Apache-2.0
// Fuzzing: streams of HDLC frames.
#include "link_stream.hpp"

namespace {

using p1meter::test::plain_crc16_x25;

void write_sum(char* at, std::uint16_t sum) {
  at[0] = static_cast<char>(sum & 0xFFU);
  at[1] = static_cast<char>(sum >> 8U);
}

/// Writes the header check and the frame check of whatever has a frame's two flags, one behind the
/// other.
void seal_hdlc(char* bytes, std::size_t size) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t at = 0; at + 9 <= size; ++at) {
    if (bytes[at] != '\x7E' || (octet(at + 1) & 0xF0U) != 0xA0) continue;
    const std::size_t length = (octet(at + 1) & 0x07U) << 8U | octet(at + 2);
    const std::size_t end = at + 1 + length;  // of the frame: its second flag
    if (length < 7 || end >= size || bytes[end] != '\x7E') continue;
    std::size_t header_end = at + 3;
    for (int address = 0; address < 2; ++address) {
      while (header_end < end && (octet(header_end) & 1U) == 0) ++header_end;
      ++header_end;
    }
    ++header_end;
    if (header_end + 2 <= end - 2) {
      write_sum(bytes + header_end, plain_crc16_x25({bytes + at + 1, header_end - at - 1}));
    }
    write_sum(bytes + end - 2, plain_crc16_x25({bytes + at + 1, length - 2}));
    at = end - 1;
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t room, unsigned seed) {
  return p1meter::test::mutate_link_stream(data, size, room, seed, seal_hdlc);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  p1meter::test::check_link_stream(data, size);
  return 0;
}
