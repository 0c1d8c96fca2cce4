// SPDX-License-Identifier: Apache-2.0
// Values: meter stamps on the time line, and times as text.
#include "p1meter/values/time.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

MeterClock stamp(int day, int hour, int minute, int second, SeasonLetter season,
                 unsigned month = 10) {
  return {2024,
          static_cast<std::uint8_t>(month),
          static_cast<std::uint8_t>(day),
          static_cast<std::uint8_t>(hour),
          static_cast<std::uint8_t>(minute),
          static_cast<std::uint8_t>(second),
          season,
          std::nullopt};
}

const Zone brussels = parse_zone("Europe/Brussels").value();

TEST(AMeterTime, follows_the_letter_through_the_doubled_hour) {
  const auto first = place(stamp(27, 2, 30, 5, SeasonLetter::summer), brussels);
  const auto second = place(stamp(27, 2, 30, 5, SeasonLetter::winter), brussels);

  EXPECT_EQ(to_string(first), "2024-10-27T02:30:05+02:00");
  EXPECT_EQ(to_string(first.instant), "2024-10-27T00:30:05.000Z");
  EXPECT_EQ(to_string(second), "2024-10-27T02:30:05+01:00");
  EXPECT_EQ(second.certainty, TimeCertainty::exact);
}

TEST(AMeterTime, with_a_letter_but_no_zone_is_central_european) {
  EXPECT_EQ(to_string(place(stamp(1, 12, 0, 0, SeasonLetter::summer, 7), std::nullopt)),
            "2024-07-01T12:00:00+02:00");
}

TEST(AMeterTime, takes_the_letters_offset_from_the_zone) {
  const auto vilnius = parse_zone("Europe/Vilnius");
  EXPECT_EQ(to_string(place(stamp(1, 12, 0, 0, SeasonLetter::summer, 7), vilnius)),
            "2024-07-01T12:00:00+03:00");
  EXPECT_EQ(to_string(place(stamp(1, 12, 0, 0, SeasonLetter::winter, 7), vilnius)),
            "2024-07-01T12:00:00+02:00");
}

TEST(AMeterTime, without_letter_follows_the_zone_and_its_predecessor) {
  const auto clock = stamp(27, 2, 30, 5, SeasonLetter::none);
  const auto first = place(clock, brussels);
  const auto second = place(clock, brussels, first.instant + std::chrono::minutes{20});

  EXPECT_EQ(to_string(first), "2024-10-27T02:30:05+02:00");
  EXPECT_EQ(first.certainty, TimeCertainty::ambiguous);
  EXPECT_EQ(to_string(second), "2024-10-27T02:30:05+01:00");
  EXPECT_EQ(second.certainty, TimeCertainty::exact);
  EXPECT_EQ(to_string(place(clock, brussels, first.instant)), to_string(first));
  EXPECT_EQ(to_string(place(stamp(27, 1, 59, 59, SeasonLetter::none), brussels)),
            "2024-10-27T01:59:59+02:00");
  EXPECT_EQ(to_string(place(stamp(27, 3, 0, 0, SeasonLetter::none), brussels)),
            "2024-10-27T03:00:00+01:00");
}

TEST(AMeterTime, without_letter_and_zone_stays_local) {
  const auto time = place(stamp(1, 12, 0, 0, SeasonLetter::none), std::nullopt);

  EXPECT_EQ(time.certainty, TimeCertainty::zone_unknown);
  EXPECT_EQ(to_string(time), "2024-10-01T12:00:00");
}

TEST(AMeterTime, believes_the_deviation_that_the_stamp_itself_carries) {
  auto clock = stamp(19, 15, 46, 35, SeasonLetter::none, 7);
  clock.utc_offset = std::int16_t{-150};

  EXPECT_EQ(to_string(place(clock, brussels)), "2024-07-19T15:46:35-02:30");
}

TEST(AZone, changes_on_the_last_sundays_at_one_utc) {
  const auto at = [](std::string_view text) {
    return utc_offset_at(brussels, parse_instant(text).value());
  };
  EXPECT_EQ(at("2024-03-31T00:59:59Z"), 60);
  EXPECT_EQ(at("2024-03-31T01:00:00Z"), 120);
  EXPECT_EQ(at("2024-10-27T00:59:59Z"), 120);
  EXPECT_EQ(at("2024-10-27T01:00:00Z"), 60);
  EXPECT_EQ(at("2023-03-26T01:00:00Z"), 120);
}

TEST(AZone, is_known_by_name_or_fixed_offset_only) {
  EXPECT_EQ(parse_zone("UTC"), (Zone{0, false}));
  EXPECT_EQ(parse_zone("Europe/Lisbon"), (Zone{0, true}));
  EXPECT_EQ(parse_zone("-03:30"), (Zone{-210, false}));
  for (const char* name : {"", "Europe/Atlantis", "+1:00", "+01:60", "+0100", "America/New_York"}) {
    EXPECT_FALSE(parse_zone(name)) << name;
  }
}

TEST(AnInstant, survives_writing_and_reading) {
  for (const char* text : {"2024-10-27T00:30:05.123Z", "1970-01-01T00:00:00.000Z",
                           "2000-02-29T23:59:59.999Z", "1969-12-31T23:59:59.500Z"}) {
    EXPECT_EQ(to_string(parse_instant(text).value()), text);
  }
  EXPECT_EQ(to_string(parse_instant("2024-10-27T02:30:05+02:00").value()),
            "2024-10-27T00:30:05.000Z");
  EXPECT_EQ(to_string(parse_instant("2024-10-27T02:30:05.1239-01:30").value()),
            "2024-10-27T04:00:05.123Z");
}

TEST(AnInstant, is_not_read_from_anything_else) {
  for (const char* text : {"", "2024-10-27", "2024-10-27T02:30:05", "2024-13-27T02:30:05Z",
                           "2023-02-29T00:00:00Z", "2024-10-27T24:00:00Z", "2024-10-27T02:30:05Zx",
                           "2024-10-27T02:30:05.Z", "24-10-27T02:30:05Z"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

}  // namespace
}  // namespace p1meter
