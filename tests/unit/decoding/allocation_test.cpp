// SPDX-License-Identifier: Apache-2.0
// Decoding: framing and decoding ask for no memory once they have seen a telegram.
#include <gtest/gtest.h>

#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/framer.hpp"
#include "support/allocations.hpp"
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

TEST(TheCountOfAllocations, sees_what_is_allocated) {
  std::string text;
  EXPECT_EQ(test::allocations_during([&] { text.assign(1000, 'x'); }), 1U);
}

}  // namespace
}  // namespace p1meter
