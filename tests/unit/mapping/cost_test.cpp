// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"
#include "support/allocations.hpp"

namespace p1meter::test {
namespace {

Sent busy_telegram(int second) {
  const std::string two = std::to_string(10 + second);
  return Sent{"2401151400" + two + "W"}
      .with("0-0:96.1.1", "4530303632303030303130363330373232")
      .with("1-0:1.8.1", "001234.5" + two + "*kWh")
      .with("1-0:1.8.2", "004321.000*kWh")
      .with("1-0:1.7.0", "00.1" + two + "*kW")
      .with("1-0:2.7.0", "00.000*kW")
      .with("1-0:94.99.9", "400")
      .with("0-0:96.13.0", "4869206120746578742074686174206973206c6f6e67")
      .with("1-0:99.97.0", "1")
      .row({.time = clock("230621102410S"), .number = parse_decimal("4757"), .unit = Unit::second})
      .gas(1, "4730303539303033393036323731353139", "04547.5" + two + "*m3",
           "2401151400" + two + "W")
      .gas(2, "4730303539303033393036323731353140", "00000.000", "unset");
}

TEST(AMapper, allocates_nothing_for_a_telegram_whose_objects_it_knows) {
  Meter meter;
  for (int second = 0; second < 10; ++second) meter.map(busy_telegram(second));
  meter.receive(busy_telegram(20));

  const auto count = allocations_during([&] { meter.map_received(); });

  EXPECT_EQ(count, 0);
  EXPECT_EQ(meter.value("gas_volume"), "4547.530 m³");
  EXPECT_EQ(meter.value("energy_import_total"), "5555.530 kWh");
}

TEST(AMapper, allocates_nothing_for_values_since_midnight) {
  Meter meter;
  const auto telegram = [](std::string_view stamp, std::string_view total) {
    return Sent{stamp}.with("1-0:1.8.0", total);
  };
  meter.map(telegram("240115235955W", "100.000*kWh"));
  meter.map(telegram("240116000005W", "100.010*kWh"));
  meter.map(telegram("240116000015W", "100.020*kWh"));
  meter.receive(telegram("240116000025W", "100.030*kWh"));

  EXPECT_EQ(allocations_during([&] { meter.map_received(); }), 0);
  EXPECT_EQ(meter.value("energy_import_today"), "0.020 kWh");
}

TEST(AMapper, finds_every_object_again_when_their_order_changes) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.8.1", "1*kWh").with("1-0:1.8.2", "2*kWh").with("1-0:1.7.0", "3*W"));
  meter.map(Sent{}
                .with("1-0:1.7.0", "6*W")
                .with("1-0:32.7.0", "230*V")
                .with("1-0:1.8.2", "5*kWh")
                .with("1-0:1.8.1", "4*kWh"));

  EXPECT_EQ(meter.value("energy_import_tariff1"), "4 kWh");
  EXPECT_EQ(meter.value("energy_import_tariff2"), "5 kWh");
  EXPECT_EQ(meter.value("power_import"), "6 W");
  EXPECT_EQ(meter.value("voltage_l1"), "230 V");
}

TEST(AMapper, follows_a_meter_that_changes_its_unit) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.7.0", "0.193*kW"));
  meter.map(Sent{}.with("1-0:1.7.0", "193*W"));
  EXPECT_EQ(meter.value("power_import"), "193 W");
  meter.map(Sent{}.with("1-0:1.7.0", "0.194*kW"));
  EXPECT_EQ(meter.value("power_import"), "194 W");
}

TEST(AMapper, bounds_what_it_remembers_of_ever_changing_codes) {
  const ObisEntry anything{.pattern = parse_obis_pattern("2-*:*.*.*").value(),
                           .key = "anything",
                           .kind = ReadingKind::state,
                           .form = ValueForm::code};
  Meter meter{{}, {}, {anything}};
  for (int c = 0; c < 256; ++c) {
    Sent sent;
    for (int e = 0; e < 64; ++e) {
      sent.with("2-0:" + std::to_string(c) + ".1." + std::to_string(e), "1");
    }
    meter.map(sent);
  }
  EXPECT_EQ(meter.mapper().keys().size(), 1);
}

TEST(AMapper, refreshes_what_it_remembered_of_a_key) {
  Meter meter;
  const KeyId id = meter.mapper().remember({.key = "power_import", .name = "Old name"});
  EXPECT_EQ(meter.mapper().remember({.key = "power_import"}), id);
  meter.map(Sent{}.with("1-0:1.7.0", "193*W"));

  EXPECT_EQ(meter.reading("power_import")->key, id);
  EXPECT_EQ(meter.info("power_import").name, "Power import");
  EXPECT_EQ(meter.info("power_import").unit, Unit::watt);
}

}  // namespace
}  // namespace p1meter::test
