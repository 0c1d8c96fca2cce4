// SPDX-License-Identifier: Apache-2.0
// Decoding: framing and decoding ask for no memory once they have seen a telegram.
#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <string>
#include <vector>

#include "p1meter/decoding/decipher.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/framer.hpp"
#include "support/allocations.hpp"
#include "support/apdu_builder.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

/// Feeds a telegram in chunks of 64 bytes and decodes it.
std::size_t feed(Framer& framer, Telegram& telegram, std::string_view bytes) {
  std::size_t objects = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 64) {
    framer.push(bytes.substr(at, 64));
    while (const auto frame = framer.next()) {
      decode_text(frame->bytes.substr(0, frame->body_size), telegram);
      objects += telegram.objects.size();
    }
  }
  return objects;
}

TEST(ATextDecoder, asks_for_no_memory_after_the_first_telegram) {
  for (const auto name : test::whole_telegrams) {
    const std::string bytes = test::data_file(name);
    Framer framer;
    Telegram telegram;
    ASSERT_GT(feed(framer, telegram, bytes), 0U) << name;

    std::size_t objects = 0;
    const auto many = [&] {
      for (int i = 0; i < 100; ++i) objects += feed(framer, telegram, bytes);
    };

    EXPECT_EQ(test::allocations_during(many), 0U) << name;
    EXPECT_EQ(objects, 100 * telegram.objects.size()) << name;
  }
}

std::atomic<std::size_t> openssl_allocations{0};

/// Counts what OpenSSL asks for, which is not by operator new. Before its first use only.
bool count_openssl() {
  return CRYPTO_set_mem_functions(
             [](std::size_t size, const char* /*file*/, int /*line*/) {
               ++openssl_allocations;
               return std::malloc(size);
             },
             [](void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
               ++openssl_allocations;
               return std::realloc(memory, size);
             },
             [](void* memory, const char* /*file*/, int /*line*/) { std::free(memory); }) == 1;
}

const bool openssl_is_counted = count_openssl();

TEST(ADecipherer, asks_for_no_memory_after_the_first_telegram) {
  ASSERT_TRUE(openssl_is_counted);
  const std::string apdu =
      std::string{"\xDB\x08title 8 \x82\x01\x05\x30\0\0\0\x2A", 18} + std::string(256, 'c');
  Decipherer decipherer{
      DecipherKeys{.encryption = *parse_cipher_key("sixteen octets !"), .verify_tag = false}};
  Decipherer without_keys;
  std::vector<char> plain;
  ASSERT_EQ(without_keys.decipher(apdu, plain).problem, ProblemCode::key_missing);
  ASSERT_EQ(openssl_allocations, 0U) << "OpenSSL was started in vain";
  ASSERT_EQ(decipherer.decipher(apdu, plain).problem, ProblemCode::key_wrong);
  const std::size_t before = openssl_allocations;
  ASSERT_GT(before, 0U);

  const auto many = [&] {
    for (int i = 0; i < 100; ++i) static_cast<void>(decipherer.decipher(apdu, plain));
  };

  EXPECT_EQ(test::allocations_during(many), 0U);
  EXPECT_EQ(openssl_allocations, before);
}

TEST(AListDecoder, asks_for_no_memory_after_the_first_list) {
  using namespace test::dlms;
  const std::string pairs =
      notification(structure({visible_string("X"), obis("1-0:1.7.0"), u32(1), obis("0-0:96.1.0"),
                              octet_string(octets("00FF")), octet_string(octets("0102"))}));
  const std::string unknown = notification(structure({u32(1), octet_string("abc"), u16(2)}));
  for (const std::string& apdu : {notification(swedish_list()), pairs, unknown}) {
    const ListLayouts layouts;
    Telegram telegram;
    decode_notification(apdu, layouts, telegram);
    const auto again = [&] {
      telegram.clear();
      decode_notification(apdu, layouts, telegram);
    };

    EXPECT_EQ(test::allocations_during(again), 0U);
    EXPECT_GT(telegram.objects.size() + telegram.items.size(), 0U);
  }
}

TEST(TheCountOfAllocations, sees_what_is_allocated) {
  std::string text;
  EXPECT_EQ(test::allocations_during([&] { text.assign(1000, 'x'); }), 1U);
}

}  // namespace
}  // namespace p1meter
