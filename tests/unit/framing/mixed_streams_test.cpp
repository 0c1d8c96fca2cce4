// SPDX-License-Identifier: Apache-2.0
// Framing: good frames of every kind in any order, with noise between them and cut anywhere, come
// out whole and in order.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "support/framed.hpp"
#include "support/link_frames.hpp"
#include "support/random_seed.hpp"
#include "support/sanitizers.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter {
namespace {

using test::FrameCollector;
using test::Framed;
using test::framed;

/// A frame, or the link frames of one APDU, and what must come of them.
struct Sent {
  std::vector<std::string> parts{};
  std::string content{};  // the text telegram, or the APDU
  Link link{Link::none};
  Integrity integrity{Integrity::ok};
  std::size_t most_noise{40};  // between the parts
};

std::string random_apdu(std::mt19937& random, std::size_t size) {
  std::string apdu = "\x0F";
  while (apdu.size() < size) apdu.push_back(static_cast<char>(random()));
  return apdu;
}

Sent text(std::mt19937& random) {
  const auto builder = test::telegram()
                           .with("1-0:1.7.0", "(0" + std::to_string(random() % 10) + ".193*kW)")
                           .with("0-0:96.13.0", "(a/b!\r\n/c\r\n(d)!)");
  return {{builder.text()}, builder.text()};
}

Sent hdlc(std::mt19937& random) {
  const auto apdu = random_apdu(random, 1 + random() % 300);
  return {{test::hdlc(apdu)}, apdu, Link::hdlc};
}

Sent segmented_hdlc(std::mt19937& random) {
  const auto apdu = random_apdu(random, 300);
  const std::size_t first = 1 + random() % 100;
  const std::size_t second = 1 + random() % 100;
  return {{test::hdlc(apdu.substr(0, first), {.segmented = true}),
           test::hdlc(apdu.substr(first, second), {.segmented = true, .llc = false}),
           test::hdlc(apdu.substr(first + second), {.llc = false})},
          apdu,
          Link::hdlc,
          Integrity::ok,
          8};  // more could be a segment that was lost, for segments have no numbers
}

Sent hdlc_in_blocks(std::mt19937& random) {
  const auto apdu = random_apdu(random, 300);
  const std::size_t first = 1 + random() % 100;
  const std::size_t second = 1 + random() % 100;
  return {{test::hdlc(test::block(apdu.substr(0, first), 1, false)),
           test::hdlc(test::block(apdu.substr(first, second), 2, false), {.llc = false}),
           test::hdlc(test::block(apdu.substr(first + second), 3, true), {.llc = false})},
          apdu,
          Link::hdlc};
}

Sent mbus(std::mt19937& random) {
  const auto apdu = random_apdu(random, 1 + random() % 600);
  const std::size_t part_size = 60 + random() % 190;
  Sent sent{{}, apdu, Link::mbus};
  std::size_t begin = 0;
  for (unsigned number = 0; begin < apdu.size(); ++number, begin += part_size) {
    const bool last = begin + part_size >= apdu.size();
    sent.parts.push_back(test::mbus_part(apdu.substr(begin, part_size), number, last));
  }
  return sent;
}

Sent envelope(std::mt19937& random) {
  const auto apdu = test::glo(20 + random() % 500, random() % 2 == 0 ? 0x20 : 0x30);
  return {{apdu}, apdu, Link::none, Integrity::absent};
}

constexpr std::array kinds{text, hdlc, segmented_hdlc, hdlc_in_blocks, mbus, envelope};

void expect_exactly(const Framed& result, const std::vector<Sent>& sent) {
  ASSERT_EQ(result.frames.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto& frame = result.frames[i];
    const bool is_text = frame.kind == Frame::Kind::text;
    ASSERT_EQ(is_text ? frame.bytes : frame.apdu, sent[i].content) << i;
    ASSERT_EQ(frame.link, sent[i].link) << i;
    ASSERT_EQ(frame.integrity, sent[i].integrity) << i;
    ASSERT_TRUE(frame.ended) << i;
  }
}

TEST(AFramer, gives_each_kind_of_frame_wherever_it_is_cut_in_two) {
  std::mt19937 random{test::random_seed()};
  for (const auto kind : kinds) {
    const Sent first = kind(random);
    const Sent second = text(random);
    std::string stream;
    for (const std::string& part : first.parts) stream += part;
    stream += second.content;
    const Framed whole = framed(stream);
    ASSERT_NO_FATAL_FAILURE(expect_exactly(whole, {first, second}));
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      FrameCollector collector;
      collector.push(stream.substr(0, cut));
      collector.push(stream.substr(cut));
      ASSERT_EQ(collector.finish(), whole) << "cut at " << cut;
    }
  }
}

/// Random octets that claim nothing of what follows them. Between telegrams three things would, for
/// the framer must believe them: "/ABC" up to a line feed is a header, even one with stray octets
/// in it; an envelope and an M-Bus frame have no check of their beginning, so that the length in it
/// counts. What begins an HDLC frame is believed only with a right check, once in 65536 times; the
/// flag before it may be the one that ended the frame before.
std::string harmless_noise(std::mt19937& random, std::size_t most) {
  std::string noise(random() % (most + 1), '\0');
  constexpr char neutral = 'n';
  char before = '\x7E';
  for (std::size_t i = 0; i < noise.size(); ++i) {
    auto octet = static_cast<unsigned char>(random());
    const bool begins_text = (octet & 0x7FU) == '/';
    const bool begins_hdlc = before == '\x7E' && (octet & 0xF0U) == 0xA0U;
    const bool begins_envelope = before == '\xDB' && octet == 8;
    const bool begins_mbus = octet == 0x68 && i >= 3 && noise[i - 3] == 0x68;
    const bool claims = begins_text || begins_hdlc || begins_envelope || begins_mbus;
    noise[i] = claims ? neutral : static_cast<char>(octet);
    before = noise[i];
  }
  return noise;
}

TEST(AFramer, gives_every_frame_of_mixed_kinds_through_noise_and_in_order) {
  std::mt19937 random{test::random_seed()};
  const int rounds = test::slow_build ? 300 : 3000;
  for (int round = 0; round < rounds; ++round) {
    std::string stream;
    std::vector<Sent> sent;
    while (sent.size() < 10) {
      sent.push_back(kinds[random() % kinds.size()](random));
      for (const std::string& part : sent.back().parts) {
        stream += part;
        if (random() % 2 == 0) stream += harmless_noise(random, sent.back().most_noise);
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_exactly(framed(stream), sent)) << "round " << round;
  }
}

}  // namespace
}  // namespace p1meter
