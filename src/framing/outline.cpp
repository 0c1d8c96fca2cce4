// SPDX-License-Identifier: Apache-2.0
// Framing: what each byte of a frame is.
#include "p1meter/framing/outline.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "framing/ending.hpp"
#include "framing/link_frame.hpp"
#include "p1meter/framing/crc16.hpp"

namespace p1meter {
namespace {

std::string number_text(std::size_t number) { return std::to_string(number); }

std::string hex_number(std::uint16_t number) {
  const std::string octets{static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
  return outline_hex(octets);
}
std::string hex_octet(std::uint8_t octet) {
  return outline_hex(std::string(1, static_cast<char>(octet)));
}

constexpr std::string_view unexplained = "bytes that nothing explains";

// ---- text ----

std::string_view rule_name(ChecksumRule rule) noexcept {
  return rule == ChecksumRule::x25 ? "CRC-16/X-25" : "CRC-16/ARC";
}

std::string checksum_text(const Frame& frame) {
  const auto body = frame.bytes.substr(0, frame.body_size);
  const auto sent = frame.bytes.substr(frame.body_size);
  const std::string shown = outline_text(sent.substr(0, sent.find_first_of("\r\n")));
  switch (frame.integrity) {
    case Integrity::ok:
      return "end, checksum " + shown + ": right by " + std::string{rule_name(frame.checksum)};
    case Integrity::absent:
      return "end, without a checksum";
    case Integrity::bad:
      break;
  }
  if (frame.line_ends_changed) {
    return "end, checksum " + shown + ": right only with CR LF at the end of every line";
  }
  return "end, checksum " + shown + ": wrong, CRC-16/ARC gives " + hex_number(crc16_arc(body)) +
         ", CRC-16/X-25 " + hex_number(crc16_x25(body));
}

Outline outline_text_frame(const Frame& frame) {
  Outline outline;
  OutlineWriter writer{frame.bytes, outline};
  const std::size_t end = frame.ended ? frame.body_size - 1 : frame.body_size;
  const std::size_t header = std::min(line_size(frame.bytes), end);
  const auto line = frame.bytes.substr(0, header);
  writer.take(header, "header: " + outline_text(line.substr(0, line.find_first_of("\r\n"))));
  writer.take(end - header, std::string{undescribed_lines});
  writer.take(frame.bytes.size() - end, checksum_text(frame));
  return outline;
}

// ---- what link frames carry ----

/// The place of a link frame among those of its frame.
struct Part {
  std::size_t number{1};  // of the parts of one unit: an APDU or a block
  bool last{true};
};

/// general-block-transfer. Source    Green Book, figure 40
void write_block(OutlineWriter& writer, const Part& part) {
  const auto bytes = writer.left();
  const auto has = [&](std::size_t size) { return bytes.size() >= size; };
  const std::size_t line = writer.open("general-block-transfer");
  writer.take(1, "tag: general-block-transfer");
  if (has(2)) {
    const std::uint8_t control = octet(bytes, 1);
    writer.take(1, std::string{(control & 0x80U) != 0 ? "control: last block"
                                                      : "control: more blocks follow"} +
                       ((control & 0x40U) != 0 ? ", streaming" : ", not streaming") + ", window " +
                       number_text(control & 0x3FU));
  }
  const auto word_at = [&](std::size_t i) {
    return has(i + 2)
               ? number_text(static_cast<std::size_t>(octet(bytes, i)) << 8U | octet(bytes, i + 1))
               : "";
  };
  writer.take(2, "block number " + word_at(2));
  writer.take(2, "block number acknowledged " + word_at(4));
  constexpr std::size_t length_at = 6;
  const auto at_length = bytes.substr(std::min(length_at, bytes.size()));
  const AxdrLength length = read_axdr_length(at_length);
  if (length.is_within(at_length.size())) {
    writer.take(length.size, "length of the block: " + number_text(length.value));
    const std::size_t left = writer.left().size();
    const bool goes_on = !part.last && length.value > left;
    writer.take(goes_on ? left : length.value, goes_on ? "block, the beginning" : "block");
  }
  writer.take(writer.left().size(), std::string{unexplained});
  writer.close(line);
}

/// What a link frame carries: an APDU, a block, or a part of one.
void write_part(OutlineWriter& writer, std::size_t size, const Part& part) {
  const auto bytes = writer.left().substr(0, size);
  if (part.number == 1 && bytes.starts_with(apdu_tag::block_transfer)) {
    Outline lines;
    // The block's own writer ends where the link frame's data end.
    OutlineWriter block{bytes, lines};
    write_block(block, part);
    writer.append(std::move(lines), bytes.size());
    return;
  }
  const std::string length = ", " + counted(bytes.size(), "octet");
  if (part.number == 1 && part.last) return writer.take(size, "APDU" + length);
  writer.take(size, "part " + number_text(part.number) + (part.last ? ", the last" : "") + length);
}

std::string check_text(std::string_view name, std::string_view covered, std::string_view check) {
  std::string text{name};
  if (check.size() < 2) return text;
  const auto sent = static_cast<std::uint16_t>(octet(check, 0) | octet(check, 1) << 8U);
  const std::uint16_t computed = crc16_x25(covered);
  text += " " + hex_number(sent);
  return text +
         (sent == computed ? ": right" : ": wrong, these bytes give " + hex_number(computed));
}

// ---- HDLC ----

/// An address has seven bits an octet; the last octet has bit 0 set. At most four octets.
void write_address(OutlineWriter& writer, std::string_view name) {
  constexpr std::size_t longest = 4;
  std::size_t size = 0;
  std::size_t value = 0;
  for (const char c : writer.left().substr(0, longest)) {
    ++size;
    value = value << 7U | static_cast<std::uint8_t>(c) >> 1U;
    if ((static_cast<std::uint8_t>(c) & 1U) != 0) break;
  }
  writer.take(size, std::string{name} + " address " + number_text(value));
}

std::string control_text(std::uint8_t control) {
  constexpr std::uint8_t poll_final = 0x10;
  std::string text = "control " + hex_octet(control);
  if ((control & 0xEFU) == 0x03) text += ": unnumbered information (UI)";
  if ((control & 0x01U) == 0) text += ": information (I)";
  if ((control & poll_final) != 0) text += ", final";
  return text;
}

void write_hdlc(OutlineWriter& writer, const Part& part) {
  const auto frame = writer.left();
  const std::size_t line = writer.open("HDLC frame, " + counted(frame.size(), "byte"));
  writer.take(1, "flag");
  std::size_t length = 0;
  std::string format = "format";
  if (frame.size() >= 3) {
    const std::uint8_t high = octet(frame, 1);
    length = (high & 0x07U) << 8U | octet(frame, 2);
    format = "format: type " + std::string{(high & 0xF0U) == 0xA0 ? "3" : "unknown"} +
             ((high & 0x08U) != 0 ? ", segmented (more follow)" : ", not segmented or the last") +
             ", length " + number_text(length);
  }
  writer.take(2, format);
  write_address(writer, "destination");
  write_address(writer, "source");
  if (!writer.left().empty()) writer.take(1, control_text(octet(writer.left(), 0)));
  const std::size_t check_at = length > 2 ? length - 1 : frame.size();
  const std::size_t header_end = writer.at();
  const auto covered = [&](std::size_t end) {
    return frame.substr(std::min<std::size_t>(1, frame.size()), std::max<std::size_t>(end, 1) - 1);
  };
  if (header_end < check_at) {
    writer.take(2,
                check_text("header check (HCS)", covered(header_end), writer.left().substr(0, 2)));
    const std::size_t size = check_at - std::min(check_at, writer.at());
    if (size > 0 && !writer.left().empty()) {
      const bool cut = size > writer.left().size();
      const std::size_t inside =
          writer.open("information, " + counted(size, "byte") + (cut ? " (cut off)" : ""));
      const auto information = writer.left().substr(0, size);
      std::size_t llc = 0;
      if (part.number == 1 && information.size() >= 3 && information.starts_with('\xE6')) {
        const bool response = information[1] == '\xE7';
        if ((response || information[1] == '\xE6') && information[2] == '\0') {
          llc = 3;
          writer.take(llc, response ? "LLC: response" : "LLC: command");
        }
      }
      if (information.size() > llc) write_part(writer, information.size() - llc, part);
      writer.close(inside);
    }
  }
  if (writer.at() == check_at) {
    writer.take(2, check_text("frame check (FCS)", covered(check_at), writer.left().substr(0, 2)));
    writer.take(1, "flag");
  }
  writer.take(writer.left().size(), std::string{unexplained});
  writer.close(line);
}

// ---- M-Bus ----

std::string mbus_length_text(std::uint8_t written, std::size_t length, bool whole) {
  std::string text = "length (twice): " + number_text(written);
  if (whole && written != length) {
    text += " means " + number_text(length) + ", for one octet holds no more than 255";
  }
  return text;
}

std::string part_text(std::uint8_t information) {
  std::string text = "CI: part number " + number_text(information & 0x0FU);
  return text + ((information & 0x10U) != 0 ? ", the last" : ", more follow");
}

void write_mbus(OutlineWriter& writer, bool whole, const Part& part) {
  constexpr std::size_t start_size = 4;
  constexpr std::size_t end_size = 2;
  const auto frame = writer.left();
  const auto byte = [&](std::size_t i) -> std::uint8_t {
    return i < frame.size() ? octet(frame, i) : 0;
  };
  const std::size_t body_end = whole ? frame.size() - end_size : frame.size();
  const std::size_t line = writer.open("M-Bus long frame, " + counted(frame.size(), "byte"));
  writer.take(1, "start");
  writer.take(2, mbus_length_text(byte(1), body_end - std::min(body_end, start_size), whole));
  writer.take(1, "start");
  writer.take(1, "C: " + hex_octet(byte(4)) + ", data for the other side (SND-UD)");
  writer.take(1, "A: " + number_text(byte(5)) + (byte(5) == 0xFF ? ", to all" : ""));
  writer.take(1, part_text(byte(6)));
  writer.take(1, "STSAP: " + number_text(byte(7)));
  writer.take(1, "DTSAP: " + number_text(byte(8)));
  if (writer.at() < body_end) write_part(writer, body_end - writer.at(), part);
  if (whole) {
    const auto body = frame.substr(start_size, body_end - start_size);
    const unsigned sum = std::accumulate(body.begin(), body.end(), 0U, [](unsigned all, char c) {
      return all + static_cast<std::uint8_t>(c);
    });
    const auto computed = static_cast<std::uint8_t>(sum);
    writer.take(
        1, "checksum " + hex_octet(byte(body_end)) +
               (byte(body_end) == computed ? ": right"
                                           : ": wrong, these bytes give " + hex_octet(computed)));
    writer.take(1, "stop");
  }
  writer.close(line);
}

// ---- link frames ----

Outline outline_link_frames(const Frame& frame) {
  Outline outline;
  Part part;
  for (std::size_t at = 0; at < frame.bytes.size();) {
    const auto rest = frame.bytes.substr(at);
    const LinkVerdict verdict = judge_link_frame(rest, rest.size(), true);
    const bool whole = verdict.kind == LinkVerdict::Kind::whole;
    const auto bytes = rest.substr(0, whole ? verdict.frame.size : rest.size());
    part.last = !whole || verdict.frame.last;
    OutlineWriter writer{bytes, outline, at};
    if (bytes.starts_with('\x7E')) {
      write_hdlc(writer, part);
    } else if (bytes.starts_with('\x68')) {
      write_mbus(writer, whole, part);
    } else {
      writer.take(bytes.size(), std::string{unexplained});
    }
    part.number = part.last ? 1 : part.number + 1;
    at += bytes.size();
  }
  return outline;
}

}  // namespace

Outline outline_frame(const Frame& frame) {
  if (frame.kind == Frame::Kind::text) return outline_text_frame(frame);
  if (frame.link != Link::none) return outline_link_frames(frame);
  Outline outline;
  OutlineWriter{frame.bytes, outline}.take(
      frame.bytes.size(), "APDU without link layer, " + counted(frame.bytes.size(), "byte"));
  return outline;
}

}  // namespace p1meter
