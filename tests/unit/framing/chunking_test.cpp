// SPDX-License-Identifier: Apache-2.0
// Framing: any chunking of a stream gives the same frames.
#include <gtest/gtest.h>
#include <random>

#include "support/framed.hpp"
#include "support/link_frames.hpp"
#include "support/sanitizers.hpp"
#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

using test::FrameCollector;
using test::Framed;
using test::framed;
using test::telegram;

/// Everything that a framer must find its way through, in one stream.
std::string eventful_stream() {
  using std::string_literals::operator""s;
  const auto good = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  const auto text = telegram().with("0-0:96.13.0", "(a/b!\r\n/cd\r\n!e (f)!\r\ng)").text();
  return "tail)\r\n!12AB\r\n"s + good + "\0\0"s + text + "noise/" + good.substr(0, 30) + "\r\n" +
         good.substr(0, good.size() - 2) + "\r\x0B" + good + "/XXX5\\A\r\n\r\n1-0:1.8.0(" +
         std::string(400, '1') + "\r\n" + good + "/ABC" + good + "!\r\n/\r\n//" + good +
         "/ADN9 6560\r\n\r\n1-0:31.7.0(123.1*A)!\r\n" + good.substr(0, 60);
}

TEST(ATextFramer, gives_the_same_frames_for_every_split_in_two) {
  const auto stream = eventful_stream();
  const auto whole = framed(stream, 300);
  ASSERT_GE(whole.frames.size(), 8U);
  EXPECT_GE(whole.oversized, 1U);
  EXPECT_GE(whole.truncated, 1U);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameCollector collector{300};
    collector.push(stream.substr(0, cut));
    collector.push(stream.substr(cut));
    ASSERT_EQ(collector.finish(), whole) << "cut at " << cut;
  }
}

TEST(ATextFramer, gives_the_same_frames_byte_by_byte) {
  const auto stream = eventful_stream();
  FrameCollector collector{300};
  for (const char c : stream) collector.push({&c, 1});

  EXPECT_EQ(collector.finish(), framed(stream, 300));
}

TEST(ATextFramer, gives_the_same_frames_for_random_chunks_of_random_streams) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  const auto pieces = {telegram().with("1-0:1.7.0", "(00.193*kW)").text(),
                       telegram().with("0-0:96.13.0", "(x/y)!").without_checksum().text(),
                       std::string{"/"},
                       std::string{"!"},
                       std::string{"\r\n"},
                       std::string{"/ISK5\r\n"},
                       std::string{"(("},
                       std::string{")!"},
                       std::string{"1A2B"},
                       std::string{"\xAF\x8A"},
                       std::string(1, '\0')};
  for (int round = 0; round < 500; ++round) {
    std::string stream;
    for (int i = 0; i < 40; ++i) stream += pieces.begin()[random() % pieces.size()];
    const auto whole = framed(stream, 200);
    FrameCollector collector{200};
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = 1 + random() % 40;
      collector.push(std::string_view{stream}.substr(at, size));
      at += size;
    }
    ASSERT_EQ(collector.finish(), whole) << stream;
  }
}

/// Frames of every kind, whole and damaged, among each other and with noise.
std::string random_mixture(std::mt19937& random) {
  const auto text = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  std::string apdu = "\x0F";
  for (unsigned i = 0; i < 20 + random() % 120; ++i) apdu.push_back(static_cast<char>(random()));
  const std::vector<std::string> frames{
      text,
      test::hdlc(apdu),
      test::hdlc(apdu).substr(1),
      test::hdlc(apdu, {.segmented = true}),
      test::hdlc(test::block(apdu, static_cast<unsigned>(1 + random() % 3), random() % 2 == 0)),
      test::mbus(apdu, 40),
      test::mbus_part(apdu, static_cast<unsigned>(random() % 3), random() % 2 == 0),
      test::glo(20 + random() % 150),
      "/ISK5\r\n",
      "\r\n!\r\n",
      "\x7E\xA0",
      "\x68\x0A\x0A\x68",
      "\xDB\x08"};
  std::string stream;
  for (int i = 0; i < 12; ++i) {
    auto frame = frames[random() % frames.size()];
    if (random() % 4 == 0) frame.resize(random() % frame.size());
    if (random() % 5 == 0 && !frame.empty())
      frame[random() % frame.size()] = static_cast<char>(frame[0] ^ 1);
    stream += frame;
    for (auto noise = random() % 4; noise > 0; --noise) {
      stream.push_back(static_cast<char>(random()));
    }
  }
  return stream;
}

TEST(AFramer, gives_the_same_frames_for_random_chunks_of_mixed_kinds_and_noise) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  const int rounds = test::slow_build ? 500 : 5000;
  for (int round = 0; round < rounds; ++round) {
    const auto stream = random_mixture(random);
    const std::size_t limit = round % 2 == 0 ? 400 : default_frame_limit;
    const auto whole = framed(stream, limit);
    FrameCollector bytewise{limit};
    for (const char c : stream) bytewise.push({&c, 1});
    ASSERT_EQ(bytewise.finish(), whole) << "round " << round;
    FrameCollector collector{limit};
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = 1 + random() % 60;
      collector.push(std::string_view{stream}.substr(at, size));
      at += size;
    }
    ASSERT_EQ(collector.finish(), whole) << "round " << round;
  }
}

TEST(ATextFramer, accounts_for_every_byte_of_our_own_telegrams_in_small_chunks) {
  std::string stream;
  for (const auto name : test::whole_telegrams) stream += test::data_file(name);
  FrameCollector collector;
  for (std::size_t at = 0; at < stream.size(); at += 64) {
    collector.push(std::string_view{stream}.substr(at, 64));
  }
  const auto result = collector.finish();

  std::string joined;
  for (const auto& frame : result.frames) joined += frame.bytes;
  EXPECT_EQ(joined, stream);
}

}  // namespace
}  // namespace p1meter
