// SPDX-License-Identifier: Apache-2.0
// Pipeline: frames of every kind become telegrams.
#include "p1meter/pipeline/frame_reader.hpp"

#include <gtest/gtest.h>

#include "p1meter/framing/crc16.hpp"
#include "support/link_frames.hpp"

namespace p1meter {
namespace {

using test::block;
using test::hdlc;
using test::hex_octets;

/// The first telegram of a stream, and the bytes it came from.
class Read {
 public:
  explicit Read(std::string_view stream, std::optional<DecipherKeys> keys = std::nullopt)
      : reader_{{}, std::move(keys)} {
    framer_.push(stream);
    auto frame = framer_.next();
    if (!frame) frame = framer_.finish();
    if (frame) reader_.read(*frame, telegram);
  }

  Telegram telegram{};

 private:
  Framer framer_{};
  FrameReader reader_;
};

std::optional<DecipherKeys> keys(std::string_view encryption) {
  return DecipherKeys{.encryption = *parse_cipher_key(encryption)};
}

const std::string one_power =
    hex_octets("0F 40000000 00 0101 0203 0906 0100010700FF 06 000004D2 0202 0F00 161B");

TEST(AFrameReader, gives_offsets_in_the_frame_also_when_blocks_carry_the_apdu) {
  const auto stream =
      hdlc(block(one_power.substr(0, 8), 1, false)) + hdlc(block(one_power.substr(8), 2, true));
  const Read read{stream};

  ASSERT_EQ(read.telegram.objects.size(), 1U);
  const auto& object = read.telegram.objects.front();
  EXPECT_EQ(object.obis, (Obis{1, 0, 1, 7, 0}));
  EXPECT_EQ(object.number, (Decimal{1234, 0}));
  EXPECT_EQ(read.telegram.integrity, Integrity::ok);
  EXPECT_EQ(read.telegram.link, Link::hdlc);
  EXPECT_EQ(stream.substr(object.offset, 2), hex_octets("0203"));
}

/// 0-0:1.0.0(240115150010W), 1-0:1.8.0(000123.456*kWh), 1-0:1.7.0(00.512*kW), ciphered with a
/// system title of no octets and the public authentication key.
std::string ciphered_lines() {
  return hex_octets(
      "0082005C3000000005A276586A76925EC84811BE34C8DDAA706EBC24C66A2F69D0D6335582DAFE3170C0193F"
      "F2938A8DA2E5641562790535C086D01ED72115AE241E181F74A5847248AE325F2419A1A6471A8AF3FAEAAF4E"
      "052CFF4B844BEB1F");
}

std::string text_around(const std::string& body) {
  std::string text = "/KFM5KAIFA-METER\r\n\r\n" + body + "!";
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto crc = crc16_arc(text);
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[crc >> shift & 0xF];
  return text + "\r\n";
}

TEST(AFrameReader, opens_the_ciphered_body_of_a_text_as_in_warsaw) {
  const auto stream = text_around(ciphered_lines());
  const Read read{stream, keys("KaifaTestKey-016")};

  EXPECT_TRUE(read.telegram.encrypted);
  EXPECT_EQ(read.telegram.protocol, Protocol::dsmr);
  EXPECT_EQ(read.telegram.identification, "KFM5KAIFA-METER");
  EXPECT_EQ(read.telegram.integrity, Integrity::ok);
  EXPECT_TRUE(read.telegram.problems.empty());
  ASSERT_EQ(read.telegram.objects.size(), 3U);
  EXPECT_EQ(read.telegram.objects[1].number, (Decimal{123456, -3}));
  ASSERT_TRUE(read.telegram.time);
  EXPECT_EQ(read.telegram.time->minute, 0);
}

TEST(AFrameReader, says_which_key_a_ciphered_text_wants) {
  const auto stream = text_around(ciphered_lines());
  const Read closed{stream};
  ASSERT_EQ(closed.telegram.problems.size(), 1U);
  EXPECT_EQ(closed.telegram.problems[0].code, ProblemCode::key_missing);
  EXPECT_TRUE(closed.telegram.objects.empty());

  const Read wrong{stream, keys("another test key")};
  ASSERT_EQ(wrong.telegram.problems.size(), 1U);
  EXPECT_EQ(wrong.telegram.problems[0].code, ProblemCode::key_wrong);
  EXPECT_EQ(wrong.telegram.integrity, Integrity::bad);
}

TEST(AFrameReader, calls_a_ciphered_text_with_a_wrong_checksum_bad) {
  auto stream = text_around(ciphered_lines());
  stream[60] = static_cast<char>(stream[60] ^ 1);
  const Read read{stream, keys("KaifaTestKey-016")};
  EXPECT_EQ(read.telegram.integrity, Integrity::bad);
}

}  // namespace
}  // namespace p1meter
