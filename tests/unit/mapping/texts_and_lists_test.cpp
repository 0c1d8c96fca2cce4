// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

TEST(AMapper, decodes_identifiers_only_where_the_hex_is_even_and_printable) {
  struct Row {
    const char* sent;
    const char* published;
  };
  for (const Row& row :
       {Row{"4530303434", "\"E0044\""}, Row{"4b414D", "\"KAM\""}, Row{"453030343", "\"453030343\""},
        Row{"91318181", "\"91318181\""}, Row{"12345678  ", "\"12345678  \""},
        Row{"FFFF", "\"FFFF\""}, Row{"202020", ""}, Row{"", ""}, Row{"4B414D ", "\"KAM\""},
        Row{" 4B4\r\n14D", "\"KAM\""}, Row{"4B4\r\n1x", "\"4B41x\""}}) {
    Meter meter;
    meter.map(Sent{}.with("0-0:96.1.1", row.sent));
    EXPECT_EQ(meter.value("equipment_id"), row.published) << row.sent;
  }
}

TEST(AMapper, gives_texts_as_messages_and_an_empty_one_as_empty) {
  Meter meter;
  meter.map(
      Sent{}.with("0-0:96.13.0", "4869").with("0-0:96.13.1", "").with("0-0:96.13.4", "test-"));

  EXPECT_EQ(meter.value("text_message"), "\"Hi\"");
  EXPECT_EQ(meter.value("text_message_code"), "\"\"");
  EXPECT_EQ(meter.value("text_message_4"), "\"test-\"");
  meter.map(Sent{}.with("0-0:96.13.0", "5*W and 3*x"));
  EXPECT_EQ(meter.value("text_message"), "\"5*W and 3*x\"");
}

TEST(AMapper, notices_that_a_text_has_changed) {
  Meter meter;
  meter.map(Sent{}.with("0-0:96.13.0", "4869"));
  meter.map(Sent{}.with("0-0:96.13.0", ""));
  EXPECT_EQ(meter.value("text_message"), "\"\"");
  meter.map(Sent{}.with("0-0:96.13.0", "4865"));
  EXPECT_EQ(meter.value("text_message"), "\"He\"");
}

TEST(AMapper, gives_codes_as_numbers_where_they_are_and_as_text_elsewhere) {
  Meter meter;
  meter.map(Sent{}.with("0-0:96.14.0", "0002").with("0-0:96.3.10", "1").with("0-3:96.3.10", "0"));
  EXPECT_EQ(meter.value("tariff"), "2");
  EXPECT_EQ(meter.value("breaker_state"), "1");
  EXPECT_EQ(meter.value("relay3_state"), "0");
  EXPECT_EQ(meter.info("relay3_state").name, "Relay 3 state");
  EXPECT_EQ(meter.info("relay3_state").device, Device::electricity);

  meter.map(Sent{}.with("0-0:96.14.0", "TARIFF 1"));
  EXPECT_EQ(meter.value("tariff"), "\"TARIFF 1\"");
}

ObjectRow outage(std::string_view end, std::string_view duration) {
  return {.time = clock(end), .number = parse_decimal(duration), .unit = Unit::second};
}

TEST(AMapper, lists_power_failures_with_their_end_and_duration) {
  Meter meter;
  meter.map(Sent{}
                .with("1-0:99.97.0", "2")
                .row(outage("230621102410S", "0000004757"))
                .row(outage("221007100958S", "0000024711")));

  ASSERT_EQ(meter.value("power_failure_log"), "a list");
  EXPECT_EQ(meter.reading("power_failure_log")->raw, "") << "not the number of its entries";
  const auto rows = std::get<std::span<const ListRow>>(meter.reading("power_failure_log")->value);
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(to_string(*rows[0].time), "2023-06-21T10:24:10+02:00");
  EXPECT_EQ(to_string(*rows[0].value), "4757");
  EXPECT_FALSE(rows[0].stamp);
}

TEST(AMapper, keeps_the_duration_of_an_outage_whose_time_the_meter_forgot) {
  Meter meter;
  meter.map(Sent{}
                .with("1-0:99.97.0", "2")
                .row({.unset = true, .number = parse_decimal("2147483647"), .unit = Unit::second})
                .row({.unset = true, .number = parse_decimal("00000000")}));

  const auto rows = std::get<std::span<const ListRow>>(meter.reading("power_failure_log")->value);
  ASSERT_EQ(rows.size(), 1);
  EXPECT_FALSE(rows[0].time);
}

TEST(AMapper, takes_an_empty_failure_log_as_a_list_without_rows) {
  for (const char* sent : {"", "0"}) {
    Meter meter;
    meter.map(Sent{}.with("1-0:99.97.0", sent));
    ASSERT_EQ(meter.value("power_failure_log"), "a list");
    EXPECT_TRUE(
        std::get<std::span<const ListRow>>(meter.reading("power_failure_log")->value).empty());
  }
  Meter meter;
  meter.map(Sent{}.with("1-0:99.97.0", "3"));  // three, and none is shown
  EXPECT_EQ(meter.value("power_failure_log"), "");
}

TEST(AMapper, dates_a_months_peak_one_second_before_its_stamp) {
  Meter meter;
  meter.map(Sent{}
                .with("0-0:98.1.0", "3")
                .row({.stamp = clock("230901000000S"),
                      .unset = true,
                      .number = parse_decimal("00.000"),
                      .unit = Unit::kilowatt})
                .row({.stamp = clock("231001000000S"),
                      .time = clock("230910183000S"),
                      .number = parse_decimal("04.229"),
                      .unit = Unit::kilowatt})
                .row({.stamp = clock("231101000000W"),
                      .time = clock("231016130000S"),
                      .number = parse_decimal("04.927"),
                      .unit = Unit::kilowatt}));

  const auto rows =
      std::get<std::span<const ListRow>>(meter.reading("demand_import_peak_history")->value);
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(to_string(*rows[0].stamp), "2023-09-30T23:59:59+02:00");
  EXPECT_EQ(to_string(*rows[1].stamp), "2023-10-31T23:59:59+01:00");
  EXPECT_EQ(to_string(*rows[1].time), "2023-10-16T13:00:00+02:00");
  EXPECT_EQ(to_string(*rows[1].value), "4927");
  EXPECT_EQ(meter.reading("demand_import_peak_history")->unit, Unit::watt);
}

TEST(AMapper, takes_a_history_that_is_only_a_count_as_no_data) {
  Meter meter;
  meter.map(Sent{}.with("0-0:98.1.0", "12"));
  EXPECT_EQ(meter.value("demand_import_peak_history"), "");
  EXPECT_EQ(meter.problems(), "");
}

TEST(AMapper, keeps_hungarys_month_record_as_it_is) {
  Meter meter;
  meter.map(Sent{}
                .with("0-0:98.1.0", "")
                .groups("(230701000000S)(00040.777*kWh)")
                .row({.number = parse_decimal("40.777"), .unit = Unit::kilowatt_hour}));
  EXPECT_EQ(meter.value("demand_import_peak_history"), "");
  EXPECT_EQ(meter.problems(), "");
  ASSERT_EQ(meter.mapped().unknown.size(), 1);
  EXPECT_EQ(meter.mapped().unknown[0].text, "230701000000S)(00040.777*kWh");
}

TEST(AMapper, refuses_a_list_with_rows_of_another_kind) {
  Meter meter;
  meter.map(Sent{}
                .with("0-0:98.1.0", "1")
                .row({.stamp = clock("230901000000S"),
                      .number = parse_decimal("40.777"),
                      .unit = Unit::kilowatt_hour}));
  EXPECT_EQ(meter.value("demand_import_peak_history"), "");
  EXPECT_EQ(meter.problems(), "rows_malformed");
  EXPECT_EQ(meter.mapped().unknown.size(), 1);
}

}  // namespace
}  // namespace p1meter::test
