// SPDX-License-Identifier: Apache-2.0
// Framing: wired M-Bus long frames, as Austrian meters push them.
#include <numeric>

#include "framing/link_frame.hpp"

namespace p1meter {
namespace {

using Kind = LinkVerdict::Kind;

constexpr char stop = '\x16';
constexpr std::size_t start_size = 4;    // 68 L L 68
constexpr std::size_t end_size = 2;      // checksum, 16
constexpr std::size_t heading_size = 5;  // C A CI STSAP DTSAP
constexpr std::uint8_t first_reserved_address = 0xFD;

/// C is SND-UD with either frame count bit, A a broadcast, CI a transport layer part.
bool is_push(std::uint8_t control, std::uint8_t address, std::uint8_t information) noexcept {
  return (control & 0xDFU) == 0x53 && address >= first_reserved_address &&
         (information & 0xE0U) == 0;
}

bool sum_fits(std::string_view body, std::uint8_t sum) noexcept {
  const unsigned total = std::accumulate(body.begin(), body.end(), 0U, [](unsigned all, char c) {
    return all + static_cast<std::uint8_t>(c);
  });
  return (total & 0xFFU) == sum;
}

LinkVerdict whole(std::string_view bytes, std::size_t length) noexcept {
  LinkVerdict verdict{Kind::whole};
  LinkFrame& frame = verdict.frame;
  const std::uint8_t information = octet(bytes, start_size + 2);
  frame.link = Link::mbus;
  frame.size = start_size + length + end_size;
  frame.part_begin = start_size + heading_size;
  frame.part_end = start_size + length;
  frame.number = information & 0x0FU;
  frame.last = (information & 0x10U) != 0;
  if (!sum_fits(bytes.substr(start_size, length), octet(bytes, frame.part_end))) {
    frame.fault = ProblemCode::crc_mismatch;
    frame.fault_at = frame.part_end;
  }
  return verdict;
}

bool has_room(std::string_view bytes, std::size_t length) noexcept {
  return bytes.size() >= start_size + length + end_size;
}

bool ends_after(std::string_view bytes, std::size_t length) noexcept {
  return bytes[start_size + length + 1] == stop;
}

}  // namespace

LinkVerdict judge_mbus(std::string_view bytes, bool last_chance) noexcept {
  const std::size_t seen = bytes.size();
  if (seen > 2 && bytes[1] != bytes[2]) return {};
  if (seen > 3 && bytes[3] != bytes[0]) return {};
  if (seen < start_size + 3) return {Kind::incomplete};
  if (!is_push(octet(bytes, 4), octet(bytes, 5), octet(bytes, 6))) return {};
  const std::size_t length = octet(bytes, 1);
  LinkVerdict damaged{Kind::broken};
  if (length >= heading_size) {
    if (!has_room(bytes, length)) return {Kind::awaited};
    if (ends_after(bytes, length)) {
      damaged = whole(bytes, length);
      if (!damaged.frame.fault) return damaged;
    }
  }
  // Sagemcom T210-D writes a length of 257 as 1.
  constexpr std::size_t carry = 256;
  if (!has_room(bytes, length + carry)) {
    const bool judged = last_chance && damaged.kind == Kind::whole;
    return judged ? damaged : LinkVerdict{Kind::awaited};
  }
  if (!ends_after(bytes, length + carry)) return damaged;
  const LinkVerdict carried = whole(bytes, length + carry);
  return carried.frame.fault && damaged.kind == Kind::whole ? damaged : carried;
}

}  // namespace p1meter
