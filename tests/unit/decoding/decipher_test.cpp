// SPDX-License-Identifier: Apache-2.0
// Decoding: envelopes of meters that cipher. Some are published, the first is of our own; the rest
// was made from the first of them by rules that OpenSSL has no part in: without its tag, GCM adds
// the same stream to whatever is ciphered under one key, title and counter.
#include "p1meter/decoding/decipher.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace p1meter {
namespace {

constexpr std::string_view encryption_key = "000102030405060708090A0B0C0D0E0F";
constexpr std::string_view authentication_key = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
constexpr std::string_view title = "5453540102030405";
constexpr std::string_view counter = "0000002A";
constexpr std::string_view content = "19EFE8617264E7F6CB92688DEDA7EAE5BF79866CE2422A083AFA8C16F7";
constexpr std::string_view tag = "C46B0C88DF84F1F33B1074CA";
constexpr std::string_view plain_example =
    "0F40000000000101020309060100010700FF06000004D202020F00161B";

std::string from_hex(std::string_view text) {
  std::string bytes;
  std::string digits;
  for (const char c : text) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return from_hex(text);
}

std::string example(std::string_view security = "30") {
  return joined({"DB08", title, "2E", security, counter, content, tag});
}

std::string example_without_tag(std::string_view security = "20") {
  return joined({"DB08", title, "22", security, counter, content});
}

DecipherKeys keys(bool verify_tag = true) {
  return {.encryption = *parse_cipher_key(encryption_key),
          .authentication = *parse_cipher_key(authentication_key),
          .verify_tag = verify_tag};
}

struct Opened {
  Deciphered result{};
  std::string plain{};
};

Opened open(std::string_view apdu, std::optional<DecipherKeys> with = keys()) {
  Decipherer decipherer{std::move(with)};
  std::vector<char> plain{'o', 'l', 'd'};
  Opened opened;
  opened.result = decipherer.decipher(apdu, plain);
  opened.plain.assign(plain.begin(), plain.end());
  return opened;
}

void expect_refused(const Opened& opened, ProblemCode code, std::size_t offset) {
  ASSERT_TRUE(opened.result.problem);
  EXPECT_EQ(problem_name(*opened.result.problem), problem_name(code));
  EXPECT_EQ(opened.result.offset, offset);
  EXPECT_EQ(opened.plain, "");
}

TEST(ADecipherer, opens_an_authenticated_telegram) {
  const std::string apdu = example();
  const auto opened = open(apdu);

  EXPECT_FALSE(opened.result.problem);
  EXPECT_EQ(opened.plain, from_hex(plain_example));
  EXPECT_EQ(opened.result.tag, TagCheck::right);
  EXPECT_EQ(opened.result.ciphering.security, 0x30);
  EXPECT_EQ(opened.result.ciphering.system_title, from_hex(title));
  EXPECT_EQ(opened.result.ciphering.system_title.data(), apdu.data() + 2);
  EXPECT_EQ(opened.result.ciphering.counter, 42U);
  EXPECT_EQ(opened.result.content, 16U);
  EXPECT_EQ(opened.result.end, apdu.size());
}

TEST(ADecipherer, opens_a_telegram_without_a_tag) {
  const auto opened = open(example_without_tag());
  EXPECT_FALSE(opened.result.problem);
  EXPECT_EQ(opened.plain, from_hex(plain_example));
  EXPECT_EQ(opened.result.tag, TagCheck::absent);
}

TEST(ADecipherer, opens_one_telegram_after_the_other) {
  Decipherer decipherer{keys()};
  std::vector<char> plain;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(decipherer.decipher(example(), plain).tag, TagCheck::right);
    EXPECT_FALSE(decipherer.decipher(example_without_tag(), plain).problem);
    EXPECT_EQ(std::string(plain.begin(), plain.end()), from_hex(plain_example));
    auto damaged = example();
    damaged.back() = '\0';
    EXPECT_EQ(decipherer.decipher(damaged, plain).problem, ProblemCode::tag_mismatch);
    EXPECT_TRUE(decipherer.decipher(example().substr(0, 30), plain).problem);
  }
}

TEST(ADecipherer, opens_the_public_example_of_luxembourg_as_far_as_it_is_printed) {
  // eight octets of it, without the tag that covers them all
  const auto apdu = from_hex("DB08 53595354454D4944 0D 20 10000001 C20F3EAD08548C7F");
  const auto opened =
      open(apdu, DecipherKeys{.encryption = *parse_cipher_key(std::string(32, 'A'))});
  EXPECT_FALSE(opened.result.problem);
  EXPECT_EQ(opened.plain, "/EST5\\25");
  EXPECT_EQ(opened.result.ciphering.counter, 0x10000001U);
}

TEST(ADecipherer, takes_the_key_of_luxembourg_where_no_authentication_key_is_given) {
  auto only_encryption = keys();
  only_encryption.authentication.reset();
  const auto apdu = joined({"DB08", title, "2E 30", counter, content, "8696DCDEDDABFB635576ACCB"});
  EXPECT_EQ(open(apdu, only_encryption).result.tag, TagCheck::right);
  EXPECT_EQ(open(apdu).result.tag, TagCheck::wrong);
}

TEST(ADecipherer, opens_a_text_telegram_with_a_length_of_two_octets) {
  const auto apdu = from_hex(
      "DB08 53595354454D4944 8193 30 10000001"
      "C20F3EAD08548C7FFC90A5936B7D020AA8382210C7DE89BB141D5E918B7763BF033B9E6CB9E6D51E5FC2D967CE1F"
      "BBA4FF688E349DE2943F62BDF010083C4985AF8DCD433F68496D00C191D3735AA59B7CA5C5C9E6F255C9BFF06A5E"
      "3F40DDA875B8F15FA1494BC8D33AE2EB7F8182F394D1362C100CC440EC6AEBF3B95F7AD2C061"
      "C949CD67E292EBDADCCBAB73");
  std::string text = "/EST5\\253710000_A\r\n\r\n";
  for (int i = 0; i < 4; ++i) text += "1-0:1.8.0(000123.456*kWh)\r\n";

  const auto opened =
      open(apdu, DecipherKeys{.encryption = *parse_cipher_key(std::string(32, 'A'))});

  EXPECT_EQ(opened.result.tag, TagCheck::right);
  EXPECT_EQ(opened.plain, text + '!');
}

TEST(ADecipherer, takes_a_missing_title_for_zeros) {
  const auto body = from_hex(
      "00 82002C 30 00000000 78FBB769A8B59EA2D3A14A5850B082AE97991E181E01955079503C"
      "35336C72CFB4400B8C38D329");
  for (const auto& apdu : {body, '\xDB' + body}) {
    auto with = keys();
    with.authentication.reset();
    const auto opened = open(apdu, with);
    EXPECT_FALSE(opened.result.problem);
    EXPECT_EQ(opened.result.tag, TagCheck::right);
    EXPECT_EQ(opened.plain, "1-0:1.8.0(000123.456*kWh)\r\n");
    EXPECT_EQ(opened.result.ciphering.system_title, "");
  }
}

TEST(ADecipherer, knows_every_form_of_length) {
  for (const std::string_view length : {"2E", "812E", "82002E"}) {
    const auto apdu = joined({"DB08", title, length, "30", counter, content, tag});
    EXPECT_EQ(open(apdu).result.tag, TagCheck::right) << length;
    EXPECT_EQ(open(apdu + "behind").result.tag, TagCheck::right) << length;
    EXPECT_EQ(open(apdu + "behind").result.end, apdu.size()) << length;
  }
}

TEST(ADecipherer, refuses_lengths_that_nothing_holds) {
  for (const std::string_view length : {"80", "83 00002E", "84 0000002E", "84 FFFFFFFF", "FF", "7F",
                                        "81FF", "82FFFF", "2F", "00", "04", "05", "11"}) {
    const auto apdu = joined({"DB08", title, length, "30", counter, content, tag});
    const auto opened = open(apdu);
    EXPECT_EQ(opened.result.problem, ProblemCode::cipher_malformed) << length;
    EXPECT_EQ(opened.plain, "") << length;
    EXPECT_LE(opened.result.offset, apdu.size()) << length;
  }
}

TEST(ADecipherer, refuses_forms_of_length_that_meters_do_not_have_however_much_follows) {
  for (const std::string_view length : {"80", "83 00002E", "84 0000002E", "FF"}) {
    const auto apdu = joined({"DB08", title, length, "30", counter, content, tag});
    expect_refused(open(apdu + std::string(70'000, '0')), ProblemCode::cipher_malformed, 10);
  }
}

TEST(ADecipherer, refuses_an_envelope_that_is_cut_anywhere) {
  for (const auto& whole : {example(), example_without_tag()}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      // a buffer of its own, so that a sanitizer sees a byte too many
      const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const auto opened = open({cut.data(), cut.size()});
      EXPECT_EQ(opened.result.problem, ProblemCode::cipher_malformed) << size;
      EXPECT_EQ(opened.plain, "") << size;
      EXPECT_LE(opened.result.offset, size);
    }
  }
}

TEST(ADecipherer, refuses_titles_of_other_lengths) {
  for (unsigned size = 1; size < 256; ++size) {
    auto apdu = example();
    apdu[1] = static_cast<char>(size);
    if (size != 8) expect_refused(open(apdu), ProblemCode::cipher_malformed, 1);
  }
  // without DB in front anything but a missing title could be anything
  expect_refused(open(example().substr(1)), ProblemCode::cipher_malformed, 0);
}

TEST(ADecipherer, opens_every_kind_of_encryption_without_a_tag) {
  for (const std::string_view security : {"20", "21", "22", "60", "61", "62"}) {
    const auto opened = open(example_without_tag(security));
    EXPECT_FALSE(opened.result.problem) << security;
    EXPECT_EQ(opened.plain, from_hex(plain_example)) << security;
    EXPECT_EQ(opened.result.tag, TagCheck::absent);
  }
}

TEST(ADecipherer, checks_the_tag_of_every_kind_of_encryption) {
  const std::pair<std::string_view, std::string_view> tags[] = {{"30", tag},
                                                                {"31", "72A4BA1EBC3A812F9FFD96C2"},
                                                                {"32", "6BF461A418F8104A72CBB0DB"},
                                                                {"70", "0F86A9103018C6DA0068F6E2"},
                                                                {"71", "B9491F8653A6B606A48514EA"}};
  for (const auto& [security, right] : tags) {
    for (const auto& [other, given] : tags) {
      const auto opened = open(joined({"DB08", title, "2E", security, counter, content, given}));
      EXPECT_EQ(opened.result.tag, given == right ? TagCheck::right : TagCheck::wrong) << security;
      EXPECT_EQ(opened.plain, from_hex(plain_example)) << security;
    }
  }
}

TEST(ADecipherer, checks_the_tag_of_a_telegram_that_is_not_encrypted) {
  const std::pair<std::string_view, std::string_view> tags[] = {{"10", "C9685D4E46EFE3C32C933D17"},
                                                                {"11", "5C831DECEA039F4EA40603C9"},
                                                                {"12", "20BEDC0B1F371AD83DB940AA"},
                                                                {"50", "11B875E57DF0C0A109DC8AB4"}};
  for (const auto& [security, right] : tags) {
    auto apdu = joined({"DB08", title, "2E", security, counter, plain_example, right});
    EXPECT_EQ(open(apdu).result.tag, TagCheck::right) << security;
    EXPECT_EQ(open(apdu).plain, from_hex(plain_example)) << security;
    EXPECT_EQ(open(apdu, std::nullopt).result.tag, TagCheck::absent);
    EXPECT_EQ(open(apdu, std::nullopt).plain, from_hex(plain_example));
    EXPECT_FALSE(open(apdu, std::nullopt).result.problem);
    apdu[20] = static_cast<char>(apdu[20] ^ 1);
    EXPECT_EQ(open(apdu).result.problem, ProblemCode::tag_mismatch) << security;
  }
}

TEST(ADecipherer, passes_on_what_is_not_protected_at_all) {
  for (const std::string_view security : {"00", "01", "02", "40"}) {
    const auto apdu = joined({"DB08", title, "22", security, counter, plain_example});
    for (const auto& with : {std::optional{keys()}, std::optional<DecipherKeys>{}}) {
      const auto opened = open(apdu, with);
      EXPECT_FALSE(opened.result.problem) << security;
      EXPECT_EQ(opened.plain, from_hex(plain_example)) << security;
      EXPECT_EQ(opened.result.tag, TagCheck::absent);
    }
  }
}

TEST(ADecipherer, refuses_every_other_security_control) {
  for (unsigned security = 0; security < 256; ++security) {
    if ((security & 0x0FU) <= 2 && security < 0x80) continue;
    auto apdu = example();
    apdu[11] = static_cast<char>(security);
    const auto opened = open(apdu);
    expect_refused(opened, ProblemCode::security_unknown, 11);
    EXPECT_EQ(opened.result.ciphering.security, security);
    EXPECT_EQ(opened.result.ciphering.counter, 42U);
  }
}

TEST(ADecipherer, without_keys_says_who_sent_and_how) {
  for (const auto& apdu : {example(), example_without_tag()}) {
    const auto opened = open(apdu, std::nullopt);
    expect_refused(opened, ProblemCode::key_missing, 16);
    EXPECT_EQ(opened.result.ciphering.security, static_cast<unsigned char>(apdu[11]));
    EXPECT_EQ(opened.result.ciphering.system_title, from_hex(title));
    EXPECT_EQ(opened.result.ciphering.counter, 42U);
    EXPECT_EQ(opened.result.tag, TagCheck::absent);
  }
}

TEST(ADecipherer, says_when_the_key_is_wrong) {
  for (const bool verify : {true, false}) {
    auto wrong = keys(verify);
    wrong.encryption = *parse_cipher_key("100102030405060708090A0B0C0D0E0F");
    expect_refused(open(example(), wrong), ProblemCode::key_wrong, 16);
    expect_refused(open(example_without_tag(), wrong), ProblemCode::key_wrong, 16);
    // suite 2 is AES-256 by the standard: the key may be as right as 16 octets can be
    expect_refused(open(example("32"), wrong), ProblemCode::security_unknown, 16);
  }
}

TEST(ADecipherer, believes_a_right_tag_whatever_was_inside) {
  const auto opened = open(
      joined({"DB08", title, "19 30", counter, "17ADEB657762E1FF", "F275CBBBBF881B37475E44D9"}));
  EXPECT_FALSE(opened.result.problem);
  EXPECT_EQ(opened.result.tag, TagCheck::right);
  EXPECT_EQ(opened.plain, from_hex("0102030405060708"));
}

TEST(ADecipherer, tells_a_wrong_authentication_key_from_a_wrong_key) {
  auto wrong = keys();
  wrong.authentication = *parse_cipher_key("00D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
  const auto opened = open(example(), wrong);
  EXPECT_EQ(opened.result.problem, ProblemCode::tag_mismatch);
  EXPECT_EQ(opened.result.tag, TagCheck::wrong);
  EXPECT_EQ(opened.result.offset, example().size() - 12);
  EXPECT_EQ(opened.plain, from_hex(plain_example));  // for those who want to see it all the same
}

TEST(ADecipherer, notices_every_bit_that_changed) {
  // The bit that says whether there is a tag cannot be missed by itself: without it the telegram
  // counts as unchecked, which a meter that has sent tags before may not do (crc: auto).
  constexpr std::size_t tag_announced = 11 * 8 + 4;
  const auto whole = example();
  Decipherer decipherer{keys()};
  std::vector<char> plain;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    auto apdu = whole;
    apdu[bit / 8] = static_cast<char>(apdu[bit / 8] ^ (1 << bit % 8));
    const auto result = decipherer.decipher(apdu, plain);
    EXPECT_EQ(result.problem.has_value(), bit != tag_announced) << "bit " << bit;
    EXPECT_NE(result.tag, TagCheck::right) << "bit " << bit;
  }
  EXPECT_FALSE(decipherer.decipher(whole, plain).problem);
}

TEST(ADecipherer, that_need_not_verify_takes_a_wrong_tag_for_unchecked) {
  auto damaged = example();
  damaged.back() = '\0';
  const auto opened = open(damaged, keys(false));
  EXPECT_FALSE(opened.result.problem);
  EXPECT_EQ(opened.result.tag, TagCheck::unchecked);
  EXPECT_EQ(opened.plain, from_hex(plain_example));
  EXPECT_EQ(open(example(), keys(false)).result.tag, TagCheck::right);
}

TEST(ADecipherer, can_be_replaced_by_one_with_other_keys) {
  auto wrong = keys();
  wrong.encryption = *parse_cipher_key("100102030405060708090A0B0C0D0E0F");
  Decipherer decipherer{wrong};
  std::vector<char> plain;
  EXPECT_EQ(decipherer.decipher(example(), plain).problem, ProblemCode::key_wrong);
  EXPECT_TRUE(decipherer.has_keys());

  decipherer = Decipherer{keys()};
  EXPECT_EQ(decipherer.decipher(example(), plain).tag, TagCheck::right);

  decipherer = Decipherer{};
  EXPECT_FALSE(decipherer.has_keys());
  EXPECT_EQ(decipherer.decipher(example(), plain).problem, ProblemCode::key_missing);
}

TEST(WhatLooksLikeATelegram, is_a_notification_a_block_an_envelope_or_text) {
  using namespace std::string_view_literals;
  for (const auto plain : {"\x0F\0\0\0\0\0\x01"sv, "\x0F\0\0\0\0\x0C\x07"sv,
                           "\x0F\0\0\0\0\x09\x0C"sv, "\x0F\0\0\0\0\x19\x07"sv, "\xE0\x40"sv,
                           "\xDB\x08"sv, "/ISK5\\2M"sv, "1-0:1.8."sv, "\r\n1-0:1."sv}) {
    EXPECT_TRUE(looks_like_telegram(plain)) << plain;
  }
  for (const auto plain :
       {""sv, "\x0F"sv, "\x0F\0\0\0\0"sv, "\x0F\0\0\0\0\x01"sv, "\xDB\x07"sv, "/ISK5\\2"sv,
        "/ISK5\\2\x80"sv, "\0\0\0\0\0\0\0\0"sv, "\x7E\xA0\x01\x02\x03\x04\x05\x06"sv}) {
    EXPECT_FALSE(looks_like_telegram(plain)) << plain;
  }
}

}  // namespace
}  // namespace p1meter
