// SPDX-License-Identifier: Apache-2.0
// Decoding: the times that meters print.
#include <gtest/gtest.h>
#include <ostream>

#include "p1meter/decoding/decode.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter {
namespace {

/// What becomes of a gas value with this time.
std::string gas_time(std::string_view stamp) {
  const auto text =
      test::telegram().with("0-1:24.2.1", '(' + std::string{stamp} + ")(00001.000*m3)").body();
  Telegram telegram;
  decode_text(text, telegram);
  if (telegram.objects.size() != 1 || !telegram.objects[0].number) return "no value";
  const auto& gas = telegram.objects[0];
  if (*gas.number != Decimal{1, 0}) return "wrong value";
  if (gas.time) {
    auto written = to_string(place(*gas.time, Zone{}));
    if (gas.time->season == SeasonLetter::none) written.resize(19);
    return written;
  }
  return gas.time_unset ? "unset" : gas.time_malformed ? "malformed" : "none";
}

/// What becomes of the telegram's own time.
std::string own_time(std::string_view stamp) {
  const auto text = test::telegram().with("0-0:1.0.0", '(' + std::string{stamp} + ')').body();
  Telegram telegram;
  decode_text(text, telegram);
  if (telegram.time) return to_string(place(*telegram.time, Zone{}));
  const auto& clock = telegram.objects.at(0);
  return clock.time_unset ? "unset" : clock.time_malformed ? "malformed" : "none";
}

TEST(AStamp, follows_the_letter_and_keeps_its_absence) {
  EXPECT_EQ(gas_time("241027023005S"), "2024-10-27T02:30:05+02:00");
  EXPECT_EQ(gas_time("241027023005W"), "2024-10-27T02:30:05+01:00");
  EXPECT_EQ(gas_time("241027023005w"), "2024-10-27T02:30:05+01:00");
  EXPECT_EQ(gas_time("110403140000"), "2011-04-03T14:00:00");
  EXPECT_EQ(gas_time("280229235959W"), "2028-02-29T23:59:59+01:00");
}

TEST(AStamp, is_unset_where_meters_print_that_they_never_read_a_device) {
  for (const char* stamp : {"632525252525W", "632525252525S", "000000000000W", "700101010000W",
                            "000101000001W", "000101010000"}) {
    EXPECT_EQ(gas_time(stamp), "unset") << stamp;
  }
}

TEST(AStamp, is_malformed_where_no_calendar_has_it) {
  for (const char* stamp : {"241332256199S", "220201000000T", "999999999999W", "230229000000W",
                            "240431000000S", "240101240000W", "240101006000W", "240101000061W",
                            "24010100000S", "2401010000", "x", "24061209300-S", "-40612093000"}) {
    EXPECT_EQ(gas_time(stamp), "malformed") << stamp;
  }
}

TEST(AStamp, of_an_mbus_value_is_never_taken_for_the_value) {
  const auto text = test::telegram().with("0-1:24.2.1", "(240612093)(07654.321)").body();
  Telegram telegram;
  decode_text(text, telegram);

  EXPECT_EQ(telegram.objects.at(0).text, "07654.321");
  EXPECT_TRUE(telegram.objects.at(0).time_malformed);
}

TEST(AStamp, is_the_next_second_in_a_leap_second) {
  EXPECT_EQ(gas_time("261231235960W"), "2027-01-01T00:00:00+01:00");
}

TEST(AStamp, of_the_telegram_has_every_form_that_meters_use) {
  EXPECT_EQ(own_time("240612093021S"), "2024-06-12T09:30:21+02:00");
  EXPECT_EQ(own_time("240115140002"), "2024-01-15T14:00:02+01:00");
  EXPECT_EQ(own_time("20240111 09:35:00"), "2024-01-11T09:35:00+01:00");
  EXPECT_EQ(own_time("000000000000W"), "unset");
  EXPECT_EQ(own_time("hello"), "malformed");
  EXPECT_EQ(own_time(""), "none");
}

TEST(AStamp, of_a_meter_whose_clock_was_reset_is_still_its_time) {
  EXPECT_EQ(own_time("000101010000W"), "2000-01-01T01:00:00+01:00");
}

}  // namespace
}  // namespace p1meter
