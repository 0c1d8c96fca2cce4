// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

TEST(AMapper, keeps_every_digit_of_a_register) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.8.1", "001234.560*kWh").with("1-0:2.8.1", "99999999.999*kWh"));

  EXPECT_EQ(meter.value("energy_import_tariff1"), "1234.560 kWh");
  EXPECT_EQ(meter.value("energy_export_tariff1"), "99999999.999 kWh");
  EXPECT_EQ(meter.reading("energy_import_tariff1")->raw, "001234.560");
}

TEST(AMapper, tells_the_unit_that_the_meters_own_digits_are_in) {
  Meter meter;
  for (int telegram = 0; telegram < 3; ++telegram) {  // the shape is learnt from the second on
    meter.map(Sent{}
                  .with("1-0:1.7.0", "00.389*kW")
                  .with("1-0:2.7.0", "000410*W")
                  .with("1-0:32.7.0", "230.1*V"));
    EXPECT_EQ(meter.reading("power_import")->raw_unit, Unit::kilowatt);
    EXPECT_EQ(meter.reading("power_export")->raw_unit, Unit::watt);
    EXPECT_EQ(meter.reading("voltage_l1")->raw_unit, Unit::volt);
    EXPECT_EQ(meter.reading("power_net")->raw_unit, Unit::none) << "nobody sent that";
  }
}

TEST(AMapper, moves_the_point_into_the_default_unit) {
  struct Row {
    const char* code;
    const char* sent;
    const char* key;
    const char* published;
  };
  for (const Row& row : {
           Row{"1-0:1.7.0", "00.193*kW", "power_import", "193 W"},
           Row{"1-0:1.7.0", "193*W", "power_import", "193 W"},
           Row{"1-0:1.7.0", "00.19312*kW", "power_import", "193.12 W"},
           Row{"1-0:1.8.0", "12345*Wh", "energy_import_total", "12.345 kWh"},
           Row{"1-0:1.8.0", "2.5*MWh", "energy_import_total", "2500 kWh"},
           Row{"1-0:3.7.0", "01.002*kVAr", "reactive_power_import", "1002 var"},
           Row{"1-0:3.8.0", "500*varh", "reactive_energy_import_total", "0.500 kvarh"},
           Row{"1-0:9.7.0", "0.021*kVA", "apparent_power_import", "21 VA"},
           Row{"1-0:32.7.0", "230.1*V", "voltage_l1", "230.1 V"},
           Row{"1-0:71.7.0", "-01.7*a", "current_l3", "-1.7 A"},
           Row{"1-0:14.7.0", "50.00*Hz", "frequency", "50.00 Hz"},
           Row{"1-0:81.7.51", "-12.5*deg", "phase_angle_l2", "-12.5 deg"},
           Row{"1-0:33.7.0", "-0.96", "power_factor_l1", "-0.96"},
       }) {
    Meter meter;
    meter.map(Sent{}.with(row.code, row.sent));
    EXPECT_EQ(meter.value(row.key), row.published) << row.code << ' ' << row.sent;
    EXPECT_EQ(meter.problems(), "");
  }
}

TEST(AMapper, takes_the_tables_unit_for_a_value_without_one) {
  Meter meter;
  meter.map(
      Sent{}.with("1-0:1.8.1", "001234.5").with("1-0:3.7.0", "00.250").with("1-0:1.7.0", "01.5"));

  EXPECT_EQ(meter.value("energy_import_tariff1"), "1234.5 kWh");
  EXPECT_EQ(meter.value("reactive_power_import"), "250 var");
  EXPECT_EQ(meter.value("power_import"), "1500 W");
}

TEST(AMapper, accepts_either_b_group_where_meters_differ_but_matches_the_rest) {
  Meter meter;
  meter.map(Sent{}
                .with("1-1:1.8.2", "000001.000*kWh")
                .with("0-0:72.32.0", "00003")
                .with("1-1:0.2.8", "1EA43311")
                .with("1-3:0.2.8", "50"));

  EXPECT_EQ(meter.value("energy_import_tariff2"), "1.000 kWh");
  EXPECT_EQ(meter.value("voltage_sags_l3"), "3");
  EXPECT_EQ(meter.value("fw_module_checksum"), "\"1EA43311\"");
  EXPECT_EQ(meter.value("p1_version"), "\"50\"");
}

TEST(AMapper, refuses_units_that_it_does_not_know_or_expect) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.8.1", "001234.560*kWx").with("1-0:1.8.2", "001234.560*kvarh"));

  EXPECT_EQ(meter.value("energy_import_tariff1"), "");
  EXPECT_EQ(meter.value("energy_import_tariff2"), "");
  EXPECT_EQ(meter.problems(), "unit_unknown unit_unexpected");
  EXPECT_EQ(meter.mapped().problems[0].text, "(001234.560*kWx)");
  EXPECT_EQ(meter.mapped().problems[0].offset, 100);
  ASSERT_EQ(meter.mapped().unknown.size(), 2);
  EXPECT_EQ(meter.mapped().unknown[1].text, "001234.560*kvarh");
}

TEST(AMapper, refuses_what_is_no_number_or_cannot_be_held_exactly) {
  Meter meter;
  meter.map(Sent{}
                .with("1-0:1.8.1", "0012x4.560*kWh")
                .with("1-0:1.8.2", "1234567890123456789.5*kWh")
                .with("1-0:1.8.3", ""));

  EXPECT_EQ(meter.mapped().readings.size(), 0);
  EXPECT_EQ(meter.problems(), "number_malformed number_too_long");
}

TEST(AMapper, names_the_limiter_by_the_unit_it_limits) {
  struct Row {
    const char* sent;
    const char* key;
    const char* published;
  };
  for (const Row& row :
       {Row{"016*A", "limiter_current", "16 A"}, Row{"016.1*kW", "limiter_power", "16100 W"},
        Row{"069.0*kVA", "limiter_apparent_power", "69000 VA"}}) {
    Meter meter;
    meter.map(Sent{}.with("0-0:17.0.0", row.sent));
    EXPECT_EQ(meter.value(row.key), row.published);
    EXPECT_EQ(meter.mapped().readings.size(), 1);
  }
  Meter bare;
  bare.map(Sent{}.with("0-0:17.0.0", "16500"));
  EXPECT_EQ(bare.mapped().readings.size(), 0);
  ASSERT_EQ(bare.mapped().unknown.size(), 1);
  EXPECT_EQ(bare.mapped().unknown[0].text, "16500");
}

TEST(AMapper, publishes_null_for_a_limit_of_only_nines) {
  for (const char* sent : {"999.9*kW", "99.999*kW", "999*kW", "0999*kW"}) {
    Meter meter;
    meter.map(Sent{}.with("0-0:17.0.0", sent).with("1-0:31.4.0", "999.99*A"));
    EXPECT_EQ(meter.value("limiter_power"), "null") << sent;
    EXPECT_EQ(meter.value("fuse_limit_l1"), "null");
  }
  Meter meter;
  meter.map(
      Sent{}.with("0-0:17.0.0", "99*kW").with("1-0:31.4.0", "990*A").with("1-0:1.7.0", "999.9*kW"));
  EXPECT_EQ(meter.value("limiter_power"), "99000 W");
  EXPECT_EQ(meter.value("fuse_limit_l1"), "990 A");
  EXPECT_EQ(meter.value("power_import"), "999900 W");
}

TEST(AMapper, reads_two_limits_from_one_line) {
  Meter meter;
  meter.map(Sent{}.with("1-1:31.4.0", "100*A").groups("(100*A)(-063*A)"));

  EXPECT_EQ(meter.value("current_limit_import"), "100 A");
  EXPECT_EQ(meter.value("current_limit_export"), "-63 A");
  EXPECT_EQ(meter.reading("current_limit_export")->raw, "-063");
}

TEST(AMapper, keeps_objects_that_no_entry_takes) {
  Meter meter;
  meter.map(Sent{}.with("1-0:94.99.9", "400").with("0-8:25.9.0", "0000190900FF"));

  ASSERT_EQ(meter.mapped().unknown.size(), 1);
  EXPECT_EQ(to_string(meter.mapped().unknown[0].obis), "1-0:94.99.9");
  EXPECT_EQ(meter.mapped().unknown[0].text, "400");
}

TEST(AMapper, lets_the_first_of_two_codes_with_one_key_count) {
  Meter meter;
  meter.map(Sent{}.with("1-0:1.8.0", "1.0*kWh").with("1-1:1.8.0", "2.0*kWh"));

  EXPECT_EQ(meter.value("energy_import_total"), "1.0 kWh");
  ASSERT_EQ(meter.mapped().unknown.size(), 1);
}

TEST(AMapper, keeps_the_meters_units_where_that_is_asked_for) {
  Meter meter{{.meter_units = true}};
  meter.map(Sent{}.with("1-0:1.7.0", "00.193*kW").with("1-0:2.7.0", "00.050*kW"));

  EXPECT_EQ(meter.value("power_import"), "0.193 kW");
  EXPECT_EQ(meter.value("power_net"), "0.143 kW");
  EXPECT_EQ(meter.info("power_import").unit, Unit::kilowatt);
}

TEST(AMapper, uses_the_unit_name_and_topic_of_the_users_rules) {
  MapperOptions options;
  options.unit_of = [](const KeyInfo& key) -> std::optional<Unit> {
    if (key.key == "voltage_l1") return Unit::kilowatt;  // another family: ignored
    return key.obis == parse_obis("1-0:1.7.0") ? std::optional{Unit::kilowatt} : std::nullopt;
  };
  options.name_of = [](const KeyInfo& key) -> std::optional<std::string> {
    return key.key == "power_import" ? std::optional<std::string>{"Verbruik"} : std::nullopt;
  };
  options.topic_of = [](const KeyInfo& key) -> std::optional<std::string> {
    return key.key == "power_import" ? std::optional<std::string>{"actual_power"} : std::nullopt;
  };
  Meter meter{options};
  meter.map(Sent{}.with("1-0:1.7.0", "193*W").with("1-0:2.7.0", "0*W").with("1-0:32.7.0", "230*V"));

  EXPECT_EQ(meter.value("power_import"), "0.193 kW");
  EXPECT_EQ(meter.value("power_net"), "193 W");
  EXPECT_EQ(meter.value("voltage_l1"), "230 V");
  EXPECT_EQ(meter.info("power_import").name, "Verbruik");
  EXPECT_EQ(meter.info("power_import").topic, "actual_power");
}

TEST(AMapper, applies_a_users_factor_exactly) {
  const ObisEntry hours{.pattern = parse_obis_pattern("1-0:94.99.9").value(),
                        .key = "pump_hours",
                        .name = "Pump hours",
                        .unit = Unit::hour,
                        .kind = ReadingKind::cumulative,
                        .form = ValueForm::number,
                        .factor = parse_decimal("0.01")};
  Meter meter{{}, {}, {hours}};
  meter.map(Sent{}.with("1-0:94.99.9", "0400"));

  EXPECT_EQ(meter.value("pump_hours"), "4.00 h");
  EXPECT_EQ(meter.info("pump_hours").name, "Pump hours");
}

}  // namespace
}  // namespace p1meter::test
