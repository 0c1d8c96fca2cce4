// SPDX-License-Identifier: Apache-2.0
// Component tests: what the simulator's writers make of known content, byte for byte.
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "adapters/simulator/axdr.hpp"
#include "adapters/simulator/ciphering.hpp"
#include "adapters/simulator/link_writer.hpp"

namespace p1meter::simulator {
namespace {

using namespace std::string_view_literals;

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4U];
    text += digits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

constexpr LinkForm aidon{
    .link = Link::hdlc, .destination = {32}, .source = {4, 65}, .control = 0x13};
constexpr LinkForm kaifa{.link = Link::hdlc, .destination = {0}, .source = {1, 0}, .control = 0x10};

// One list of {1-0:1.7.0, 1234, {0, W}}.
std::string aidon_apdu() {
  std::string data;
  append_container(data, AxdrType::array, 1);
  append_container(data, AxdrType::structure, 3);
  append_string(data, AxdrType::octet_string, "\x01\x00\x01\x07\x00\xFF"sv);
  append_integer(data, AxdrType::double_long_unsigned, 1234);
  append_scaler_unit(data, 0, 27);
  return data_notification(0x40000000, DateTimeForm::none, {}, data);
}

// A worked example of our own, as Green Book 8.4 says.
TEST(AnHdlcWriter, writes_aidons_first_list) {
  EXPECT_EQ(hex(link_frames(aidon, aidon_apdu())),
            "7EA02A410883130413E6E7000F40000000000101020309060100010700FF06000004D202020F00161B"
            "19F27E");
}

// A worked example of our own, as Kaifa specifies it.
TEST(AnHdlcWriter, writes_kaifas_first_list_with_its_tagged_clock) {
  const Instant instant = *parse_instant("2024-01-15T14:00:02+01:00");
  std::string data;
  append_container(data, AxdrType::structure, 1);
  append_integer(data, AxdrType::double_long_unsigned, 1234);
  const std::string apdu = data_notification(0x40000000, DateTimeForm::tagged,
                                             date_time(instant, {}, ClockStyle::wall_only), data);

  EXPECT_EQ(hex(link_frames(kaifa, apdu)),
            "7EA027010201105A87E6E7000F40000000090C07E8010F010E0002FF80000002010600"
            "0004D2B2BF7E");
}

// Worked examples of our own.
TEST(ACipher, encrypts_with_and_without_authentication) {
  const std::string plain{
      "\x0F\x40\0\0\0\0\x01\x01\x02\x03\x09\x06\x01\0\x01\x07\0\xFF\x06\0\0\x04\xD2\x02\x02\x0F\0"
      "\x16\x1B"sv};
  Ciphering ciphering{.security = 0x30, .system_title = "TST\x01\x02\x03\x04\x05"};
  for (unsigned char i = 0; i < 16; ++i) {
    ciphering.key.at(i) = i;
    ciphering.authentication_key.at(i) = static_cast<unsigned char>(0xD0U + i);
  }

  EXPECT_EQ(hex(general_glo_ciphering(ciphering, 0x2A, plain)),
            "DB0854535401020304052E300000002A"
            "19EFE8617264E7F6CB92688DEDA7EAE5BF79866CE2422A083AFA8C16F7"
            "C46B0C88DF84F1F33B1074CA");
  ciphering.security = 0x20;
  EXPECT_EQ(hex(general_glo_ciphering(ciphering, 0x2A, plain)),
            "DB08545354010203040522200000002A"
            "19EFE8617264E7F6CB92688DEDA7EAE5BF79866CE2422A083AFA8C16F7");
}

// Source    Blue Book date-time: both as the operators state them
TEST(AClock, says_its_offset_or_that_it_has_none) {
  const Instant instant = *parse_instant("2021-09-27T09:47:15+02:00");
  EXPECT_EQ(hex(date_time(instant, {}, ClockStyle::with_deviation)), "07E5091B01092F0F00FF8880");
  EXPECT_EQ(hex(date_time(instant, {}, ClockStyle::wall_only)), "07E5091B01092F0FFF800000");
  const Instant sunday = *parse_instant("2024-01-14T12:00:00+01:00");
  EXPECT_EQ(hex(date_time(sunday, {}, ClockStyle::with_deviation)).substr(8, 2), "07");
}

TEST(ALength, takes_as_many_bytes_as_it_needs) {
  for (const auto& [length, expected] :
       {std::pair{0x7F, "7F"}, {0x80, "8180"}, {0xFF, "81FF"}, {0x109, "820109"}}) {
    std::string bytes;
    append_length(bytes, static_cast<std::size_t>(length));
    EXPECT_EQ(hex(bytes), expected);
  }
}

TEST(AnHdlcWriter, cuts_what_is_long_into_segments_with_the_llc_in_the_first_only) {
  LinkForm form = aidon;
  form.link = Link::hdlc_segments;
  form.piece = 20;
  const std::string bytes = hex(link_frames(form, aidon_apdu()));

  // 32 bytes of LLC and APDU: 20 and 12
  EXPECT_EQ(bytes.substr(0, 14), "7EA81E41088313");
  EXPECT_EQ(bytes.substr(18, 6), "E6E700");
  EXPECT_EQ(bytes.substr(64, 14), "7EA01641088313");
  EXPECT_EQ(bytes.find("E6E700", 30), std::string::npos);
  EXPECT_EQ(bytes.size(), 2U * (32 + 24));
}

TEST(ABlockWriter, sends_three_numbered_blocks) {
  LinkForm form = aidon;
  form.link = Link::block_transfer;
  const std::string apdu(90, 'x');
  const std::string bytes = hex(link_frames(form, apdu));

  const std::size_t first = bytes.find("E6E700E040000100001E78");
  const std::size_t second = bytes.find("E040000200001E78");
  const std::size_t third = bytes.find("E0C0000300001E78");
  EXPECT_NE(first, std::string::npos) << bytes;
  EXPECT_NE(second, std::string::npos) << bytes;
  EXPECT_NE(third, std::string::npos) << bytes;
  EXPECT_EQ(bytes.rfind("E6E700"), first) << "no LLC but in the first frame";
}

// Source    recordings of meters (Sagemcom T210-D)
TEST(AnMbusWriter, cuts_the_length_of_a_long_frame_to_a_byte) {
  const std::string apdu(260, '\x01');
  const std::string two = hex(link_frames({.link = Link::mbus, .piece = 252}, apdu));
  EXPECT_EQ(two.substr(0, 18), "6801016853FF000167");
  EXPECT_EQ(two.substr(2 * 263, 18), "680D0D6853FF110167");
  // C + A + CI + STSAP + DTSAP + 252 times 1, and + 8 times 1
  EXPECT_EQ(two.substr(2 * (4 + 257), 4), "B616");
  EXPECT_EQ(two.substr(two.size() - 4), "D316");

  const std::string one = hex(link_frames({.link = Link::mbus, .piece = 245}, "\x01"));
  EXPECT_EQ(one, "6806066853FF10016701CB16");
}

}  // namespace
}  // namespace p1meter::simulator
