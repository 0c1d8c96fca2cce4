// SPDX-License-Identifier: Apache-2.0
// Framing: HDLC frames, format type 3, by their length: there is no byte stuffing.
#include "framing/link_frame.hpp"
#include "p1meter/framing/crc16.hpp"

namespace p1meter {
namespace {

using Kind = LinkVerdict::Kind;

constexpr char flag = '\x7E';
constexpr std::size_t format_size = 2;
constexpr std::size_t check_size = 2;
constexpr std::size_t longest_address = 4;
constexpr std::size_t least_length = 7;  // format, two addresses, control, FCS

bool check_fits(std::string_view covered, std::string_view check) noexcept {
  return crc16_x25(covered) == (octet(check, 0) | octet(check, 1) << 8);
}

/// Behind two addresses, whose last bytes have bit 0 set, and the control byte.
enum class Header : std::uint8_t { whole, incomplete, impossible };
Header pass_header(std::string_view bytes, std::size_t& at) noexcept {
  at = 1 + format_size;
  for (int address = 0; address < 2; ++address) {
    for (std::size_t length = 1;; ++length, ++at) {
      if (at >= bytes.size()) return Header::incomplete;
      if ((octet(bytes, at) & 1U) != 0) break;
      if (length == longest_address) return Header::impossible;
    }
    ++at;
  }
  ++at;  // control: any value
  return Header::whole;
}

/// What the bytes from a flag on say before the frame's end is looked at.
struct Beginning {
  Kind kind{Kind::none};  // whole: the fields below are known
  std::size_t length{};   // of the frame, without its flags
  std::size_t header_end{};
  bool has_information{};
  bool header_right{};  // the header check fits; without information there is none
};

Beginning read_beginning(std::string_view bytes) noexcept {
  constexpr std::size_t format_end = 1 + format_size;
  if (bytes.size() >= 2 && (octet(bytes, 1) & 0xF0U) != 0xA0) return {};  // this flag ended a frame
  if (bytes.size() < format_end) return {Kind::incomplete};
  Beginning begin{Kind::whole};
  begin.length = (octet(bytes, 1) & 0x07U) << 8U | octet(bytes, 2);
  if (begin.length < least_length) return {};
  const Header header = pass_header(bytes, begin.header_end);
  if (header == Header::incomplete) return {Kind::incomplete};
  const std::size_t frame_check = 1 + begin.length - check_size;
  begin.has_information = begin.header_end + check_size <= frame_check;
  if (header == Header::impossible) return {};
  if (!begin.has_information && begin.header_end != frame_check) return {};
  if (bytes.size() < begin.header_end + check_size) return {Kind::incomplete};
  begin.header_right =
      begin.has_information &&
      check_fits(bytes.substr(1, begin.header_end - 1), bytes.substr(begin.header_end, check_size));
  return begin;
}

}  // namespace

LinkVerdict judge_hdlc(std::string_view bytes) noexcept {
  const Beginning begin = read_beginning(bytes);
  if (begin.kind != Kind::whole) return {begin.kind};
  const std::size_t frame_check = 1 + begin.length - check_size;
  LinkVerdict verdict{Kind::whole};
  LinkFrame& frame = verdict.frame;
  frame.link = Link::hdlc;
  frame.size = 1 + begin.length + 1;
  if (begin.has_information && !begin.header_right) {
    verdict.kind = Kind::doubtful;
    frame.fault = ProblemCode::hcs_mismatch;
    frame.fault_at = begin.header_end;
    return verdict;
  }
  if (bytes.size() < frame.size) return {begin.has_information ? Kind::awaited : Kind::incomplete};
  if (bytes[frame.size - 1] != flag) return {begin.has_information ? Kind::broken : Kind::none};
  frame.part_begin = begin.has_information ? begin.header_end + check_size : frame_check;
  frame.part_end = frame_check;
  frame.last = (octet(bytes, 1) & 0x08U) == 0;
  if (!check_fits(bytes.substr(1, frame_check - 1), bytes.substr(frame_check, check_size))) {
    if (!begin.has_information) return {};
    frame.fault = ProblemCode::crc_mismatch;
    frame.fault_at = frame_check;
  }
  return verdict;
}

}  // namespace p1meter
