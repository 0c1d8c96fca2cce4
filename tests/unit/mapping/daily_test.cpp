// SPDX-License-Identifier: Apache-2.0
// Values since local midnight.
#include <algorithm>
#include <gtest/gtest.h>

#include "meter.hpp"
#include "p1meter/mapping/computed_keys.hpp"

namespace p1meter::test {
namespace {

constexpr std::string_view gas_id = "4730303539303033393036323731353139";
constexpr std::string_view other_gas_id = "4730303539303033393036323731353140";

Sent registers(std::string_view stamp, std::string_view total) {
  return Sent{stamp}.with("1-0:1.8.0", total).with("1-0:2.8.0", "50.000*kWh");
}

/// A value since midnight as telegram after telegram arrives.
struct Day {
  explicit Day(MapperMemory memory = {}, MapperOptions options = {})
      : meter{std::move(options), std::move(memory)} {}

  std::string energy(std::string_view stamp, std::string_view total) {
    meter.map(registers(stamp, std::string{total} + "*kWh"));
    return meter.value("energy_import_today");
  }
  std::string gas(std::string_view stamp, std::string_view volume, std::string_view at,
                  std::string_view id = gas_id) {
    meter.map(Sent{stamp}.gas(1, id, std::string{volume} + "*m3", at));
    return meter.value("gas_volume_today");
  }
  /// The same after a restart of the program.
  [[nodiscard]] Day restarted(MapperOptions options = {}) {
    return Day{meter.mapper().memory(), std::move(options)};
  }

  Meter meter;
};

TEST(ADaysEnergy, is_left_out_until_a_midnight_was_seen) {
  Day day;
  EXPECT_EQ(day.energy("240115235955W", "100.000"), "");
  EXPECT_EQ(day.energy("240116000005W", "100.010"), "0.000 kWh");
  EXPECT_EQ(day.meter.value("energy_export_today"), "0.000 kWh");
  EXPECT_EQ(day.energy("240116120000W", "104.260"), "4.250 kWh") << "a gap within a day is none";
  EXPECT_EQ(day.energy("240116235955W", "110.000"), "9.990 kWh");
  EXPECT_EQ(day.energy("240117000000W", "110.000"), "0.000 kWh");
}

TEST(ADaysEnergy, is_described_like_a_register_that_begins_anew) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  const KeyInfo& info = day.meter.info("energy_import_today");
  EXPECT_EQ(info.name, "Energy import today");
  EXPECT_EQ(info.device_class, "energy");
  EXPECT_EQ(info.state_class, "total_increasing");
  EXPECT_TRUE(info.computed);
}

TEST(ADaysEnergy, is_null_once_where_that_is_wanted_and_nothing_is_known) {
  Day day{{}, {.null_until_known = true}};
  EXPECT_EQ(day.energy("240115235930W", "100.000"), "null");
  EXPECT_EQ(day.energy("240115235955W", "100.000"), "");
  EXPECT_EQ(day.energy("240116000005W", "100.010"), "0.000 kWh");
  EXPECT_EQ(day.energy("240117120000W", "120.000"), "null") << "a midnight passed unseen";
  EXPECT_EQ(day.energy("240117120010W", "120.000"), "");
}

TEST(ADaysEnergy, is_not_known_after_an_outage_over_midnight_until_the_next) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  day.energy("240116235800W", "105.000");
  EXPECT_EQ(day.energy("240117000005W", "105.010"), "");
  EXPECT_EQ(day.energy("240117235955W", "106.000"), "");
  EXPECT_EQ(day.energy("240118000005W", "106.001"), "0.000 kWh");
}

TEST(ADaysEnergy, is_known_after_an_outage_when_the_register_has_not_moved) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  EXPECT_EQ(day.energy("240118090000W", "100.010"), "0.000 kWh");
  EXPECT_EQ(day.energy("240118100000W", "101.000"), "0.990 kWh");
}

TEST(ADaysEnergy, survives_a_restart) {
  Day first;
  first.energy("240115235955W", "100.000");
  first.energy("240116000005W", "100.010");
  Day second = first.restarted();
  EXPECT_EQ(second.energy("240116080000W", "101.020"), "1.010 kWh");
  Day third = second.restarted();
  EXPECT_EQ(third.energy("240117080000W", "105.000"), "") << "a midnight passed meanwhile";
  Day after_a_quiet_night = second.restarted();
  EXPECT_EQ(after_a_quiet_night.energy("240117080000W", "100.010"), "0.000 kWh");
}

TEST(ADaysEnergy, is_kept_in_the_unit_that_the_user_chooses_at_the_restart) {
  Day first;
  first.energy("240115235955W", "100.000");
  first.energy("240116000005W", "100.010");
  Day second = first.restarted({.unit_of = [](const KeyInfo&) { return Unit::watt_hour; }});
  EXPECT_EQ(second.energy("240116080000W", "101.020"), "1010 Wh");
}

TEST(ADaysEnergy, is_forgotten_when_the_settings_multiply_otherwise) {
  Day first;
  first.energy("240115235955W", "100.000");
  first.energy("240116000005W", "100.010");
  Day second = first.restarted({.transformer = {.current = {40, 1}}});
  EXPECT_EQ(second.energy("240116080000W", "101.020"), "");
}

TEST(ADaysEnergy, is_forgotten_when_the_meter_is_exchanged) {
  Day day;
  const auto energy = [&day](std::string_view stamp, std::string_view id, std::string_view total) {
    day.meter.map(registers(stamp, std::string{total} + "*kWh").with("0-0:96.1.1", id));
    return day.meter.value("energy_import_today");
  };
  energy("240115235955W", "4531", "100.000");
  EXPECT_EQ(energy("240116000005W", "4531", "100.010"), "0.000 kWh");
  EXPECT_EQ(energy("240116120000W", "4532", "250.000"), "") << "another meter";
  EXPECT_EQ(energy("240116235955W", "4532", "251.000"), "");
  EXPECT_EQ(energy("240117000005W", "4532", "251.000"), "0.000 kWh");
}

TEST(ADaysEnergy, is_forgotten_when_the_register_falls) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  EXPECT_EQ(day.energy("240116000015W", "0.100"), "");
  EXPECT_EQ(day.energy("240116000025W", "0.200"), "") << "the midnight was another register's";
  EXPECT_EQ(day.energy("240116120000W", "120.000"), "");
}

TEST(ADaysEnergy, is_forgotten_when_the_total_becomes_a_sum_of_more) {
  Day day;
  const auto energy = [&day](std::string_view stamp, std::string_view second_tariff) {
    Sent sent = Sent{stamp}.with("1-0:1.8.1", "100.000*kWh");
    if (!second_tariff.empty()) sent.with("1-0:1.8.2", second_tariff);
    day.meter.map(sent);
    return day.meter.value("energy_import_today");
  };
  energy("240115235955W", "");
  EXPECT_EQ(energy("240116000005W", ""), "0.000 kWh");
  EXPECT_EQ(energy("240116120000W", "300.000*kWh"), "");
  EXPECT_EQ(energy("240116120010W", "301.000*kWh"), "");
}

TEST(ADaysEnergy, counts_days_of_23_and_25_hours_by_the_meters_clock) {
  Day spring;
  spring.energy("240330235955W", "100.000");
  EXPECT_EQ(spring.energy("240331000000W", "100.000"), "0.000 kWh");
  EXPECT_EQ(spring.energy("240331015959W", "101.000"), "1.000 kWh");
  EXPECT_EQ(spring.energy("240331030000S", "101.000"), "1.000 kWh");
  EXPECT_EQ(spring.energy("240331235955S", "109.000"), "9.000 kWh");
  EXPECT_EQ(spring.energy("240401000000S", "109.000"), "0.000 kWh");

  Day autumn;
  autumn.energy("241026235955S", "100.000");
  EXPECT_EQ(autumn.energy("241027000000S", "100.000"), "0.000 kWh");
  EXPECT_EQ(autumn.energy("241027025959S", "101.000"), "1.000 kWh");
  EXPECT_EQ(autumn.energy("241027020000W", "101.000"), "1.000 kWh");
  EXPECT_EQ(autumn.energy("241027235955W", "109.000"), "9.000 kWh");
  EXPECT_EQ(autumn.energy("241028000000W", "109.000"), "0.000 kWh");
}

TEST(ADaysEnergy, follows_a_wall_clock_without_a_zone) {
  Day day;
  day.energy("240115235955", "100.000");
  EXPECT_EQ(day.energy("240116000005", "100.010"), "0.000 kWh");
}

TEST(ADaysEnergy, forgives_a_clock_that_is_set_back_over_midnight) {
  Day day;
  day.energy("240115235955W", "100.000");
  EXPECT_EQ(day.energy("240116000003W", "100.010"), "0.000 kWh");
  EXPECT_EQ(day.energy("240115235958W", "100.020"), "") << "of that day nothing is known";
  EXPECT_EQ(day.energy("240116000008W", "100.030"), "0.020 kWh");
}

TEST(ADaysEnergy, is_not_confused_by_a_clock_that_leaps_to_another_day) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  day.energy("240116120000W", "105.000");
  day.energy("240120120010W", "105.000");
  EXPECT_EQ(day.energy("240116120020W", "105.001"), "") << "it may be the former day or not";
  EXPECT_EQ(day.energy("240116235955W", "106.000"), "");
  EXPECT_EQ(day.energy("240117000005W", "106.000"), "0.000 kWh");
}

TEST(ADaysEnergy, does_not_count_from_a_day_that_a_wrong_clock_began) {
  Day day;
  day.energy("240115235955W", "100.000");
  day.energy("240116000005W", "100.010");
  day.energy("240116120000W", "105.000");
  EXPECT_EQ(day.energy("240120120010W", "105.000"), "0.000 kWh") << "four days ahead";
  EXPECT_EQ(day.energy("240116120020W", "105.001"), "") << "and set right";
  EXPECT_EQ(day.energy("240120090000W", "120.000"), "") << "after an outage, the day itself";
  EXPECT_EQ(day.energy("240120235955W", "121.000"), "");
  EXPECT_EQ(day.energy("240121000005W", "121.000"), "0.000 kWh");
}

TEST(ADaysEnergy, begins_at_the_next_midnight_though_a_wrong_clock_had_shown_that_one) {
  Day day;
  day.energy("240116205955W", "100.000");
  EXPECT_EQ(day.energy("240116235955W", "100.000"), "") << "three hours ahead";
  EXPECT_EQ(day.energy("240117000005W", "100.010"), "0.000 kWh");
  EXPECT_EQ(day.energy("240116210015W", "100.020"), "") << "set right";
  EXPECT_EQ(day.energy("240116235955W", "103.000"), "");
  EXPECT_EQ(day.energy("240117000005W", "103.000"), "0.000 kWh");
}

TEST(ADaysEnergy,
     does_not_count_from_a_wrong_midnight_that_was_set_right_just_before_the_true_one) {
  Day day;
  day.energy("240116235955W", "100.000");
  EXPECT_EQ(day.energy("240117000005W", "100.010"), "0.000 kWh") << "three hours ahead";
  EXPECT_EQ(day.energy("240117025940W", "103.000"), "2.990 kWh");
  EXPECT_EQ(day.energy("240116235950W", "103.010"), "") << "set right";
  EXPECT_EQ(day.energy("240117000000W", "103.020"), "0.000 kWh");
}

TEST(ADaysEnergy, does_not_count_from_a_wrong_midnight_when_the_register_was_not_there_meanwhile) {
  Day day;
  day.energy("240116235955W", "100.000");
  EXPECT_EQ(day.energy("240117000005W", "100.010"), "0.000 kWh") << "three hours ahead";
  day.meter.map(Sent{"240116210015W"}.with("1-0:1.7.0", "0.5*kW"));
  day.meter.map(Sent{"240116235955W"}.with("1-0:1.7.0", "0.5*kW"));
  EXPECT_EQ(day.energy("240117000005W", "103.000"), "0.000 kWh") << "set right";
}

TEST(ADaysEnergy, forgets_a_wrong_clocks_day_across_a_restart) {
  Day first;
  first.energy("240119235955W", "105.000");
  EXPECT_EQ(first.energy("240120000005W", "105.000"), "0.000 kWh") << "four days ahead";
  Day second = first.restarted();
  EXPECT_EQ(second.energy("240116120000W", "105.001"), "");
  EXPECT_EQ(second.energy("240120090000W", "120.000"), "");
  Day third = second.restarted();
  EXPECT_EQ(third.energy("240120100000W", "121.000"), "");
}

TEST(ADaysEnergy, is_null_once_a_clock_was_set_back_to_another_day) {
  Day day{{}, {.null_until_known = true}};
  day.energy("240119235955W", "105.000");
  EXPECT_EQ(day.energy("240120000005W", "105.000"), "0.000 kWh");
  EXPECT_EQ(day.energy("240116120000W", "105.001"), "null");
  EXPECT_EQ(day.energy("240116120010W", "105.001"), "");
}

TEST(ADaysEnergy, begins_with_the_first_register_where_most_telegrams_have_none) {
  Day day;
  day.energy("240115230010W", "100.000");
  day.meter.map(Sent{"240115235955W"}.with("1-0:1.7.0", "0.5*kW"));
  day.meter.map(Sent{"240116000000W"}.with("1-0:1.7.0", "0.5*kW"));
  EXPECT_EQ(day.meter.value("energy_import_today"), "");
  EXPECT_EQ(day.energy("240116000010W", "101.000"), "0.000 kWh");
}

TEST(ADaysEnergy, begins_with_an_hourly_list_where_others_have_no_time) {
  Day day;
  day.energy("240115230010W", "100.000");
  day.meter.map(Sent{""}.with("1-0:1.7.0", "0.5*kW"));
  EXPECT_EQ(day.energy("240116000010W", "101.000"), "0.000 kWh");
  EXPECT_EQ(day.energy("240116010010W", "102.000"), "1.000 kWh");
}

TEST(ADaysEnergy, trusts_only_telegrams_with_a_checksum) {
  Meter meter;
  meter.map(registers("240115235955W", "100.000*kWh").unchecked());
  meter.map(registers("240116000005W", "100.010*kWh").unchecked());
  EXPECT_EQ(meter.value("energy_import_today"), "");
}

TEST(ADaysGas, begins_with_the_last_value_read_at_or_before_midnight) {
  Day day;
  EXPECT_EQ(day.gas("240115235930W", "10.000", "240115235500W"), "");
  EXPECT_EQ(day.gas("240115235950W", "10.000", "240115235500W"), "");
  EXPECT_EQ(day.gas("240116000010W", "10.000", "240115235500W"), "") << "still of the day before";
  EXPECT_EQ(day.gas("240116000040W", "10.250", "240116000030W"), "0.250 m³");
  EXPECT_EQ(day.meter.time("gas_volume_today"), "2024-01-16T00:00:30+01:00") << "its own time";
  EXPECT_EQ(day.gas("240116120000W", "11.000", "240116115500W"), "1.000 m³");
  EXPECT_EQ(day.meter.info("gas_volume_today").device, Device::gas);
  EXPECT_EQ(day.meter.info("gas_volume_today").name, "Gas volume today");
}

TEST(ADaysGas, begins_with_the_value_of_midnight_itself_however_late_it_comes) {
  Day day;
  EXPECT_EQ(day.gas("240116003000W", "10.500", "240116000000W"), "0.000 m³");
  EXPECT_EQ(day.gas("240116013000W", "10.700", "240116010000W"), "0.200 m³");
  EXPECT_EQ(day.gas("240117000300W", "15.000", "240116230000W"), "4.500 m³")
      << "the hour before midnight is told after it";
  EXPECT_EQ(day.gas("240117003000W", "15.500", "240117000000W"), "0.000 m³");
}

TEST(ADaysGas, is_not_known_when_a_value_may_have_been_missed) {
  Day day;
  day.gas("240115231000W", "10.000", "240115230700W");
  EXPECT_EQ(day.gas("240116003000W", "10.500", "240116000700W"), "") << "of 23:07 or later?";
  Day silent;
  silent.gas("240115235930W", "10.000", "240115200000W");
  EXPECT_EQ(silent.gas("240116000010W", "10.500", "240116000005W"), "")
      << "the gas meter was silent for hours";
}

TEST(ADaysGas, is_known_when_it_was_not_used) {
  Day day;
  day.gas("240115231000W", "10.000", "240115230700W");
  EXPECT_EQ(day.gas("240116003000W", "10.000", "240116000700W"), "0.000 m³");
  Day later = day.restarted();
  EXPECT_EQ(later.gas("240118093000W", "10.000", "240118090700W"), "0.000 m³");
}

TEST(ADaysGas, does_not_count_from_a_day_that_the_gas_meters_wrong_clock_began) {
  Day day;
  EXPECT_EQ(day.gas("240116120000W", "10.000", "240117000000W"), "0.000 m³") << "ahead";
  EXPECT_EQ(day.gas("240116120500W", "10.100", "240116120500W"), "") << "set right";
  EXPECT_EQ(day.gas("240117120500W", "20.000", "240117120000W"), "");
}

TEST(ADaysGas, is_forgotten_when_the_gas_meter_is_exchanged) {
  Day day;
  day.gas("240116000010W", "10.000", "240116000000W");
  EXPECT_EQ(day.gas("240116100010W", "12.000", "240116100000W"), "2.000 m³");
  EXPECT_EQ(day.gas("240116110010W", "500.000", "240116110000W", other_gas_id), "");
  EXPECT_EQ(day.gas("240116110020W", "500.000", "240116110000W", other_gas_id), "");
  EXPECT_EQ(day.gas("240116110030W", "500.000", "240116110000W", other_gas_id), "");
  EXPECT_EQ(day.meter.value("gas_volume"), "500.000 m³") << "three telegrams confirm it";
  EXPECT_EQ(day.gas("240116120030W", "500.500", "240116120000W", other_gas_id), "");
  EXPECT_EQ(day.gas("240117000030W", "501.000", "240117000000W", other_gas_id), "0.000 m³");
}

TEST(ADaysVolume, is_counted_for_each_gas_and_water_meter) {
  Meter meter;
  const auto map = [&meter](std::string_view stamp, std::string_view first, std::string_view second,
                            std::string_view water) {
    meter.map(Sent{stamp}
                  .gas(1, gas_id, first, stamp)
                  .gas(2, other_gas_id, second, stamp)
                  .with("0-3:24.1.0", "007")
                  .with("0-3:96.1.0", "5731")
                  .with("0-3:24.2.1", water)
                  .at(stamp));
  };
  map("240116000000W", "1.000*m3", "2.000*m3", "3.000*m3");
  map("240116120000W", "1.100*m3", "2.200*m3", "3.003*m3");
  EXPECT_EQ(meter.value("gas_volume_today"), "0.100 m³");
  EXPECT_EQ(meter.value("gas2_volume_today"), "0.200 m³");
  EXPECT_EQ(meter.value("water_volume_today"), "0.003 m³");
  EXPECT_EQ(meter.info("gas2_volume_today").name, "Gas 2 volume today");
  EXPECT_EQ(meter.info("gas2_volume_today").device_number, 2);
}

TEST(ADaysVolume, is_described_before_it_comes_as_when_it_comes) {
  Day day;
  day.gas("240116000010W", "10.000", "240116000000W");
  const KeyInfo& shown = day.meter.info("gas_volume_today");
  const auto described =
      std::ranges::find(computed_keys(), std::string{"gas_volume_today"}, &KeyInfo::key);
  ASSERT_NE(described, computed_keys().end());
  EXPECT_EQ(*described, shown);
}

}  // namespace
}  // namespace p1meter::test
