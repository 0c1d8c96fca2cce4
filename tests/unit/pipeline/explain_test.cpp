// SPDX-License-Identifier: Apache-2.0
// Pipeline: every byte of a frame has its line, whatever the frame.
#include "p1meter/pipeline/explain.hpp"

#include <gtest/gtest.h>
#include <string>

#include "p1meter/framing/crc16.hpp"
#include "support/explained.hpp"
#include "support/link_frames.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter::test {
namespace {

const std::string clock_octets = hex_octets("07E5 09 1B 01 09 2F 0F 00 FF88 80");

/// Two objects: 1234 W, and the clock.
std::string list() {
  return hex_octets("0F 40000000 0C") + clock_octets +
         hex_octets("02 02 02 03 09 06 0100010700FF 06 000004D2 02 02 0F 00 16 1B") +
         hex_octets("02 02 09 06 0000010000FF 09 0C") + clock_octets;
}

std::string segments() {
  return hdlc(list().substr(0, 40), {.segmented = true}) +
         hdlc(list().substr(40, 10), {.segmented = true, .llc = false}) +
         hdlc(list().substr(50), {.llc = false});
}

std::string blocks() {
  return hdlc(block(list().substr(0, 30), 1, false)) + hdlc(block(list().substr(30), 2, true));
}

/// A worked example of our own: one envelope with tag.
std::string envelope() {
  return hex_octets(
      "DB085453540102030405 2E 30 0000002A 19EFE8617264E7F6CB92688DEDA7EAE5BF79866CE2422A083AFA"
      "8C16F7 C46B0C88DF84F1F33B1074CA");
}
DecipherKeys envelope_keys() {
  return {.encryption = *parse_cipher_key("000102030405060708090A0B0C0D0E0F"),
          .authentication = *parse_cipher_key("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")};
}

std::string text_telegram() {
  return telegram().with("1-0:1.8.1", "(000123.456*kWh)").line("garbage").text();
}

/// A text telegram inside an envelope that neither ciphers nor authenticates.
std::string text_in_envelope() {
  const std::string text = text_telegram();
  return octets({0xDB, 8}) + "KFM\x10 GE!" + octets({0x82}) + high_byte_first(5 + text.size()) +
         octets({0, 0, 0, 0, 7}) + text;
}

/// 0-0:1.0.0(240115150010W), 1-0:1.8.0(000123.456*kWh), 1-0:1.7.0(00.512*kW) as the body of a text,
/// ciphered with KaifaTestKey-016, a system title of no octets and the public authentication key.
std::string text_with_ciphered_body() {
  std::string text =
      "/KFM5KAIFA-METER\r\n\r\n" +
      hex_octets(
          "0082005C3000000005A276586A76925EC84811BE34C8DDAA706EBC24C66A2F69D0D6335582DAFE3170C0193F"
          "F2938A8DA2E5641562790535C086D01ED72115AE241E181F74A5847248AE325F2419A1A6471A8AF3FAEAAF4E"
          "052CFF4B844BEB1F") +
      "!";
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto crc = crc16_arc(text);
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[crc >> shift & 0xF];
  return text + "\r\n";
}
DecipherKeys warsaw_key() { return {.encryption = *parse_cipher_key("KaifaTestKey-016")}; }

struct Kind {
  const char* name{};
  std::string bytes{};
};

std::vector<Kind> kinds() {
  return {{"text", text_telegram()},
          {"HDLC", hdlc(list())},
          {"HDLC segments", segments()},
          {"M-Bus", mbus(list())},
          {"M-Bus in parts", mbus(list(), 30)},
          {"M-Bus with a length of 257", mbus(list() + std::string(400, '\0'), 252)},
          {"blocks", blocks()},
          {"envelope", envelope()},
          {"envelope in M-Bus parts", mbus(envelope(), 20)},
          {"text in an envelope", text_in_envelope()},
          {"text with a ciphered body", text_with_ciphered_body()}};
}

Explained explain(const std::string& bytes,
                  const std::optional<DecipherKeys>& keys = envelope_keys()) {
  const auto all = explain_all(bytes, keys);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? Explained{} : all.front();
}

TEST(AnExplanation, covers_every_byte_of_a_frame_of_each_kind_once) {
  for (const Kind& kind : kinds()) {
    const Explained explained = explain(kind.bytes);
    EXPECT_TRUE(explained.sound) << kind.name << "\n" << explained.text();
    EXPECT_EQ(explained.text().find("nothing explains"), std::string::npos) << kind.name << "\n"
                                                                            << explained.text();
  }
}

TEST(AnExplanation, covers_every_byte_of_what_is_cut_anywhere) {
  for (const Kind& kind : kinds()) {
    for (std::size_t size = 0; size < kind.bytes.size() && !HasFailure(); ++size) {
      for (const Explained& explained : explain_all(kind.bytes.substr(0, size), envelope_keys())) {
        EXPECT_TRUE(explained.sound) << kind.name << " cut at " << size << "\n" << explained.text();
      }
    }
  }
}

TEST(AnExplanation, covers_every_byte_of_what_is_damaged_anywhere) {
  for (const Kind& kind : kinds()) {
    for (std::size_t at = 0; at < kind.bytes.size() && !HasFailure(); ++at) {
      for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
        std::string bytes = kind.bytes;
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ change);
        for (const Explained& explained : explain_all(bytes, envelope_keys())) {
          EXPECT_TRUE(explained.sound) << kind.name << " damaged at " << at << "\n"
                                       << explained.text();
        }
      }
    }
  }
}

TEST(AnExplanation, covers_every_byte_of_lists_that_are_damaged_inside_sound_frames) {
  for (std::size_t at = 0; at < list().size() && !HasFailure(); ++at) {
    for (unsigned value = 0; value < 256; value += 1) {
      std::string apdu = list();
      apdu[at] = static_cast<char>(value);
      for (const auto& bytes : {hdlc(apdu), hdlc(block(apdu, 1, true)), mbus(apdu, 33)}) {
        for (const Explained& explained : explain_all(bytes)) {
          EXPECT_TRUE(explained.sound) << at << " = " << value << "\n" << explained.text();
        }
      }
    }
  }
}

TEST(AnExplanation, says_what_an_object_became) {
  const Explained text = explain(text_telegram());
  const std::string line = "1-0:1.8.1(000123.456*kWh)  ->  energy_import_tariff1 = 123.456 kWh";
  EXPECT_NE(text.text().find(line), std::string::npos) << text.text();

  const Explained dlms = explain(hdlc(list()));
  EXPECT_NE(dlms.text().find("structure of 3  1-0:1.7.0 = 1234 W"), std::string::npos)
      << dlms.text();
  EXPECT_NE(dlms.text().find("structure of 2  0-0:1.0.0 = 2021-09-27T09:47:15"), std::string::npos)
      << dlms.text();
}

TEST(AnExplanation, puts_a_problem_at_its_place) {
  const Explained text = explain(text_telegram());
  EXPECT_NE(text.text().find(" garbage\n"), std::string::npos) << text.text();
  EXPECT_NE(text.text().find("   ! line_malformed\n"), std::string::npos) << text.text();

  std::string damaged = hdlc(list());
  damaged[damaged.size() - 2] ^= 1;
  const Explained dlms = explain(damaged);
  EXPECT_TRUE(dlms.has("004D     ! crc_mismatch")) << dlms.text();
}

TEST(AnExplanation, names_the_first_thing_alone_that_ends_a_list) {
  const auto deep = explain_all(hdlc(
      hex_octets("0F 00000000 00 0202 0202 0202 0202 0202 0202 0202 0202 0202 0202 0202 0202")))[0];
  EXPECT_NE(deep.text().find("cannot be read: nested_too_deep"), std::string::npos) << deep.text();
  EXPECT_EQ(deep.text().find("no_end"), std::string::npos) << deep.text();
  const auto many = explain_all(hdlc(hex_octets("0F 00000000 00 0202 0600000001 027F 06")))[0];
  EXPECT_NE(many.text().find("cannot be read: count_impossible"), std::string::npos) << many.text();
}

TEST(AnExplanation, spells_out_the_clock) {
  EXPECT_TRUE(explain(hdlc(list()))
                  .has("0011       date-time, by its length: 2021-09-27 (Monday) 09:47:15.00, "
                       "deviation -120 min (UTC+02:00), status 128: summer time"));
}

TEST(AnExplanation, shows_joined_octets_where_they_really_lie) {
  const Explained explained = explain(segments());
  // The list's first 40 octets end at 0x33, in the middle of an element.
  EXPECT_TRUE(explained.has("000C APDU, 65 octets of the frames above")) << explained.text();
  EXPECT_TRUE(explained.has("002A       double-long-unsigned: 1234")) << explained.text();
  EXPECT_TRUE(explained.has("0033         enum: 27")) << explained.text();
  EXPECT_TRUE(explained.has("0041     structure of 2  0-0:1.0.0 = 2021-09-27T09:47:15"))
      << explained.text();
}

TEST(AnExplanation, says_that_a_length_of_one_means_257) {
  EXPECT_TRUE(explain(mbus(list() + std::string(400, '\0'), 252))
                  .has("0001   length (twice): 1 means 257, for one octet holds no more than 255"));
}

TEST(AnExplanation, names_octets_that_nothing_looks_at) {
  const Explained explained = explain(hdlc(list() + "abc"));
  EXPECT_NE(explained.text().find("behind the list: not looked at"), std::string::npos)
      << explained.text();
}

TEST(AnExplanation, shows_what_an_envelope_holds) {
  const Explained opened = explain(envelope());
  EXPECT_TRUE(opened.has("0002   system title: maker TST, number 0102030405")) << opened.text();
  EXPECT_TRUE(opened.has("000B   security control: authenticated and encrypted, suite 0"));
  EXPECT_TRUE(opened.has("000C   invocation counter 42"));
  EXPECT_TRUE(opened.has("0010     deciphered, 29 octets")) << opened.text();
  EXPECT_TRUE(opened.has("0010       tag: data-notification")) << opened.text();
  EXPECT_TRUE(opened.has("002D   authentication tag: right")) << opened.text();
}

TEST(AnExplanation, shows_the_lines_of_a_ciphered_body_within_its_text) {
  const auto open = explain(text_with_ciphered_body(), warsaw_key());
  EXPECT_TRUE(open.sound);
  for (const std::string_view line :
       {"0000 header: /KFM5KAIFA-METER", "0012 empty line", "0014 ciphered body, 96 octets",
        "0014   length of the system title: 0", "0015   length 92, in the form 82 and 2 octets",
        "0018   security control: authenticated and encrypted, suite 0",
        "0019   invocation counter 5", "001D   ciphertext, 75 octets",
        "001D     deciphered, 75 octets", "001D       0-0:1.0.0(240115150010W)",
        "0037       1-0:1.8.0(000123.456*kWh)  ->  energy_import_total = 123.456 kWh",
        "0052       1-0:1.7.0(00.512*kW)  ->  power_import = 512 W",
        "0068   authentication tag: right"}) {
    EXPECT_TRUE(open.has(line)) << line << "\n" << open.text();
  }
  const auto closed = explain(text_with_ciphered_body(), std::nullopt);
  EXPECT_TRUE(closed.sound);
  EXPECT_TRUE(closed.has("001D   ciphertext, 75 octets: the decryption key is missing"))
      << closed.text();
}

TEST(AnExplanation, opens_no_ciphered_body_of_a_text_that_an_envelope_holds) {
  const std::string text = text_with_ciphered_body();
  const auto nested = explain(octets({0xDB, 8}) + "KFM\x10 GE!" + octets({0x82}) +
                                  high_byte_first(5 + text.size()) + octets({0, 0, 0, 0, 7}) + text,
                              warsaw_key());
  EXPECT_TRUE(nested.sound) << nested.text();
  EXPECT_EQ(nested.text().find("ciphered body"), std::string::npos) << nested.text();
}

TEST(AnExplanation, says_which_key_is_missing_or_wrong) {
  const Explained closed = explain(envelope(), std::nullopt);
  EXPECT_TRUE(closed.has("0010   ciphertext, 29 octets: the decryption key is missing"))
      << closed.text();
  EXPECT_TRUE(closed.has("0010     ! key_missing")) << closed.text();
  EXPECT_TRUE(closed.has("002D   authentication tag: not checked"));

  DecipherKeys wrong = envelope_keys();
  wrong.authentication = wrong.encryption;
  const Explained doubtful = explain(envelope(), wrong);
  EXPECT_TRUE(
      doubtful.has("002D   authentication tag: wrong, another authentication key or damaged"))
      << doubtful.text();
  EXPECT_TRUE(doubtful.has("002D     ! tag_mismatch")) << doubtful.text();
}

TEST(AnExplanation, reads_the_lines_of_a_text_inside_an_envelope) {
  const Explained explained = explain(text_in_envelope());
  EXPECT_NE(explained.text().find("->  energy_import_tariff1 = 123.456 kWh"), std::string::npos)
      << explained.text();
  EXPECT_NE(explained.text().find("right by CRC-16/ARC"), std::string::npos) << explained.text();
}

}  // namespace
}  // namespace p1meter::test
