// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

Sent two_tariffs(std::string_view first, std::string_view second) {
  return Sent{}.with("1-0:1.8.1", first).with("1-0:1.8.2", second);
}

TEST(AMapper, adds_tariffs_up_exactly_where_the_meter_sends_no_total) {
  Meter meter;
  meter.map(two_tariffs("001234.560*kWh", "000000.441*kWh"));

  EXPECT_EQ(meter.value("energy_import_total"), "1235.001 kWh");
  EXPECT_FALSE(meter.reading("energy_import_total")->obis);
  EXPECT_EQ(meter.reading("energy_import_total")->raw, "");
  EXPECT_TRUE(meter.info("energy_import_total").computed);
  EXPECT_EQ(meter.info("energy_import_total").name, "Energy import total");
  EXPECT_EQ(meter.info("energy_import_total").state_class, "total_increasing");
  EXPECT_EQ(meter.mapped().readings.back().key, meter.reading("energy_import_total")->key);
}

TEST(AMapper, adds_registers_of_different_resolution) {
  Meter meter;
  meter.map(two_tariffs("99999999.999*kWh", "1*Wh"));
  EXPECT_EQ(meter.value("energy_import_total"), "100000000.000 kWh");
}

TEST(AMapper, leaves_a_total_out_when_a_part_that_it_has_seen_is_missing) {
  Meter meter;
  meter.map(two_tariffs("10.0*kWh", "20.0*kWh"));
  meter.map(Sent{}.with("1-0:1.8.1", "10.0*kWh"));
  EXPECT_EQ(meter.value("energy_import_tariff1"), "10.0 kWh");
  EXPECT_EQ(meter.value("energy_import_total"), "");
  meter.map(two_tariffs("10.0*kWh", "20.1*kWh"));
  EXPECT_EQ(meter.value("energy_import_total"), "30.1 kWh");
}

TEST(AMapper, remembers_the_parts_of_a_total_across_a_restart) {
  MapperMemory memory;
  {
    Meter meter;
    meter.map(two_tariffs("10.0*kWh", "20.0*kWh"));
    memory = meter.mapper().memory();
  }
  Meter meter{{}, memory};
  meter.map(Sent{}.with("1-0:1.8.1", "10.0*kWh"));
  EXPECT_EQ(meter.value("energy_import_total"), "");
}

TEST(AMapper, forgives_a_damaged_code_where_no_checksum_vouches_for_it) {
  Meter meter;
  const auto total = [&meter](const Sent& sent) {
    meter.map(Sent{sent}.unchecked());
    return meter.value("energy_import_total");
  };
  const Sent whole = two_tariffs("10.0*kWh", "20.0*kWh");
  const Sent damaged = Sent{}.with("1-0:1.8.1", "10.0*kWh").with("1-0:1.8.3", "20.0*kWh");
  EXPECT_EQ(total(whole), "30.0 kWh") << "the first one counts for the time being";
  EXPECT_EQ(total(Sent{}.with("1-0:1.8.1", "10.0*kWh")), "");
  for (int telegram = 1; telegram <= 3; ++telegram) {
    EXPECT_EQ(total(whole), telegram == 1 ? "" : "30.0 kWh");
  }
  for (int telegram = 1; telegram <= 5; ++telegram) {
    EXPECT_EQ(total(damaged), "") << "a part is missing";
    EXPECT_EQ(total(whole), "30.0 kWh") << telegram;
  }
  const Sent three = two_tariffs("10.0*kWh", "20.0*kWh").with("1-0:1.8.3", "5.0*kWh");
  for (int telegram = 1; telegram <= 3; ++telegram) {
    EXPECT_EQ(total(three), telegram == 3 ? "35.0 kWh" : "30.0 kWh");
  }
  EXPECT_EQ(total(whole), "") << "three in a row are believed";
}

TEST(AMapper, forgives_a_total_that_a_damaged_code_made) {
  Meter meter;
  const Sent whole = two_tariffs("10.0*kWh", "20.0*kWh");
  for (int telegram = 1; telegram <= 3; ++telegram) meter.map(Sent{whole}.unchecked());
  meter.map(Sent{}.with("1-0:1.8.0", "10.0*kWh").with("1-0:1.8.2", "20.0*kWh").unchecked());
  meter.map(Sent{whole}.unchecked());
  EXPECT_EQ(meter.value("energy_import_total"), "30.0 kWh");
  EXPECT_EQ(meter.mapper().memory().parts_seen.size(), 2U);
}

TEST(AMapper, never_computes_a_total_that_the_meter_has_ever_sent) {
  Meter meter;
  meter.map(two_tariffs("10.0*kWh", "20.0*kWh").with("1-0:1.8.0", "30.5*kWh"));
  EXPECT_EQ(meter.value("energy_import_total"), "30.5 kWh");
  EXPECT_TRUE(meter.reading("energy_import_total")->obis);
  meter.map(two_tariffs("10.0*kWh", "20.0*kWh"));
  EXPECT_EQ(meter.value("energy_import_total"), "");
}

TEST(AMapper, gives_net_power_as_import_less_export) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.7.0", "00.000*kW").with("1-0:2.7.0", "01.234*kW"));
  EXPECT_EQ(meter.value("power_net"), "-1234 W");
  meter.map(Sent{}.with("1-0:1.7.0", "00.100*kW"));
  EXPECT_EQ(meter.value("power_net"), "");
}

TEST(AMapper, takes_import_alone_for_net_power_where_nothing_is_ever_exported) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.7.0", "0123.45*W"));
  EXPECT_EQ(meter.value("power_net"), "123.45 W");
}

TEST(AMapper, prefers_the_net_power_that_the_meter_sends) {
  Meter meter;
  meter.map(Sent{}.with("1-0:16.7.0", "-01.234*kW").with("1-0:1.7.0", "00.000*kW"));
  EXPECT_EQ(meter.value("power_net"), "-1234 W");
  EXPECT_TRUE(meter.reading("power_net")->obis);
}

TEST(AMapper, starts_afresh_with_another_meter) {
  Meter meter;
  meter.map(two_tariffs("10.0*kWh", "20.0*kWh").with("0-0:96.1.1", "4531"));
  EXPECT_FALSE(meter.mapped().meter_changed);
  EXPECT_EQ(meter.mapped().equipment_id, "E1");

  meter.map(Sent{}.with("0-0:96.1.1", "4532").with("1-0:1.8.1", "1.0*kWh"));
  EXPECT_TRUE(meter.mapped().meter_changed);
  EXPECT_EQ(meter.value("energy_import_total"), "1.0 kWh");
  EXPECT_EQ(meter.mapper().memory().equipment_id, "E2");

  meter.map(Sent{}.with("1-0:1.8.1", "1.0*kWh"));  // no id in this one
  EXPECT_FALSE(meter.mapped().meter_changed);
  EXPECT_EQ(meter.mapped().equipment_id, "");
}

TEST(AMapper, wants_a_new_id_three_times_where_no_checksum_vouches_for_it) {
  Meter meter;
  meter.map(Sent{}.with("0-0:96.1.1", "4531").unchecked());
  for (int telegram = 1; telegram <= 3; ++telegram) {
    meter.map(Sent{}.with("0-0:96.1.1", "4532").unchecked());
    EXPECT_EQ(meter.mapped().meter_changed, telegram == 3) << telegram;
  }
}

TEST(AMapper, is_not_misled_by_a_meter_with_two_ids) {
  Meter meter;
  meter.map(Sent{}.with("0-0:96.1.1", "4531").with("0-0:96.1.0", "4539"));
  meter.map(Sent{}.with("0-0:96.1.0", "4539"));
  EXPECT_FALSE(meter.mapped().meter_changed);
  meter.map(Sent{}.with("0-0:96.1.0", "4539").with("0-0:96.1.1", "4531"));
  EXPECT_FALSE(meter.mapped().meter_changed);
  EXPECT_EQ(meter.mapped().equipment_id, "E1");
}

}  // namespace
}  // namespace p1meter::test
