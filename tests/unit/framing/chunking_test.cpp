// SPDX-License-Identifier: Apache-2.0
// Framing: any chunking of a stream gives the same frames.
#include <gtest/gtest.h>
#include <random>

#include "support/framed.hpp"
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
