// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

constexpr auto id = "4730303031";
const Zone brussels{60, true};
const Zone vilnius{120, true};

TEST(AMapper, places_both_passes_of_the_doubled_hour) {
  Meter meter;
  meter.map(Sent{"241027023005S"}.gas(1, id, "1*m3", "241027022500S"));
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-10-27T02:30:05+02:00");
  EXPECT_EQ(meter.time("gas_volume"), "2024-10-27T02:25:00+02:00");

  meter.map(Sent{"241027023005W"}.gas(1, id, "1*m3", "241027022500W"));
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-10-27T02:30:05+01:00");
  EXPECT_EQ(meter.time("gas_volume"), "2024-10-27T02:25:00+01:00");
  EXPECT_EQ(meter.problems(), "");
}

TEST(AMapper, takes_the_second_pass_without_letters_when_time_would_run_backwards) {
  Meter meter{{.zone = brussels}};
  meter.map(Sent{"241027025500"}.gas(1, id, "1*m3", "241027025000"));
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-10-27T02:55:00+02:00");
  meter.map(Sent{"241027020500"}.gas(1, id, "1*m3", "241027020000"));
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-10-27T02:05:00+01:00");
  EXPECT_EQ(meter.time("gas_volume"), "2024-10-27T02:00:00+01:00");
}

TEST(AMapper, places_letters_by_the_zone_it_was_told) {
  Meter meter{{.zone = vilnius}};
  meter.map(Sent{"240715101500S"});
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-07-15T10:15:00+03:00");
}

TEST(AMapper, takes_the_meter_for_what_the_user_says_it_is) {
  Meter meter{{.profile = find_meter_profile("lithuania")}};
  meter.map(Sent{"240715101500S"});
  EXPECT_EQ(meter.mapped().profile, "lithuania");
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-07-15T10:15:00+03:00");
  EXPECT_FALSE(find_meter_profile("unknown"));
}

TEST(AMapper, says_when_neither_letter_nor_zone_fixes_a_time) {
  Meter meter;
  meter.map(Sent{"240715101500"}.gas(1, id, "1*m3", "240715100000"));

  EXPECT_EQ(to_string(*meter.mapped().time), "2024-07-15T10:15:00");
  EXPECT_EQ(meter.time("gas_volume"), "2024-07-15T10:00:00");
  EXPECT_EQ(meter.problems(), "zone_unknown zone_unknown");
}

TEST(AMapper, publishes_nothing_for_a_device_that_was_never_read) {
  Meter meter;
  meter.map(Sent{}.gas(1, id, "00000.000", "unset").gas(2, id, "1*m3", "malformed"));

  EXPECT_EQ(meter.value("gas_volume"), "");
  EXPECT_EQ(meter.value("gas2_volume"), "");
  EXPECT_EQ(meter.problems(), "time_unset time_malformed");
}

TEST(AMapper, gives_a_time_more_than_a_day_ahead_the_time_of_receipt) {
  Meter meter;
  meter.map(Sent{"240115140002W"}.gas(1, id, "1*m3", "240116140003W"));
  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T14:00:03+01:00");
  EXPECT_EQ(meter.problems(), "time_implausible");

  meter.map(Sent{"240115140002W"}.gas(1, id, "1*m3", "240116140002W"));
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-16T14:00:02+01:00");
  EXPECT_EQ(meter.problems(), "");
}

TEST(AMapper, compares_with_the_time_of_receipt_where_the_telegram_has_none) {
  Meter meter;
  meter.map(Sent{""}.gas(1, id, "1*m3", "681027002758S"));
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T14:00:03+01:00");
  EXPECT_EQ(meter.problems(), "time_implausible");
}

TEST(AMapper, does_not_judge_times_by_a_clock_that_was_never_set) {
  Meter meter;
  meter.set_now(*parse_instant("1970-01-01T00:01:00Z"));
  meter.map(Sent{""}.gas(1, id, "1*m3", "240115140000W"));
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T14:00:00+01:00");
  EXPECT_EQ(meter.problems(), "");

  meter.map(Sent{"240115140002W"}.gas(1, id, "1*m3", "681027002758S"));
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T14:00:02+01:00") << "the telegram's, not ours";
  EXPECT_EQ(meter.problems(), "time_implausible");
}

TEST(AMapper, gives_a_months_peak_its_own_time) {
  Meter meter;
  meter.map(Sent{"240115140002W"}.with("1-0:1.6.0", "02.589*kW").at("240109134558W"));
  EXPECT_EQ(meter.value("demand_import_peak_month"), "2589 W");
  EXPECT_EQ(meter.time("demand_import_peak_month"), "2024-01-09T13:45:58+01:00");
}

TEST(AMapper, says_when_the_telegrams_own_time_is_none) {
  Meter meter;
  meter.map(Sent{""}.with("0-0:1.0.0", "000000000000W").at("unset"));
  EXPECT_EQ(meter.problems(), "time_unset");
  meter.map(Sent{""}.with("0-0:1.0.0", "241301000000W").at("malformed"));
  EXPECT_EQ(meter.problems(), "time_malformed");
}

TEST(AMapper, makes_no_reading_of_the_telegrams_own_time) {
  Meter meter;
  meter.map(Sent{"240115140002W"});
  EXPECT_TRUE(meter.mapped().readings.empty());
  EXPECT_TRUE(meter.mapped().unknown.empty());
}

}  // namespace
}  // namespace p1meter::test
