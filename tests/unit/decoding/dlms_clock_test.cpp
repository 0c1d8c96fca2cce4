// SPDX-License-Identifier: Apache-2.0
#include "decoding/dlms_clock.hpp"

#include <gtest/gtest.h>
#include <utility>

#include "support/apdu_builder.hpp"

namespace p1meter::decoding {
namespace {

using test::dlms::octets;

Stamp clock_of(std::string_view hex) {
  const std::string data = octets(hex);
  return read_clock(data);
}

TEST(ADlmsClock, is_read_with_its_deviation) {
  const Stamp stamp = clock_of("07E5091B 01 092F0F 00 FF88 80");

  ASSERT_EQ(stamp.kind, Stamp::Kind::clock);
  EXPECT_EQ(stamp.clock, (MeterClock{2021, 9, 27, 9, 47, 15, SeasonLetter::none, 120}));
  EXPECT_EQ(to_string(place(stamp.clock, std::nullopt)), "2021-09-27T09:47:15+02:00");
  EXPECT_EQ(clock_of("07E5091B 01 092F0F 00 003C 00").clock.utc_offset, -60);
  EXPECT_EQ(clock_of("07E5091B 01 092F0F 00 0000 00").clock.utc_offset, 0);
}

TEST(ADlmsClock, may_have_no_deviation) {
  const Stamp stamp = clock_of("07E30C10 01 073B28 FF 8000 FF");

  ASSERT_EQ(stamp.kind, Stamp::Kind::clock);
  EXPECT_EQ(stamp.clock, (MeterClock{2019, 12, 16, 7, 59, 40, SeasonLetter::none, std::nullopt}));
}

TEST(ADlmsClock, with_an_unspecified_second_is_at_the_beginning_of_the_minute) {
  const Stamp stamp = clock_of("07E30C10 FF 073BFF FF 8000 FF");

  ASSERT_EQ(stamp.kind, Stamp::Kind::clock);
  EXPECT_EQ(stamp.clock.second, 0);
}

TEST(ADlmsClock, is_unset_when_nothing_is_specified) {
  EXPECT_EQ(clock_of("FFFFFFFF FF FFFFFF FF 8000 FF").kind, Stamp::Kind::unset);
  EXPECT_EQ(clock_of("00000000 00 000000 00 0000 00").kind, Stamp::Kind::unset);
}

TEST(ADlmsClock, that_calls_itself_invalid_or_doubtful_still_counts_and_is_known_for_it) {
  for (const auto& [status, doubtful] : {std::pair{"01", true},
                                         {"02", true},
                                         {"81", true},
                                         {"04", false},
                                         {"80", false},
                                         {"00", false},
                                         {"FF", false}}) {
    const std::string clock = std::string{"07E30C10 01 073B28 FF 8000 "} + status;
    EXPECT_EQ(clock_of(clock.c_str()).kind, Stamp::Kind::clock) << status;
    EXPECT_EQ(is_doubtful(octets(clock)), doubtful) << status;
  }
}

TEST(ADlmsClock, that_is_no_calendar_date_is_malformed) {
  for (const char* hex : {
           "07E70D01 FF 000000 FF 8000 00",  // month 13
           "07E7021D FF 000000 FF 8000 00",  // 29 February 2023
           "0834021D FF 000000 FF 8000 00",  // 29 February 2100
           "07E3FE10 FF 000000 FF 8000 00",  // "last month"
           "07E30CFD FF 000000 FF 8000 00",  // "second last day"
           "07E30C10 FF 180000 FF 8000 00",  // 24 h
           "07E30C10 FF 003C00 FF 8000 00",  // minute 60
           "07E30C10 FF 00003C FF 8000 00",  // second 60
           "07E30C10 FF FF0000 FF 8000 00",  // no hour
           "FFFF0C10 FF 000000 FF 8000 00",  // no year
           "07E30C10 FF 000000 FF 7FFF 00",  // deviation of 22 days
       }) {
    EXPECT_EQ(clock_of(hex).kind, Stamp::Kind::malformed) << hex;
  }
  EXPECT_EQ(clock_of("07E8021D FF 000000 FF 8000 00").kind, Stamp::Kind::clock);  // 2024-02-29
  EXPECT_EQ(clock_of("07E8").kind, Stamp::Kind::malformed);
}

TEST(ADlmsClock, may_stand_in_a_date_and_a_time) {
  const Stamp stamp = read_clock(octets("07E9 0C 03 03"), octets("0F 00 0A 00"));

  ASSERT_EQ(stamp.kind, Stamp::Kind::clock);
  EXPECT_EQ(stamp.clock, (MeterClock{2025, 12, 3, 15, 0, 10, SeasonLetter::none, std::nullopt}));
  EXPECT_EQ(read_clock(octets("07E9 0C"), octets("0F 00 0A 00")).kind, Stamp::Kind::malformed);
  EXPECT_EQ(read_clock(octets("07E9 0C 03 03"), octets("0F")).kind, Stamp::Kind::malformed);
}

}  // namespace
}  // namespace p1meter::decoding
