// SPDX-License-Identifier: Apache-2.0
// Framing: telegrams out of a stream.
#include "p1meter/framing/framer.hpp"

#include <bit>
#include <gtest/gtest.h>
#include <random>

#include "support/framed.hpp"
#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

using test::framed;
using test::telegram;

const std::string good = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
const std::string other = telegram().with("1-0:1.7.0", "(00.194*kW)").text();

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  text.replace(text.rfind(what), what.size(), with);
  return text;
}

std::string with_parity(std::string text, bool even) {
  for (char& c : text) {
    const bool odd_bits = std::popcount(static_cast<unsigned char>(c)) % 2 == 1;
    if (odd_bits == even) c = static_cast<char>(c | '\x80');
  }
  return text;
}

TEST(ATextFramer, gives_each_whole_telegram_with_its_verdict) {
  const auto result = framed(good + other);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[0].bytes, good);
  EXPECT_EQ(result.frames[0].body_size, good.size() - 6);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  EXPECT_EQ(result.frames[0].checksum, ChecksumRule::arc);
  EXPECT_EQ(result.frames[1].stream_offset, good.size());
  EXPECT_EQ(result.skipped_bytes + result.truncated + result.oversized, 0U);
}

TEST(ATextFramer, knows_every_telegram_of_our_own_collection) {
  for (const auto name : test::whole_telegrams) {
    const auto bytes = test::data_file(name);
    const auto result = framed(bytes);
    ASSERT_EQ(result.frames.size(), 1U) << name;
    EXPECT_EQ(result.frames[0].bytes, bytes) << name;
    const bool checked = name != "dsmr22.telegram" && name != "dsmr30.telegram";
    EXPECT_EQ(result.frames[0].integrity, checked ? Integrity::ok : Integrity::absent) << name;
  }
}

TEST(ATextFramer, gives_a_frame_with_its_line_feed_and_not_before) {
  Framer framer;
  framer.push(std::string_view{good}.substr(0, good.size() - 1));
  EXPECT_FALSE(framer.next());
  EXPECT_TRUE(framer.inside_frame());

  framer.push("\n");

  EXPECT_TRUE(framer.next());
  EXPECT_FALSE(framer.inside_frame());
  EXPECT_EQ(framer.counters().frames, 1U);
}

TEST(ATextFramer, accepts_every_form_of_the_last_line) {
  const std::string body = telegram().with("1-0:1.7.0", "(00.193*kW)").body();
  const std::string digits = test::four_hex_digits(test::plain_crc16_arc(body));
  std::string small = digits;
  for (char& c : small) c = static_cast<char>(c >= 'A' ? c + 'a' - 'A' : c);
  using std::string_literals::operator""s;
  for (const std::string& end :
       {digits + "\r\n", small + "\r\n", digits + "\n", digits + "\0\r\n"s, digits + "  \r\n"}) {
    const auto result = framed(body + end + other);
    ASSERT_EQ(result.frames.size(), 2U) << end;
    EXPECT_EQ(result.frames[0].integrity, Integrity::ok) << end;
    EXPECT_EQ(result.frames[0].bytes, body + end);
    EXPECT_EQ(result.frames[1].integrity, Integrity::ok) << end;
  }
  for (const std::string& end : {"\r\n"s, "\n"s, "\0\r\n"s}) {
    EXPECT_EQ(framed(body + end).frames.at(0).integrity, Integrity::absent);
  }
}

TEST(ATextFramer, takes_a_checksum_of_fewer_digits_as_the_number_it_is) {
  for (int n = 0; n < 100'000; ++n) {
    const std::string body = telegram().with("0-1:96.1.0", '(' + std::to_string(n) + ')').body();
    const auto crc = test::plain_crc16_arc(body);
    if (crc >= 0x0100) continue;
    const auto short_form = test::four_hex_digits(crc).substr(2) + "\r\n";
    EXPECT_EQ(framed(body + short_form).frames.at(0).integrity, Integrity::ok);
    return;
  }
  FAIL() << "no body with a short checksum found";
}

TEST(ATextFramer, calls_a_damaged_checksum_bad_and_never_absent) {
  const std::string body = telegram().with("1-0:1.7.0", "(00.193*kW)").body();
  for (const char* end : {"0000\r\n", "12\r\n", "G234\r\n", "12345\r\n", "1 34\r\n", " 234\r\n",
                          "123\x01\r\n", "1234\r\x0B", "12\r34\r\n", "xyz4\r\n"}) {
    const auto result = framed(body + end + other);
    ASSERT_EQ(result.frames.size(), 2U) << end;
    EXPECT_EQ(result.frames[0].integrity, Integrity::bad) << end;
    EXPECT_EQ(result.frames[1].bytes, other) << end;
    EXPECT_EQ(result.frames[1].integrity, Integrity::ok) << end;
  }
}

TEST(ATextFramer, reads_garbage_behind_the_end_as_no_checksum) {
  const std::string body = telegram().with("1-0:1.7.0", "(00.193*kW)").body();
  const auto result = framed(body + "\xFF\xFE\x90\r\n" + other);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[0].integrity, Integrity::absent);
  EXPECT_EQ(result.frames[0].bytes, body);
  EXPECT_EQ(result.skipped_bytes, 5U);
}

TEST(ATextFramer, finds_the_hungarian_rule) {
  const auto x25 =
      telegram().header("HLY5/D545-METER").with("1-0:1.8.0", "(7.694*kWh )").with_x25();

  const auto result = framed(x25.text() + good);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  EXPECT_EQ(result.frames[0].checksum, ChecksumRule::x25);
  EXPECT_EQ(result.frames[1].checksum, ChecksumRule::arc);
}

TEST(ATextFramer, sees_an_end_glued_to_the_last_value) {
  const std::string body = "/ADN9 6560\r\n\r\n1-0:1.7.0(001234*W)\r\n1-0:31.7.0(123.1*A)!";
  const auto glued = body + test::four_hex_digits(test::plain_crc16_arc(body)) + "\r\n";

  const auto result = framed(glued + good);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
  EXPECT_EQ(result.frames[0].body_size, body.size());
  EXPECT_EQ(framed(body + "\r\n" + good).frames.at(0).integrity, Integrity::absent);
}

TEST(ATextFramer, leaves_slashes_and_bangs_inside_values_alone) {
  const auto text = telegram()
                        .with("0-0:96.13.0", "(call 0800/1234! now)")
                        .with("0-0:96.13.2", "(first line\r\n/2nd line\r\n! third (x)!\r\nend)")
                        .with("0-0:96.13.3", "(a)(/ISK5\\2M)")
                        .with("1-0:1.7.0", "(00.193*kW)")
                        .text();

  const auto result = framed(text + good);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[0].bytes, text);
  EXPECT_EQ(result.frames[0].integrity, Integrity::ok);
}

TEST(ATextFramer, counts_parentheses_from_the_first_line_on) {
  const auto text = telegram().with("0-0:96.13.0", "(a\r\n! b\r\nc)").text();

  EXPECT_EQ(framed(text).frames.at(0).bytes, text);
}

TEST(ATextFramer, finds_the_next_telegram_after_noise) {
  using std::string_literals::operator""s;
  for (const std::string& noise :
       {"\0\xFF\xFE"s, "garbage\r\n"s, "garbage"s, "!"s, "!!!!\r\n"s, "/"s, "//"s, "/\r\n"s, "\n/"s,
        good.substr(40), other.substr(3), "1-0:1.8.0(000/0"s, "\xAF\xAF"s, std::string(5000, '/'),
        std::string(20'000, 'x'), "(((("s, "call 0800/1234! now)\r\n!12AB\r\n"s}) {
    const auto result = framed(noise + good + other);
    ASSERT_GE(result.frames.size(), 2U) << noise.substr(0, 40);
    EXPECT_EQ(result.frames[result.frames.size() - 2].bytes, good) << noise.substr(0, 40);
    EXPECT_EQ(result.frames.back().bytes, other) << noise.substr(0, 40);
  }
}

TEST(ATextFramer, counts_noise_as_skipped_bytes) {
  const auto result = framed("\xFF\xFE" + good + "xyz\r\n" + good + "tail");

  EXPECT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.skipped_bytes, 2U + 5U + 4U);
  EXPECT_EQ(result.truncated, 0U);
}

TEST(ATextFramer, counts_a_telegram_that_another_cuts_off) {
  for (std::size_t cut = good.find('\n') + 1; cut < good.size() - 6; ++cut) {
    if (good[cut - 1] != '\n') continue;
    const auto result = framed(good.substr(0, cut) + other);
    ASSERT_EQ(result.frames.size(), 1U) << cut;
    EXPECT_EQ(result.frames[0].bytes, other);
    EXPECT_EQ(result.truncated, 1U);
    EXPECT_EQ(result.skipped_bytes, 0U);
  }
}

TEST(ATextFramer, finds_the_telegram_behind_one_that_broke_off_anywhere) {
  const std::size_t header_end = good.find('\n') + 1;
  for (std::size_t cut = header_end; cut < good.size() - 6; ++cut) {
    const auto result = framed(good.substr(0, cut) + other + good);
    ASSERT_EQ(result.frames.size(), 2U) << cut;
    ASSERT_EQ(result.frames[0].bytes, other) << cut;
    ASSERT_EQ(result.frames[0].integrity, Integrity::ok) << cut;
    ASSERT_EQ(result.frames[0].stream_offset, cut);
    ASSERT_EQ(result.truncated, 1U) << cut;
  }
}

TEST(ATextFramer, is_not_drawn_into_a_telegram_by_binary_noise) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  int found = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string noise(200, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    const auto result = framed(noise + good);
    found += !result.frames.empty() && result.frames.back().bytes == good ? 1 : 0;
  }
  EXPECT_GE(found, 998);  // noise can imitate a header, but hardly ever does
}

TEST(ATextFramer, loses_only_the_damaged_telegram_when_its_end_is_lost) {
  const auto no_end = replaced(good, "!", "#");
  const auto no_feed = replaced(good, "\n", "\x0B");

  EXPECT_EQ(framed(no_end + other).frames.size(), 1U);
  EXPECT_EQ(framed(no_end + other).truncated, 1U);
  ASSERT_EQ(framed(no_feed + other).frames.size(), 2U);
  EXPECT_EQ(framed(no_feed + other).frames[0].integrity, Integrity::bad);
  EXPECT_EQ(framed(no_feed + other).frames[1].integrity, Integrity::ok);
}

TEST(ATextFramer, finds_an_end_whose_line_feed_before_was_lost) {
  const auto text = telegram().with("1-0:1.7.0", "(00.193*kW)").without_checksum().text();
  const auto result = framed(replaced(text, "\r\n!", "\r!") + other);

  ASSERT_EQ(result.frames.size(), 2U);
  EXPECT_EQ(result.frames[1].bytes, other);
}

TEST(ATextFramer, gives_up_a_telegram_beyond_its_limit_and_finds_the_next) {
  std::string endless = "/XXX5\\A\r\n\r\n";
  while (endless.size() < 3 * default_frame_limit) endless += "1-0:1.8.0(001234.567*kWh)\r\n";
  const std::string one_line = "/XXX5\\A\r\n\r\n0-0:96.13.0(" + std::string(40'000, '4') + ")\r\n";
  for (const auto& text : {endless, one_line}) {
    const auto result = framed(text + good);
    ASSERT_EQ(result.frames.size(), 1U);
    EXPECT_EQ(result.frames[0].bytes, good);
    EXPECT_EQ(result.oversized, 1U);
    EXPECT_GT(result.skipped_bytes, 0U);
  }
}

TEST(ATextFramer, keeps_its_limit_to_the_byte) {
  EXPECT_EQ(framed(good, good.size()).frames.size(), 1U);
  EXPECT_EQ(framed(good + other, good.size() - 1).oversized, 2U);
  EXPECT_TRUE(framed(good + other, good.size() - 1).frames.empty());
}

TEST(ATextFramer, gives_at_the_end_of_input_what_lacks_its_end) {
  const auto no_end = good.substr(0, good.rfind('!'));
  const auto result = framed(no_end);

  ASSERT_EQ(result.frames.size(), 1U);
  EXPECT_FALSE(result.frames[0].ended);
  EXPECT_EQ(result.frames[0].integrity, Integrity::absent);
  EXPECT_EQ(result.frames[0].body_size, no_end.size());
}

TEST(ATextFramer, completes_a_last_line_without_line_feed_at_the_end_of_input) {
  EXPECT_EQ(framed(good.substr(0, good.size() - 2)).frames.at(0).integrity, Integrity::ok);
  EXPECT_EQ(framed(good.substr(0, good.size() - 4)).frames.at(0).integrity, Integrity::bad);
  EXPECT_EQ(framed(good.substr(0, good.size() - 6)).frames.at(0).integrity, Integrity::absent);
  EXPECT_TRUE(framed(good.substr(0, good.size() - 6)).frames.at(0).ended);
}

TEST(ATextFramer, counts_a_mere_header_at_the_end_of_input_as_truncated) {
  for (const char* text : {"/ISK5\\2M550T-1012\r\n\r\n", "/ISK5\\2M550T-1012\r\n", "/ISK5"}) {
    const auto result = framed(text);
    EXPECT_TRUE(result.frames.empty()) << text;
    EXPECT_EQ(result.truncated, 1U) << text;
  }
}

TEST(ATextFramer, says_when_only_the_line_ends_spoil_the_checksum) {
  std::string lf_only = good;
  std::erase(lf_only, '\r');
  const auto edited = framed(lf_only).frames.at(0);
  const auto wrong = framed(replaced(lf_only, "193", "293")).frames.at(0);

  EXPECT_EQ(edited.integrity, Integrity::bad);
  EXPECT_TRUE(edited.line_ends_changed);
  EXPECT_EQ(edited.checksum, ChecksumRule::none);
  EXPECT_EQ(wrong.integrity, Integrity::bad);
  EXPECT_FALSE(wrong.line_ends_changed);
}

TEST(ATextFramer, clears_parity_that_a_7E1_or_7O1_line_left_in_bit_7) {
  const auto unchecked = telegram().with("1-0:1.7.0", "(0000.47*kW)").without_checksum().text();
  for (const bool even : {true, false}) {
    const auto result =
        framed("\x91" + with_parity(unchecked, even) + with_parity(good, even) + good);
    ASSERT_EQ(result.frames.size(), 3U) << even;
    EXPECT_EQ(result.frames[0].bytes, unchecked);
    EXPECT_EQ(result.frames[0].integrity, Integrity::absent);
    EXPECT_EQ(result.frames[1].bytes, good);
    EXPECT_EQ(result.frames[1].integrity, Integrity::ok);
    EXPECT_EQ(result.frames[2].bytes, good);
  }
}

TEST(ATextFramer, does_not_believe_a_telegram_with_one_wrong_parity) {
  const auto text =
      with_parity(telegram().with("1-0:1.7.0", "(0000.47*kW)").without_checksum().text(), true);
  const auto result = framed(replaced(text, "0000", "0002"));  // '2' has its parity bit clear

  ASSERT_EQ(result.frames.size(), 1U);
  EXPECT_EQ(result.frames[0].integrity, Integrity::bad);
}

TEST(ATextFramer, is_not_led_astray_by_a_damaged_header_that_looks_like_odd_parity) {
  const auto damaged = telegram()
                           .header(
                               "ELL\x8A"
                               "3833635_A")
                           .with("1-0:1.7.0", "(1*kW)")
                           .text();
  const auto result = framed(damaged + good);

  ASSERT_FALSE(result.frames.empty());
  EXPECT_EQ(result.frames.back().bytes, good);
}

TEST(ATextFramer, keeps_bit_7_of_text_that_carries_no_parity) {
  const auto text = telegram().with("0-0:96.13.0", "(5 m\xC2\xB3)").text();

  EXPECT_EQ(framed(text).frames.at(0).bytes, text);
  EXPECT_EQ(framed(text).frames.at(0).integrity, Integrity::ok);
}

TEST(ATextFramer, forgets_a_half_telegram_when_told_to) {
  Framer framer;
  framer.push(good.substr(0, 30));
  EXPECT_FALSE(framer.next());

  framer.reset();
  framer.push(good);

  ASSERT_TRUE(framer.next());
  EXPECT_EQ(framer.counters().truncated, 1U);
  EXPECT_EQ(framer.counters().skipped_bytes, 0U);
}

}  // namespace
}  // namespace p1meter
