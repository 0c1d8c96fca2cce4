// SPDX-License-Identifier: Apache-2.0
// Framing: HDLC, M-Bus and bare envelopes, alone and among each other.
#include <gtest/gtest.h>

#include "p1meter/framing/framer.hpp"
#include "support/framed.hpp"
#include "support/link_frames.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter {
namespace {

using test::block;
using test::Framed;
using test::framed;
using test::glo;
using test::hdlc;
using test::hex_octets;
using test::mbus;
using test::mbus_part;
using test::octets;
using test::telegram;

/// An APDU of so many bytes that holds every byte value.
std::string apdu(std::size_t size) {
  std::string text = "\x0F";
  while (text.size() < size) text.push_back(static_cast<char>(text.size() * 7));
  return text;
}

/// The APDUs of a stream, in order; text telegrams as they are.
std::vector<std::string> contents(const Framed& result) {
  std::vector<std::string> list;
  for (const auto& frame : result.frames) {
    list.push_back(frame.kind == Frame::Kind::text ? frame.bytes : frame.apdu);
  }
  return list;
}

using List = std::vector<std::string>;

TEST(ABinaryFramer, reads_the_worked_example_of_an_hdlc_frame) {
  const auto frame = hex_octets(
      "7E A02A 41 0883 13 0413 E6E700 0F 40000000 00 0101 0203 0906 0100010700FF 06 000004D2 0202 "
      "0F00 161B 19F2 7E");
  const auto result = framed(frame);
  ASSERT_EQ(result.frames.size(), 1U);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  EXPECT_EQ(result.frames[0].link, Link::hdlc);
  EXPECT_EQ(result.frames[0].apdu, frame.substr(12, 29));
  EXPECT_EQ(result.frames[0].piece, (Piece{0, 12}));
  EXPECT_EQ(result.skipped_bytes, 0U);
}

TEST(ABinaryFramer, finds_a_frame_by_its_length_although_it_holds_flags) {
  const auto inner = octets({0x0F, 0x7E, 0x7D, 0x7E, 0xA0, 0x07, 0x7E});
  EXPECT_EQ(contents(framed(hdlc(inner))), List{inner});
}

TEST(ABinaryFramer, lets_one_flag_end_a_frame_and_open_the_next) {
  const auto first = hdlc(apdu(20));
  const auto result = framed(first + hdlc(apdu(30)).substr(1) + hdlc(apdu(10)));
  EXPECT_EQ(contents(result), (List{apdu(20), apdu(30), apdu(10)}));
  EXPECT_EQ(result.skipped_bytes, 0U);
}

TEST(ABinaryFramer, joins_hdlc_segments_whose_first_has_the_llc) {
  const auto whole = apdu(50);
  const auto stream = hdlc(whole.substr(0, 20), {.segmented = true}) +
                      hdlc(whole.substr(20, 20), {.segmented = true, .llc = false}) +
                      hdlc(whole.substr(40), {.llc = false});
  const auto result = framed(stream);
  ASSERT_EQ(contents(result), List{whole});
  EXPECT_EQ(result.frames[0].bytes, stream);
  EXPECT_EQ(result.frames[0].pieces, 3U);
}

TEST(ABinaryFramer, joins_no_segments_across_a_hole) {
  const auto whole = apdu(50);
  const auto first = hdlc(whole.substr(0, 20), {.segmented = true});
  const auto middle = hdlc(whole.substr(20, 20), {.segmented = true, .llc = false});
  const auto last = hdlc(whole.substr(40), {.llc = false});
  auto damaged = middle;
  damaged[7] = static_cast<char>(damaged[7] ^ 1);  // the header check: the frame is not believed
  const auto result = framed(first + damaged + last + first + middle + last);
  EXPECT_EQ(contents(result).back(), whole);
  for (const auto& frame : result.frames) {
    EXPECT_TRUE(frame.apdu == whole || frame.apdu == whole.substr(40)) << frame;
  }
  EXPECT_EQ(contents(framed(first + middle + first + middle + last)), List{whole});
}

TEST(ABinaryFramer, takes_a_frame_without_information_for_no_telegram) {
  const auto empty = hex_octets("7E A007 03 21 93");
  const auto body = empty.substr(1);
  const auto stream = "\x7E" + body + test::low_byte_first(crc16_x25(body)) + "\x7E";
  EXPECT_EQ(contents(framed(stream + hdlc(apdu(20)) + stream)), List{apdu(20)});
}

TEST(ABinaryFramer, joins_the_blocks_of_a_transfer) {
  const auto whole = apdu(300);
  const auto blocks = {hdlc(block(whole.substr(0, 120), 1, false)),
                       hdlc(block(whole.substr(120, 120), 2, false), {.llc = false}),
                       hdlc(block(whole.substr(240), 3, true), {.llc = false})};
  std::string stream;
  for (const auto& each : blocks) stream += each;
  EXPECT_EQ(contents(framed(stream)), List{whole});
}

TEST(ABinaryFramer, drops_a_transfer_whose_block_is_missing_and_reads_the_next) {
  const auto one = hdlc(block(apdu(20), 1, false));
  const auto two = hdlc(block(apdu(20), 2, false));
  const auto three = hdlc(block(apdu(20), 3, true));
  const auto whole = apdu(20) + apdu(20) + apdu(20);
  for (const auto& broken : {one + three, one + one + two, two + three, one + two + two}) {
    const auto result = framed(broken + one + two + three);
    EXPECT_EQ(contents(result).back(), whole);
    EXPECT_GE(result.truncated, 1U);
    for (const auto& dropped : result.dropped) EXPECT_EQ(dropped, ProblemCode::part_missing);
  }
}

TEST(ABinaryFramer, does_not_forget_that_a_block_was_damaged_when_a_set_begins_anew) {
  auto damaged = hdlc(block(apdu(30), 1, false));
  damaged[25] = static_cast<char>(damaged[25] ^ 1);
  const auto result = framed(damaged + damaged + hdlc(block(apdu(20), 2, true)));
  ASSERT_FALSE(result.frames.empty());
  EXPECT_EQ(result.frames.back().apdu.size(), 50U);
  EXPECT_EQ(result.frames.back().integrity, Integrity::bad);
}

TEST(ABinaryFramer, drops_a_block_with_an_impossible_length_or_number) {
  for (const auto& bad : {octets({0xE0, 0xC0, 0, 1, 0, 0, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1}),
                          octets({0xE0, 0xC0, 0, 0, 0, 0, 1, 7}), octets({0xE0, 0xC0, 0}),
                          octets({0xE0, 0xC0, 0, 1, 0, 0, 0x88, 0})}) {
    const auto result = framed(hdlc(bad) + hdlc(apdu(9)));
    EXPECT_EQ(contents(result), List{apdu(9)});
    EXPECT_EQ(result.dropped, std::vector{ProblemCode::part_malformed});
  }
}

TEST(ABinaryFramer, joins_mbus_frames) {
  const auto whole = apdu(400);
  const auto result = framed(mbus(whole));
  ASSERT_EQ(contents(result), List{whole});
  EXPECT_EQ(result.frames[0].link, Link::mbus);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
}

TEST(ABinaryFramer, reads_a_sagemcom_frame_of_257_bytes_whose_length_says_1) {
  const auto whole = apdu(260);
  const auto stream =
      mbus_part(whole.substr(0, 252), 0, false) + mbus_part(whole.substr(252), 1, true);
  ASSERT_EQ(stream.substr(0, 4), octets({0x68, 1, 1, 0x68}));
  EXPECT_EQ(contents(framed(stream)), List{whole});
}

TEST(ABinaryFramer, drops_mbus_parts_that_lack_one) {
  const auto whole = mbus(apdu(60), 20);
  const std::size_t part = 20 + 11;
  for (const auto& broken : {whole.substr(part), whole.substr(0, part) + whole.substr(2 * part),
                             whole.substr(0, 2 * part)}) {
    const auto result = framed(broken + mbus(apdu(30)));
    EXPECT_EQ(contents(result), List{apdu(30)});
    EXPECT_GE(result.truncated, 1U);
  }
}

TEST(ABinaryFramer, gives_a_bare_envelope_in_every_length_form_and_security) {
  for (const unsigned security : {0x20U, 0x21U, 0x30U, 0x31U}) {
    for (const std::size_t size : {40U, 122U, 123U, 300U}) {
      const auto result = framed("noise" + glo(size, security));
      ASSERT_EQ(contents(result), List{glo(size, security)});
      EXPECT_EQ(result.frames[0].integrity, Integrity::absent);
      EXPECT_EQ(result.frames[0].link, Link::none);
    }
  }
}

using Crc = std::uint16_t (*)(std::string_view);

/// Header, an empty line, the body, and the checksum over all of it.
std::string ciphered_text(std::string_view body, Crc checksum = crc16_arc) {
  std::string text = "/EGM5G35\r\n\r\n" + std::string{body} + "!";
  const auto crc = checksum(text);
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[crc >> shift & 0xF];
  return text + "\r\n";
}

TEST(ABinaryFramer, finds_the_end_of_a_text_by_the_length_of_its_ciphered_body) {
  auto body = octets({0x00, 0x82, 0x01, 0x10, 0x30, 0, 0, 0, 5});
  while (body.size() < 4 + 0x110) body.push_back(static_cast<char>(0x37 * body.size() + 0x91));
  body.replace(60, 6, "\r\n!12\n");
  const auto stream = ciphered_text(body);
  const auto plain = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  for (const auto& whole : {framed(stream + plain), framed("noise" + stream + plain)}) {
    ASSERT_EQ(whole.frames.size(), 2U);
    EXPECT_EQ(whole.frames[0].bytes, stream);
    EXPECT_EQ(whole.frames[0].apdu, body);
    EXPECT_EQ(whole.frames[0].integrity, Integrity::ok);
    EXPECT_EQ(whole.frames[1].bytes, plain);
  }
  for (std::size_t cut = 0; cut < stream.size(); ++cut) {
    test::FrameCollector collector;
    collector.push(stream.substr(0, cut));
    collector.push(stream.substr(cut) + plain);
    ASSERT_EQ(collector.finish(), framed(stream + plain)) << cut;
  }
}

TEST(ABinaryFramer, knows_the_checksum_of_a_ciphered_body_in_either_order) {
  auto body = octets({0x00, 0x82, 0x00, 0x39, 0x30, 0, 0, 0, 5});
  while (body.size() < 4 + 0x39) body.push_back(static_cast<char>(0x37 * body.size() + 0x91));
  const Crc low_octet_first = [](std::string_view text) {
    const auto crc = crc16_x25(text);
    return static_cast<std::uint16_t>(crc << 8U | crc >> 8U);
  };
  for (const Crc checksum : {Crc{crc16_arc}, Crc{crc16_x25}, low_octet_first}) {
    const auto result = framed(ciphered_text(body, checksum));
    ASSERT_EQ(result.frames.size(), 1U);
    EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  }
}

TEST(ABinaryFramer, takes_a_second_ciphered_body_for_what_it_is_however_it_comes) {
  auto body = octets({0x00, 0x82, 0x00, 0x39, 0x30, 0, 0, 0, 5});
  while (body.size() < 4 + 0x39) body.push_back(static_cast<char>(0x37 * body.size() + 0x91));
  const auto stream = ciphered_text(body + body + "\r\n") + ciphered_text(body);
  test::FrameCollector bytewise;
  for (const char c : stream) bytewise.push({&c, 1});
  EXPECT_EQ(bytewise.finish(), framed(stream));
}

TEST(ABinaryFramer, finds_a_text_that_follows_a_ciphered_one_which_broke_off) {
  auto body = octets({0x00, 0x82, 0x00, 0x39, 0x30, 0, 0, 0, 5});
  while (body.size() < 4 + 0x39) body.push_back(static_cast<char>(0x37 * body.size() + 0x91));
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "1-0:1.8.0(000123.456*kWh)\r\n";
  const auto plain = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  const auto result = framed("/ABC5x\r\n" + lines + body + "junk" + plain);
  ASSERT_EQ(result.frames.size(), 1U);
  EXPECT_EQ(result.frames[0].bytes, plain);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  EXPECT_EQ(result.frames[0].apdu, "");
}

TEST(ABinaryFramer, gives_a_frame_whose_check_fails_once_as_bad) {
  auto damaged = hdlc(apdu(40));
  damaged[20] = static_cast<char>(damaged[20] ^ 4);
  const auto result = framed(hdlc(apdu(9)) + damaged + hdlc(apdu(12)));
  ASSERT_EQ(result.frames.size(), 3U);
  EXPECT_EQ(result.frames[1].integrity, Integrity::bad);
  EXPECT_EQ(result.frames[1].fault, ProblemCode::crc_mismatch);
  EXPECT_EQ(result.frames[2].apdu, apdu(12));
  EXPECT_EQ(result.skipped_bytes, 0U);

  auto sum = mbus(apdu(40));
  sum[20] = static_cast<char>(sum[20] ^ 4);
  const auto other = framed(sum + mbus(apdu(12)));
  ASSERT_EQ(other.frames.size(), 2U);
  EXPECT_EQ(other.frames[0].integrity, Integrity::bad);
  EXPECT_EQ(other.frames[1].apdu, apdu(12));
}

TEST(ABinaryFramer, reports_a_wrong_header_check_and_believes_nothing_of_the_frame) {
  auto damaged = hdlc(apdu(40));
  damaged[7] = static_cast<char>(damaged[7] ^ 1);
  const auto result = framed(hdlc(apdu(9)) + damaged + hdlc(apdu(12)));
  EXPECT_EQ(contents(result), (List{apdu(9), apdu(12)}));
  EXPECT_EQ(result.dropped, std::vector{ProblemCode::hcs_mismatch});
}

TEST(ABinaryFramer, finds_a_frame_inside_one_that_lost_bytes) {
  const auto cut = hdlc(apdu(90)).substr(0, 40);
  const auto result = framed(cut + hdlc(apdu(30)) + hdlc(apdu(31)));
  EXPECT_EQ(contents(result).back(), apdu(31));
  EXPECT_EQ(contents(result)[contents(result).size() - 2], apdu(30));
}

TEST(ABinaryFramer, finds_frames_that_follow_a_text_which_broke_off) {
  const auto text = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  for (const auto& frame : {hdlc(apdu(30)), mbus(apdu(30)), glo(60)}) {
    for (std::size_t cut = 12; cut < text.size() - 2; cut += 3) {
      const auto result = framed(text.substr(0, cut) + frame + text);
      ASSERT_EQ(contents(result).back(), text) << cut;
      ASSERT_EQ(result.frames.size(), 2U) << cut;
    }
  }
}

TEST(ABinaryFramer,
     finds_frames_behind_noise_that_looks_like_a_header_up_to_their_first_line_feed) {
  auto whole = apdu(200);
  whole[5] = '\n';
  const auto noise = octets({'/', 'C', 0xCB, 0xCF});
  for (const auto& frame : {hdlc(whole), mbus(whole), mbus(whole, 60)}) {
    const auto result = framed(hdlc(apdu(9)) + noise + frame);
    EXPECT_EQ(contents(result), (List{apdu(9), whole}));
    EXPECT_EQ(result.skipped_bytes, noise.size());
  }
}

TEST(ABinaryFramer, gives_up_waiting_when_the_line_is_silent) {
  Framer framer;
  const auto frame = hdlc(apdu(30));
  framer.push(hdlc(apdu(200)).substr(0, 50) + frame);
  EXPECT_FALSE(framer.next());
  EXPECT_TRUE(framer.awaits_binary());
  framer.stop_waiting();
  const auto found = framer.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->apdu, apdu(30));
  EXPECT_FALSE(framer.next());
  EXPECT_FALSE(framer.awaits_binary());
  EXPECT_EQ(framer.counters().truncated, 1U);

  framer.push(mbus(apdu(300)).substr(0, 256));
  EXPECT_FALSE(framer.next());
  EXPECT_TRUE(framer.awaits_binary());
  framer.stop_waiting();
  EXPECT_FALSE(framer.next());
  EXPECT_FALSE(framer.awaits_binary());
  framer.push(frame);
  EXPECT_TRUE(framer.next());
}

TEST(ABinaryFramer, says_what_lacks_its_end_when_the_input_ends) {
  for (const auto& stream : {hdlc(apdu(200)).substr(0, 50), mbus(apdu(300)).substr(0, 100),
                             mbus(apdu(300)).substr(0, 256), glo(200).substr(0, 100),
                             hdlc(apdu(9), {.segmented = true}), hdlc(block(apdu(9), 1, false))}) {
    const auto result = framed(stream);
    ASSERT_EQ(result.frames.size(), 1U);
    EXPECT_FALSE(result.frames[0].ended);
    EXPECT_EQ(result.frames[0].integrity, Integrity::bad);
    EXPECT_EQ(result.frames[0].apdu, "");
  }
}

}  // namespace
}  // namespace p1meter
