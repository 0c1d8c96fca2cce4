// SPDX-License-Identifier: Apache-2.0
// Computed readings beyond the totals: phases, quarter hours, demand.
#include <gtest/gtest.h>

#include "mapping/quarter_hour.hpp"
#include "meter.hpp"

namespace p1meter::test {
namespace {

Sent phases(std::string_view l1_import, std::string_view l1_export) {
  return Sent{}
      .with("1-0:21.7.0", l1_import)
      .with("1-0:41.7.0", "0.100*kW")
      .with("1-0:22.7.0", l1_export)
      .with("1-0:42.7.0", "0.000*kW");
}

TEST(AComputedPower, of_a_phase_is_its_import_less_its_export) {
  Meter meter;
  meter.map(phases("0.000*kW", "0.320*kW"));
  EXPECT_EQ(meter.value("power_net_l1"), "-320 W");
  EXPECT_EQ(meter.value("power_net_l2"), "100 W");
  EXPECT_EQ(meter.value("power_net_l3"), "");
  EXPECT_TRUE(meter.info("power_net_l1").computed);
  EXPECT_EQ(meter.info("power_net_l1").name, "Power net phase 1");
  EXPECT_EQ(meter.info("power_net_l1").device_class, "power");
}

TEST(AComputedPower, is_the_sum_of_the_phases_only_where_no_total_is_sent) {
  Meter meter;
  meter.map(phases("0.250*kW", "0.000*kW"));
  EXPECT_EQ(meter.value("power_import"), "350 W");
  EXPECT_EQ(meter.value("power_export"), "0 W");
  EXPECT_EQ(meter.value("power_net"), "350 W");

  meter.map(phases("0.250*kW", "0.000*kW").with("1-0:1.7.0", "0.360*kW"));
  EXPECT_EQ(meter.value("power_import"), "360 W");
  meter.map(phases("0.250*kW", "0.000*kW"));
  EXPECT_EQ(meter.value("power_import"), "") << "the meter sends one itself";
  EXPECT_EQ(meter.value("power_net"), "");
}

TEST(AComputedPower, needs_every_phase_that_was_ever_sent) {
  Meter meter;
  meter.map(phases("0.250*kW", "0.000*kW"));
  meter.map(Sent{}.with("1-0:21.7.0", "0.250*kW").with("1-0:22.7.0", "0.000*kW"));
  EXPECT_EQ(meter.value("power_import"), "");
  EXPECT_EQ(meter.value("power_net_l1"), "250 W");
  meter.map(Sent{}.with("1-0:21.7.0", "0.250*kW"));
  EXPECT_EQ(meter.value("power_net_l1"), "") << "its export is missing";
}

TEST(AComputedPower, keeps_exactness_over_units_and_resolutions) {
  Meter meter;
  meter.map(phases("0.2505*kW", "20*W"));
  EXPECT_EQ(meter.value("power_net_l1"), "230.5 W");
  EXPECT_EQ(meter.value("power_import"), "350.5 W");
}

TEST(AComputedPower, of_a_phase_is_not_computed_where_the_meter_sends_it) {
  Meter meter;
  meter.map(phases("0.250*kW", "0.000*kW").with("1-0:36.7.0", "-55*W"));
  EXPECT_EQ(meter.value("power_net_l1"), "-55 W");
  EXPECT_TRUE(meter.reading("power_net_l1")->obis);
  EXPECT_EQ(meter.value("power_net_l2"), "100 W");
}

TEST(ASignedCurrent, has_the_sign_of_its_phases_power) {
  Meter meter;
  meter.map(phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", "1.4*A").with("1-0:51.7.0", "2*A"));
  EXPECT_EQ(meter.value("current_l1"), "1.4 A");
  EXPECT_EQ(meter.value("current_l1_signed"), "-1.4 A");
  EXPECT_EQ(meter.value("current_l2_signed"), "2 A");
  EXPECT_EQ(meter.info("current_l1_signed").device_class, "current");
  meter.map(phases("0.000*kW", "0.000*kW").with("1-0:31.7.0", "1.4*A").with("1-0:51.7.0", "2*A"));
  EXPECT_EQ(meter.value("current_l1_signed"), "1.4 A");
}

TEST(ASignedCurrent, is_left_out_for_a_meter_that_has_ever_sent_a_sign) {
  MapperMemory memory;
  {
    Meter meter;
    meter.map(phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", "1.4*A"));
    EXPECT_EQ(meter.value("current_l1_signed"), "-1.4 A");
    meter.map(phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", "-1.4*A"));
    EXPECT_EQ(meter.value("current_l1_signed"), "");
    memory = meter.mapper().memory();
  }
  Meter meter{{}, memory};
  meter.map(phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", "1.4*A"));
  EXPECT_EQ(meter.value("current_l1_signed"), "") << "also after a restart";
}

TEST(ASignedCurrent, is_left_out_of_the_very_telegram_whose_last_phase_shows_a_sign) {
  Meter meter;
  meter.map(
      phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", "1.4*A").with("1-0:71.7.0", "-1.5*A"));
  EXPECT_EQ(meter.value("current_l1_signed"), "");
}

TEST(ASignedCurrent, forgives_a_damaged_sign_where_no_checksum_vouches_for_it) {
  Meter meter;
  const auto current = [&meter](std::string_view amount) {
    meter.map(phases("0.000*kW", "0.320*kW").with("1-0:31.7.0", amount).unchecked());
    return meter.value("current_l1_signed");
  };
  for (int telegram = 1; telegram <= 4; ++telegram) {
    EXPECT_EQ(current("1.4*A"), "-1.4 A");
    EXPECT_EQ(current("-1.4*A"), "");
  }
  EXPECT_EQ(current("-1.4*A"), "");
  EXPECT_EQ(current("-1.4*A"), "");
  EXPECT_EQ(current("1.4*A"), "") << "three in a row are believed";
}

TEST(ASignedCurrent, needs_a_power_that_can_go_both_ways) {
  Meter meter;
  meter.map(Sent{}.with("1-0:21.7.0", "0.100*kW").with("1-0:31.7.0", "1.4*A"));
  EXPECT_EQ(meter.value("power_net_l1"), "100 W");
  EXPECT_EQ(meter.value("current_l1_signed"), "");
}

Sent registers(std::string_view stamp, std::string_view total) {
  return Sent{stamp}.with("1-0:1.8.0", total).with("1-0:2.8.0", "50.000*kWh");
}

TEST(AQuarterHoursEnergy, is_left_out_until_a_quarter_has_begun) {
  Meter meter;
  meter.map(registers("240115141455W", "100.000*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "");
  meter.map(registers("240115141500W", "100.010*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.000 kWh");
  EXPECT_EQ(meter.value("energy_export_quarter"), "0.000 kWh");
  meter.map(registers("240115142000W", "100.260*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.250 kWh");
  meter.map(registers("240115142959W", "100.750*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.740 kWh");
  meter.map(registers("240115143003W", "100.751*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.000 kWh");
  EXPECT_TRUE(meter.info("energy_import_quarter").computed);
  EXPECT_EQ(meter.info("energy_import_quarter").device_class, "energy");
}

TEST(AQuarterHoursEnergy, waits_for_the_next_quarter_after_a_gap) {
  Meter meter;
  meter.map(registers("240115141455W", "100.000*kWh"));
  meter.map(registers("240115141500W", "100.010*kWh"));
  meter.map(registers("240115144000W", "100.800*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "") << "two quarters began unseen";
  meter.map(registers("240115144450W", "100.900*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "");
  meter.map(registers("240115144500W", "100.910*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.000 kWh");
  meter.map(registers("240115145800W", "101.000*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.090 kWh") << "a gap within a quarter is none";
}

TEST(AQuarterHoursEnergy, is_not_derived_from_a_clock_or_register_that_went_back) {
  Meter meter;
  meter.map(registers("240115141455W", "100.000*kWh"));
  meter.map(registers("240115141500W", "100.010*kWh"));
  meter.map(registers("240115141510W", "99.000*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "");
  meter.map(registers("240115141520W", "100.110*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "") << "nobody knows which was right";
  meter.map(registers("240115141300W", "100.120*kWh"));
  EXPECT_EQ(meter.value("energy_export_quarter"), "");
}

TEST(AQuarterHoursEnergy, trusts_only_telegrams_with_a_checksum) {
  Meter meter;
  meter.map(registers("240115141455W", "100.000*kWh").unchecked());
  meter.map(registers("240115141500W", "100.010*kWh").unchecked());
  EXPECT_EQ(meter.value("energy_import_quarter"), "");
}

TEST(AQuarterHoursEnergy, needs_a_time_with_an_offset) {
  Meter meter;
  meter.map(registers("240115141455", "100.000*kWh"));
  meter.map(registers("240115141500", "100.010*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "")
      << "a zone that becomes known moves the clock";
}

TEST(AQuarterHoursEnergy, goes_on_over_the_doubled_hour) {
  Meter meter;
  meter.map(registers("241027025955S", "100.000*kWh"));
  meter.map(registers("241027020000W", "100.010*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.000 kWh");
  meter.map(registers("241027020500W", "100.020*kWh"));
  EXPECT_EQ(meter.value("energy_import_quarter"), "0.010 kWh");
}

Sent demand(std::string_view stamp, std::string_view so_far, std::string_view power) {
  return Sent{stamp}.with("1-0:1.4.0", so_far).with("1-0:1.7.0", power);
}

TEST(AProjectedDemand, adds_the_present_power_for_the_rest_of_the_quarter) {
  Meter meter;
  // a third of the quarter is over: 1 kW + 3 kW x 600 / 900
  meter.map(demand("240115142000W", "01.000*kW", "03.000*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "3000 W");
  EXPECT_TRUE(meter.info("demand_import_projected").computed);
  EXPECT_EQ(meter.info("demand_import_projected").unit, Unit::watt);
  meter.map(demand("240115142959W", "01.000*kW", "00.449*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "1000 W");  // 1000.4988...
  meter.map(demand("240115142959W", "01.000*kW", "00.450*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "1001 W");  // 1000.5: half up
  meter.map(demand("240115143000W", "00.000*kW", "00.450*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "450 W");
}

TEST(AProjectedDemand, needs_demand_power_and_time) {
  Meter meter;
  meter.map(demand("240115142000W", "01.000*kW", "03.000*kW"));
  meter.map(Sent{"240115142001W"}.with("1-0:1.4.0", "01.000*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "");
  meter.map(Sent{"240115142002W"}.with("1-0:1.7.0", "01.000*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "");
  meter.map(Sent{""}.with("1-0:1.4.0", "01.000*kW").with("1-0:1.7.0", "01.000*kW"));
  EXPECT_EQ(meter.value("demand_import_projected"), "");
}

}  // namespace
}  // namespace p1meter::test
