// SPDX-License-Identifier: Apache-2.0
#include "p1meter/mapping/transformer.hpp"

#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

std::string applied(std::string_view value, const Ratio& ratio) {
  const auto result = apply_ratio(parse_decimal(value).value(), ratio);
  return result ? to_string(*result) : "nothing";
}

TEST(ARatio, is_read_in_lowest_terms) {
  EXPECT_EQ(parse_ratio("200/5"), (Ratio{40, 1}));
  EXPECT_EQ(parse_ratio("5/200"), (Ratio{1, 40}));
  EXPECT_EQ(parse_ratio("0.01"), (Ratio{1, 100}));
  EXPECT_EQ(parse_ratio("100/0.5"), (Ratio{200, 1}));
  EXPECT_EQ(parse_ratio("1000000"), (Ratio{1'000'000, 1}));
}

TEST(ARatio, is_refused_where_it_is_none) {
  for (const auto* text : {"", "/", "0", "5/0", "-5", "a", "1/2/3", "1000001", "0.0000001"}) {
    EXPECT_FALSE(parse_ratio(text)) << text;
  }
}

TEST(ARatio, keeps_a_values_resolution_where_the_result_fits_it) {
  EXPECT_EQ(applied("1.234", {40, 1}), "49.360");
  EXPECT_EQ(applied("10", {1, 5}), "2");
  EXPECT_EQ(applied("-0.5", {40, 1}), "-20.0");
}

TEST(ARatio, takes_up_to_three_decimals_more_and_then_rounds_half_away_from_zero) {
  EXPECT_EQ(applied("1", {1, 8}), "0.125");
  EXPECT_EQ(applied("1", {1, 3}), "0.333");
  EXPECT_EQ(applied("1", {1, 16}), "0.063");  // 0.0625
  EXPECT_EQ(applied("-1", {1, 16}), "-0.063");
  EXPECT_EQ(applied("2", {1, 3}), "0.667");
}

TEST(ARatio, gives_nothing_rather_than_a_number_that_cannot_be_held) {
  EXPECT_EQ(applied("999999999999999999", {2, 1}), "nothing");
  EXPECT_EQ(applied("999999999999999999", {1, 17}), "nothing");
}

Sent everything() {
  return Sent{}
      .with("1-0:1.8.0", "100.000*kWh")
      .with("1-0:1.7.0", "0.100*kW")
      .with("1-0:1.6.0", "0.200*kW")
      .with("1-0:31.7.0", "1.5*A")
      .with("1-0:32.7.0", "57.7*V")
      .with("1-0:31.4.0", "5*A")
      .with("0-0:17.0.0", "1.0*kW")
      .with("0-0:96.7.21", "3")
      .with("1-0:14.7.0", "50.00*Hz")
      .with("0-1:24.1.0", "002")
      .with("0-1:96.1.0", "31323334")
      .with("0-1:24.2.1", "7.000*kWh");
}

TEST(ATransformer, multiplies_what_the_electricity_meter_measures) {
  Meter meter{{.transformer = {.current = {40, 1}, .voltage = {2, 1}}}};
  meter.map(everything());
  EXPECT_EQ(meter.value("energy_import_total"), "8000.000 kWh");
  EXPECT_EQ(meter.value("power_import"), "8000 W");
  EXPECT_EQ(meter.value("power_net"), "8000 W");
  EXPECT_EQ(meter.value("demand_import_peak_month"), "16000 W");
  EXPECT_EQ(meter.value("current_l1"), "60.0 A");
  EXPECT_EQ(meter.value("voltage_l1"), "115.4 V");
  EXPECT_EQ(meter.value("fuse_limit_l1"), "5 A");
  EXPECT_EQ(meter.value("limiter_power"), "1000 W");
  EXPECT_EQ(meter.value("power_failures"), "3");
  EXPECT_EQ(meter.value("frequency"), "50.00 Hz");
  EXPECT_EQ(meter.value("sub_energy_import"), "7.000 kWh");
  EXPECT_EQ(meter.reading("current_l1")->raw, "1.5");
}

TEST(ATransformer, multiplies_the_peaks_of_the_history) {
  Meter meter{{.transformer = {.current = {40, 1}}}};
  meter.map(Sent{}
                .with("0-0:98.1.0", "1")
                .row({.stamp = clock("240201000000W"),
                      .time = clock("240115181500W"),
                      .number = parse_decimal("1.5"),
                      .unit = Unit::kilowatt}));
  const auto rows =
      std::get<std::span<const ListRow>>(meter.reading("demand_import_peak_history")->value);
  EXPECT_EQ(to_string(rows.front().value.value()), "60000");
}

TEST(ATransformer, is_not_taken_from_the_meter_by_itself) {
  Meter meter;
  meter.map(everything().with("1-0:0.4.2", "40"));
  EXPECT_EQ(meter.value("current_l1"), "1.5 A");
  EXPECT_EQ(meter.value("ct_ratio"), "40");
}

TEST(ATransformer, of_the_meter_holds_values_back_until_it_has_come) {
  Meter meter{{.transformer = {.current_from_meter = true}}};
  meter.map(everything());
  EXPECT_EQ(meter.value("current_l1"), "");
  EXPECT_EQ(meter.value("power_import"), "");
  EXPECT_EQ(meter.value("voltage_l1"), "57.7 V");
  meter.map(everything().with("1-0:1.4.2", "40"));
  EXPECT_EQ(meter.value("current_l1"), "60.0 A");
  meter.map(everything());
  EXPECT_EQ(meter.value("current_l1"), "60.0 A") << "remembered";
}

TEST(ATransformer, of_a_former_meter_is_forgotten) {
  const auto sent = [](std::string_view id) {
    return Sent{}.with("0-0:96.1.1", id).with("1-0:31.7.0", "1.5*A");
  };
  Meter meter{{.transformer = {.current_from_meter = true}}};
  meter.map(sent("4531").with("1-0:0.4.2", "40"));
  EXPECT_EQ(meter.value("current_l1"), "60.0 A");
  meter.map(sent("4532"));
  EXPECT_EQ(meter.value("current_l1"), "");
  meter.map(sent("4533").with("1-0:0.4.2", "20"));
  EXPECT_EQ(meter.value("current_l1"), "30.0 A");
}

}  // namespace
}  // namespace p1meter::test
