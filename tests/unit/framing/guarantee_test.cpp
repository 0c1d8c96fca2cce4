// SPDX-License-Identifier: Apache-2.0
// Framing: what the checksum guarantees, and that the framer does not give it away.
//
// Guaranteed, for a meter whose rule (ARC) is known and a body of at most 4095 bytes: with one to
// three flipped bits, or a burst of up to 16 bits on the wire, anywhere between '/' and '!'
// inclusive, no frame is both ok and different. Damage to the checksum's digits alone never makes
// another body ok; nor does damage to line ends behind '!'.
//
// Not guaranteed by any 16-bit check: damage that hits the body and the digits of the checksum at
// once (a digit is eight bits that carry four, so a flip there can undo more than one flip of the
// body; about one in 10^9 of random triple flips does), and wider damage (one in 65 536 passes).
// A frame that fits the other rule is one in 65 536 too: hence the pinning of the rule.
#include <bit>
#include <gtest/gtest.h>
#include <random>
#include <set>

#include "p1meter/framing/crc16.hpp"
#include "p1meter/framing/framer.hpp"
#include "support/sanitizers.hpp"
#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

void flip(std::string& bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(static_cast<unsigned char>(bytes[bit / 8]) ^ 1U << bit % 8);
}

/// Feeds telegrams to one framer and looks for what must never be.
class Judge {
 public:
  explicit Judge(std::string good)
      : good_{std::move(good)}, body_{good_, 0, good_.rfind('!') + 1} {}

  /// A damaged telegram, then a good one. False: a frame was believed that is not the good one.
  bool survives(std::string_view damaged) {
    bool only_truth = true;
    good_seen_ = false;
    for (const auto bytes : {damaged, std::string_view{good_}}) {
      framer_.push(bytes);
      while (const auto frame = framer_.next()) {
        if (frame->integrity != Integrity::ok || frame->checksum != ChecksumRule::arc) continue;
        const bool true_body = frame->bytes.substr(0, frame->body_size) == body_;
        only_truth = only_truth && true_body;
        good_seen_ = good_seen_ || (true_body && frame->bytes == good_);
      }
    }
    return only_truth;
  }
  /// The good telegram behind the damaged one was found.
  [[nodiscard]] bool good_seen() const { return good_seen_; }

 private:
  std::string good_;
  std::string body_;
  Framer framer_{};
  bool good_seen_{};
};

TEST(AChecksum, tells_any_three_flipped_bits_of_4095_bytes) {
  std::string body(4095, '0');
  const auto right = crc16_arc(body);
  std::set<std::uint16_t> seen;
  for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
    flip(body, bit);
    const auto difference = static_cast<std::uint16_t>(crc16_arc(body) ^ right);
    flip(body, bit);
    // one flip shows; two never cancel, for no difference comes twice; three never do, for the sum
    // of three odd numbers of bits is odd
    ASSERT_TRUE(seen.insert(difference).second) << bit;
    ASSERT_EQ(std::popcount(difference) % 2, 1) << bit;
    if (test::slow_build && bit % 64 == 63) bit += 1024;
  }
  EXPECT_FALSE(seen.contains(0));
}

TEST(AChecksum, tells_any_burst_of_16_bits) {
  // The checksum is linear, so the place of a burst and the other bytes do not matter.
  for (unsigned burst = 1; burst <= 0xFFFF; ++burst) {
    const char bytes[] = {static_cast<char>(burst & 0xFFU), static_cast<char>(burst >> 8U)};
    ASSERT_NE(crc16_arc({bytes, 2}), 0) << burst;
  }
}

TEST(ATextFramer, believes_no_telegram_with_any_single_bit_flipped) {
  const auto good = test::data_file("dsmr5.telegram");
  Judge judge{good};
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto damaged = good;
    flip(damaged, bit);
    ASSERT_TRUE(judge.survives(damaged)) << "bit " << bit;
    ASSERT_TRUE(judge.good_seen()) << "bit " << bit;
  }
}

TEST(ATextFramer, believes_no_telegram_with_any_burst_around_its_end) {
  const auto good = test::telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  Judge judge{good};
  const std::size_t first = (good.rfind('!') - 3) * 8;
  const unsigned step = test::slow_build ? 210 : 2;
  for (std::size_t bit = first; bit + 16 <= good.size() * 8; ++bit) {
    for (unsigned burst = 1; burst <= 0xFFFF; burst += step) {  // odd: it begins at this bit
      auto damaged = good;
      for (std::size_t i = 0; i < 16; ++i) {
        if ((burst >> i & 1U) != 0) flip(damaged, bit + i);
      }
      ASSERT_TRUE(judge.survives(damaged)) << "burst " << burst << " at bit " << bit;
      ASSERT_TRUE(judge.good_seen()) << "burst " << burst << " at bit " << bit;
    }
  }
}

TEST(ATextFramer, believes_none_of_a_million_telegrams_with_flipped_bits_and_bursts) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  const auto good = test::data_file("sweden.telegram");
  Judge judge{good};
  const int rounds = test::slow_build ? 20'000 : 1'000'000;
  for (int round = 0; round < rounds; ++round) {
    auto damaged = good;
    if (round % 4 == 0) {
      const std::size_t bit = random() % (good.size() * 8 - 16);
      const auto burst = static_cast<unsigned>(random() % 0xFFFF + 1);
      for (std::size_t i = 0; i < 16; ++i) {
        if ((burst >> i & 1U) != 0) flip(damaged, bit + i);
      }
    } else {
      for (int flips = 0; flips < round % 4; ++flips) flip(damaged, random() % (good.size() * 8));
    }
    ASSERT_TRUE(judge.survives(damaged)) << damaged;
    ASSERT_TRUE(judge.good_seen()) << damaged;
  }
}

}  // namespace
}  // namespace p1meter
