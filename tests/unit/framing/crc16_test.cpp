// SPDX-License-Identifier: Apache-2.0
// Framing: checksums.
#include "p1meter/framing/crc16.hpp"

#include <gtest/gtest.h>
#include <random>

#include "support/telegram_builder.hpp"

namespace p1meter {
namespace {

TEST(AChecksum, gives_the_published_check_values) {
  EXPECT_EQ(crc16_arc("123456789"), 0xBB3D);
  EXPECT_EQ(crc16_x25("123456789"), 0x906E);
  EXPECT_EQ(crc16_arc(""), 0);
  EXPECT_EQ(crc16_arc("/XXX5\\TEST\r\n\r\n1-0:1.7.0(00.123*kW)\r\n!"), 0x739C);
  EXPECT_EQ(crc16_x25("/XXX5\\TEST\r\n\r\n1-0:1.7.0(00.123*kW)\r\n!"), 0xCF75);
}

TEST(AChecksum, agrees_with_the_bitwise_one_for_every_length_and_alignment) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  std::string bytes(300, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; size + from <= bytes.size(); ++size) {
      const auto piece = std::string_view{bytes}.substr(from, size);
      ASSERT_EQ(crc16_arc(piece), test::plain_crc16_arc(piece)) << from << '+' << size;
      ASSERT_EQ(crc16_x25(piece), test::plain_crc16_x25(piece)) << from << '+' << size;
    }
  }
}

TEST(AChecksum, is_the_same_for_bytes_in_pieces) {
  const std::string text = test::telegram().with("1-0:1.7.0", "(00.193*kW)").body();
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Crc16Arc arc;
    Crc16X25 x25;
    for (const auto& piece : {text.substr(0, cut), text.substr(cut)}) {
      arc.add(piece);
      x25.add(piece);
    }
    ASSERT_EQ(arc.value(), crc16_arc(text));
    ASSERT_EQ(x25.value(), crc16_x25(text));
  }
}

}  // namespace
}  // namespace p1meter
