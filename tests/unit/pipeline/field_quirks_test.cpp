// SPDX-License-Identifier: Apache-2.0
// Pipeline: what meters in the field do that no standard says, by the meter's name. Ids and values
// are made up.
//
// the quirks that p1meter knows         test, here unless another file is named
//  1 MT382, ME382, KMP 162, ACE4000     iskra_mt382_sends_no_checksum
//  2 AM550 in Slovenia                  iskra_am550_of_slovenia_...
//  3 Sagemcom T211                      sagemcom_t211_with_an_mbus_device_it_never_read
//  4 AM550, dead channel                iskra_am550_with_a_dead_gas_channel_reads_the_live_one
//  5 Kaifa MA304, impossible log        kaifa_ma304_keeps_impossible_durations_in_its_log
//  6 ZIV 5CTA3, repeated outage         ziv_5cta3_repeats_an_outage_in_its_log
//  7 AM550, empty log                   iskra_am550_has_an_empty_failure_log
//  8 "mcs", zero log and gas value      mcs_fills_its_log_with_times_that_are_none
//  9 AM550, gas in 2068                 iskra_am550_whose_gas_clock_jumped
// 10 Kaifa, a year ahead                kaifa_ma304_whose_gas_time_is_a_year_ahead
// 11 Warmtelink, short checksum         warmtelink_prints_its_checksum_without_leading_zero
// 12 lower case                         a_reader_that_prints_everything_in_lower_case
// 13 NUL                                a_meter_that_ends_its_checksum_with_nul
// 14 Holley DTSD545                     holley_dtsd545_...
// 15 E.ON Hungary, unknown checksum     eon_meter_with_a_checksum_of_unknown_rule
// 16 Hungary, broken month record       a_hungarian_meter_whose_month_record_breaks_off
// 17 Swemet STZ351                      swemet_stz351_with_a_wrong_checksum
// 18 Kamstrup Omnia                     kamstrup_omnia_with_a_malformed_code
// 19 T210-D, lost bytes                 sagemcom_t210_d_that_loses_bytes
// 20 Aidon 6560, T210-D-r               aidon_6560_sends_watt_hours,
//                                       sagemcom_t210_d_r_of_steiermark
// 21 L+G E360, units in mixed case      landis_gyr_e360_spells_units_in_mixed_case;
//                                       the alarm when it falls silent: availability_test.cpp
// 22 Iskra IE.5 at REW                  iskra_ie5_of_rew_stamps_without_a_letter
// 23 NES 83335                          nes_83335_writes_dates_in_full
// 24 ACE4000                            ace4000_...
// 25 XT211                              sagemcom_xt211_of_switzerland
// 26 T211, 42.1.0                       sagemcom_t211_with_a_damaged_code
// 27 Smarty 2018                        luxembourg_smarty_of_2018_leaves_units_out
// 28 Luxembourg, sags                   luxembourg_smarty_has_its_sags_under_either_group
// 29 ESO T211                           lithuanian_t211_with_the_maximal_profile
// 30 DSMR 5, full log and text          a_dsmr_5_meter_with_a_full_log_and_the_longest_text
//    in binary_field_quirks_test.cpp:
// 31 Kaifa, control byte and date-time  kaifa_sends_control_10_and_tags_its_time
// 32 Kamstrup SE, energies in Wh        kamstrup_of_sweden_counts_single_watt_hours
// 33 L+G E450 CH, whole volts           landis_gyr_e450_of_romande_measures_whole_volts
// 34 T210-D, M-Bus length               sagemcom_t210_d_of_austria_writes_a_length_of_257_as_1
// 35 Kaifa, id against system title     kaifa_of_austria_is_known_by_its_list_not_by_its_envelope
// 36 Aidon, two equal hourly lists      aidon_of_norway_repeats_an_energy_an_hour_later
// 37 Kamstrup at 8E1                    kamstrup_read_at_8e1_begins_plausibly_and_gives_nothing;
//                                       the probing: component/daemon/line_settings_test.cpp
// 38 L+G CH, LLC in the first block     landis_gyr_of_switzerland_has_one_llc_for_all_blocks
//    here or where it says:
// 39 Raspberry Pi, lost bytes           meter_pipeline_test.cpp, refuses_a_bad_telegram_and_goes_on
// 40 L+G, values change every 10 s      limiter: on_change; unit/limiting
// 41 Belgium, 1.4.0 vanishes            meter_pipeline_test.cpp, makes_a_key_null_...
// 42 gas 0 without a time               a_gas_meter_that_reads_zero_at_no_time
// 43 GAMA 150                           gama_150_repeats_a_limit_without_unit
// 44 value glued to its unit            a_fluvius_fixture_with_a_unit_without_star
#include <gtest/gtest.h>
#include <vector>

#include "adapters/simulator/simulator.hpp"
#include "field_meter.hpp"

namespace p1meter::test {
namespace {

TelegramBuilder dsmr5(std::string_view header = "ISK5\\2M550T-1012") {
  return telegram()
      .header(header)
      .with("1-3:0.2.8", "(50)")
      .with("0-0:1.0.0", "(240612093010S)")
      .with("0-0:96.1.1", "(4530303437303030303031323334353637)")
      .with("1-0:1.8.1", "(001000.100*kWh)")
      .with("1-0:1.8.2", "(002000.200*kWh)")
      .with("1-0:1.7.0", "(00.450*kW)");
}

TelegramBuilder dsmr3(std::string_view header) {
  return telegram()
      .header(header)
      .without_checksum()
      .with("0-0:96.1.1", "(4B384547303034303132333435363738)")
      .with("1-0:1.8.1", "(01234.567*kWh)")
      .with("1-0:1.8.2", "(02345.678*kWh)")
      .with("0-0:96.14.0", "(0001)")
      .with("1-0:1.7.0", "(0000.98*kW)")
      .with("0-0:17.0.0", "(0016.10*kW)")
      .with("0-0:96.3.10", "(1)")
      .with("0-0:96.13.1", "()")
      .with("0-0:96.13.0", "()");
}

TelegramBuilder swedish(std::string_view header) {
  return telegram()
      .header(header)
      .with("0-0:1.0.0", "(240612083010W)")
      .with("1-0:1.8.0", "(00012345.678*kWh)")
      .with("1-0:2.8.0", "(00000001.000*kWh)")
      .with("1-0:1.7.0", "(0001.234*kW)")
      .with("1-0:2.7.0", "(0000.000*kW)")
      .with("1-0:23.7.0", "(0000.010*kVAr)");
}

// ---- The Netherlands ----

TEST(FieldQuirks, iskra_mt382_sends_no_checksum) {
  for (const auto* header : {"ISk5\\2MT382-1000", "KMP5 ZABF001234567", "XMX5XMXABCE000012345"}) {
    FieldMeter meter;
    ASSERT_TRUE(meter.read(dsmr3(header)
                               .with("0-1:24.1.0", "(03)")
                               .with("0-1:96.1.0", "(3238303131303038333036333639353132)")
                               .with("0-1:24.3.0", "(240612080000)(00)(60)(1)(0-1:24.2.1)(m3)")
                               .line("(00123.456)")
                               .with("0-1:24.4.0", "(1)")))
        << header;
    EXPECT_EQ(meter.value("energy_import_total"), "3580.245 kWh");
    EXPECT_EQ(meter.value("power_import"), "980 W");
    EXPECT_EQ(meter.value("limiter_power"), "16100 W");
    EXPECT_EQ(meter.value("gas_volume"), "123.456 m³");
    EXPECT_EQ(meter.time("gas_volume"), "2024-06-12T08:00:00+02:00");
    EXPECT_EQ(meter.value("gas_valve_position"), "1");
    EXPECT_EQ(meter.profile(), "netherlands-dsmr3");
    EXPECT_EQ(meter.problems(), "");
  }
}

TEST(FieldQuirks, sagemcom_t211_with_an_mbus_device_it_never_read) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5("XMX5LGF0010453445302")
                             .with("0-1:24.1.0", "(003)")
                             .with("0-1:96.1.0", "()")
                             .with("0-1:24.2.1", "(632525252525S)(00000.000)")));
  EXPECT_EQ(meter.value("gas_volume"), "");
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.problems(), "time_unset");
}

TEST(FieldQuirks, iskra_am550_with_a_dead_gas_channel_reads_the_live_one) {
  for (const auto* header : {"ISK5\\2M550T-1012", "ISK5\\2M550T-1013", "ISK5\\2M550E-1012"}) {
    FieldMeter meter;
    ASSERT_TRUE(meter.read(dsmr5(header)
                               .with("0-1:24.1.0", "(003)")
                               .with("0-1:96.1.0", "()")
                               .with("0-1:24.2.1", "(700101010000W)(00000000)")
                               .with("0-2:24.1.0", "(003)")
                               .with("0-2:96.1.0", "(4730303539303033393337393730363139)")
                               .with("0-2:24.2.1", "(240612093000S)(00765.432*m3)")));
    EXPECT_EQ(meter.value("gas_volume"), "765.432 m³") << header;
    EXPECT_EQ(meter.value("gas_equipment_id"), "\"G0059003937970619\"");
    EXPECT_EQ(meter.value("gas2_volume"), "");
  }
}

TEST(FieldQuirks, kaifa_ma304_keeps_impossible_durations_in_its_log) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5("KFM5KAIFA-METER")
                             .with("1-0:99.97.0",
                                   "(3)(0-0:96.7.19)(000101000001W)(2147483647*s)"
                                   "(231012151400S)(0000000301*s)(000101000001W)(2317482647*s)")));
  EXPECT_EQ(meter.rows("power_failure_log"),
            "never 2147483647; 2023-10-12T15:14:00+02:00 301; never 2317482647");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, ziv_5cta3_repeats_an_outage_in_its_log) {
  FieldMeter meter;
  const std::string outage = "(231012151400S)(0000000301*s)";
  ASSERT_TRUE(meter.read(
      dsmr5("CTA5ZIV-METER").with("1-0:99.97.0", "(3)(0-0:96.7.19)" + outage + outage + outage)));
  EXPECT_EQ(meter.rows("power_failure_log"),
            "2023-10-12T15:14:00+02:00 301; 2023-10-12T15:14:00+02:00 301; "
            "2023-10-12T15:14:00+02:00 301");
}

TEST(FieldQuirks, iskra_am550_has_an_empty_failure_log) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5().with("1-0:99.97.0", "()")));
  EXPECT_EQ(meter.rows("power_failure_log"), "");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, mcs_fills_its_log_with_times_that_are_none) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(
      dsmr5("mcs5mcs-METER")
          .with("1-0:99.97.0", "(2)(0-0:96.7.19)(000000000000S)(23)(000000000000W)(00000000)")
          .with("0-1:24.1.0", "(000)")
          .with("0-1:96.1.0", "()")
          .with("0-1:24.2.1", "(000000000000W)(00000000)")));
  EXPECT_EQ(meter.rows("power_failure_log"), "never 23");
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.value("gas_volume"), "");
}

TEST(FieldQuirks, iskra_am550_whose_gas_clock_jumped) {
  FieldMeter meter;
  const auto gas = [](std::string_view stamp) {
    return dsmr5()
        .with("0-1:24.1.0", "(003)")
        .with("0-1:96.1.0", "(4730303539303033393337393730363139)")
        .with("0-1:24.2.1", "(" + std::string{stamp} + ")(00765.432*m3)");
  };
  ASSERT_TRUE(meter.read(gas("681027002758S")));
  EXPECT_EQ(meter.value("gas_volume"), "765.432 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-06-12T09:30:10+02:00") << "received then";
  EXPECT_EQ(meter.problems(), "time_implausible");
  ASSERT_TRUE(meter.read(gas("240612093000S")));
  EXPECT_EQ(meter.time("gas_volume"), "2024-06-12T09:30:00+02:00");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, kaifa_ma304_whose_gas_time_is_a_year_ahead) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("KFM5KAIFA-METER")
                             .with("1-3:0.2.8", "(42)")
                             .with("0-0:1.0.0", "(240101220003W)")
                             .with("1-0:1.7.0", "(00.450*kW)")
                             .with("0-1:24.1.0", "(003)")
                             .with("0-1:96.1.0", "(4730303539303033393337393730363139)")
                             .with("0-1:24.2.1", "(250101210000W)(00765.432*m3)")));
  EXPECT_EQ(meter.value("gas_volume"), "765.432 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-06-12T09:30:10+02:00") << "received then";
  EXPECT_EQ(meter.problems(), "time_implausible");
  EXPECT_EQ(meter.profile(), "netherlands-dsmr4");
}

TEST(FieldQuirks, warmtelink_prints_its_checksum_without_leading_zero) {
  // Numbers are tried until the checksum happens to begin with 0.
  std::string text;
  for (int attempt = 0; attempt < 1000 && text.find("!0") == std::string::npos; ++attempt) {
    text = telegram()
               .header("NWA-WARMTELINK")
               .with("0-0:1.0.0", "(240612093010S)")
               .with("0-1:24.1.0", "(012)")
               .with("0-1:96.1.0", "(3132333435363738)")
               .with("0-1:24.2.1", "(240612093000S)(" + std::to_string(240 + attempt) + ".860*GJ)")
               .text();
  }
  text.erase(text.find("!0") + 1, 1);

  FieldMeter meter;
  ASSERT_TRUE(meter.read(text));
  EXPECT_EQ(meter.identification(), "NWA-WARMTELINK");
  EXPECT_NE(meter.value("heat_energy_gj"), "");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, a_reader_that_prints_everything_in_lower_case) {
  std::string text = telegram()
                         .header("ISK5\\2M550T-1012")
                         .with("1-3:0.2.8", "(50)")
                         .with("1-0:1.7.0", "(00.450*kW)")
                         .with("0-0:96.1.1", "(4530303437303030303031323334353a6b)")
                         .text();
  const auto end = text.rfind('!');
  for (std::size_t i = end; i < text.size(); ++i) {
    if (text[i] >= 'A' && text[i] <= 'F') text[i] = static_cast<char>(text[i] - 'A' + 'a');
  }
  FieldMeter meter;
  ASSERT_TRUE(meter.read(text));
  EXPECT_EQ(meter.value("equipment_id"), "\"E00470000012345:k\"");
}

TEST(FieldQuirks, a_meter_that_ends_its_checksum_with_nul) {
  std::string text = dsmr5().text();
  text.insert(text.size() - 2, 1, '\0');
  FieldMeter meter;
  ASSERT_TRUE(meter.read(text));
  EXPECT_EQ(meter.value("power_import"), "450 W");
}

TEST(FieldQuirks, sagemcom_t210_d_that_loses_bytes) {
  std::string text = dsmr5("Ene5\\T210-D ESMR5.0").with("1-0:2.7.0", "(00.000*kW)").text();
  text.replace(text.find("1-0:2.7.0"), 3, "1,0");

  FieldMeter meter;
  EXPECT_FALSE(meter.read(text)) << "the checksum tells";
  EXPECT_EQ(meter.counters().crc_errors, 1U);

  FieldMeter unchecked{{.crc = CrcMode::off}};
  ASSERT_TRUE(unchecked.read(text));
  EXPECT_EQ(unchecked.value("power_import"), "450 W");
  EXPECT_EQ(unchecked.value("power_export"), "");
  EXPECT_EQ(unchecked.problems(), "line_malformed crc_mismatch");
}

TEST(FieldQuirks, sagemcom_t211_with_a_damaged_code) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5("Ene5\\T211 ESMR5.0")
                             .with("1-0:21.7.0", "(00.450*kW)")
                             .with("1-0:42.1.0", "(00.000*kW)")));
  EXPECT_EQ(meter.value("power_import_l1"), "450 W");
  EXPECT_EQ(meter.unknown(), "1-0:42.1.0=00.000*kW");
}

TEST(FieldQuirks, a_dsmr_5_meter_with_a_full_log_and_the_longest_text) {
  std::string log = "(10)(0-0:96.7.19)";
  for (int i = 0; i < 10; ++i) log += "(23101215140" + std::to_string(i) + "S)(0000000301*s)";
  std::string text;
  for (int i = 0; i < 1024; ++i) text += "41";
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5().with("1-0:99.97.0", log).with("0-0:96.13.0", "(" + text + ")")));
  EXPECT_EQ(meter.value("text_message"), '"' + std::string(1024, 'A') + '"');
  EXPECT_EQ(meter.rows("power_failure_log").substr(0, 29), "2023-10-12T15:14:00+02:00 301");
}

TEST(FieldQuirks, a_gas_meter_that_reads_zero_at_no_time) {
  for (const auto* stamp : {"000000000000W", "700101010000W", "632525252525W", "000101000001W"}) {
    FieldMeter meter;
    ASSERT_TRUE(meter.read(dsmr5()
                               .with("0-1:24.1.0", "(003)")
                               .with("0-1:96.1.0", "(4730303539303033393337393730363139)")
                               .with("0-1:24.2.1", "(" + std::string{stamp} + ")(00000.000*m3)")));
    EXPECT_EQ(meter.value("gas_volume"), "") << stamp;
    EXPECT_EQ(meter.value("power_import"), "450 W");
  }
}

TEST(FieldQuirks, a_gas_meter_whose_letter_is_neither_summer_nor_winter) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(dsmr5()
                             .with("0-1:24.1.0", "(003)")
                             .with("0-1:96.1.0", "(4730303539303033393337393730363139)")
                             .with("0-1:24.2.1", "(220201000000T)(00765.432*m3)")));
  EXPECT_EQ(meter.value("gas_volume"), "");
  EXPECT_EQ(meter.problems(), "time_malformed");
}

TEST(FieldQuirks, ace4000_prints_group_f_spaces_and_hourly_gas) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("ACE4\\3k260V01.18")
                             .without_checksum()
                             .with("0-0:96.1.1*255", "(1234567        )")
                             .with("1-0:1.8.1*255", "(00123.456*kWh)")
                             .with("1-0:1.8.2*255", "(00234.567*kWh)")
                             .with("0-0:96.14.0*255", "(01)")
                             .with("1-0:15.7.0*255", "(0000.55*kW)")
                             .with("0-0:17.0.0*255", "(016*A)")
                             .with("7-0:0.0.0", "(12345678        )")
                             .with("7-0:23.1.0", "(00150.1*m3)(24-06-12 08:00:00)")
                             .with("7-0:23.1.0", "(00150.2*m3)(24-06-12 09:00:00)")
                             .with("7-0:23.1.0", "(00149.9*m3)(24-06-12 07:00:00)")));
  EXPECT_EQ(meter.value("equipment_id"), "\"1234567        \"");
  EXPECT_EQ(meter.value("energy_import_total"), "358.023 kWh");
  EXPECT_EQ(meter.value("tariff"), "1");
  EXPECT_EQ(meter.value("power_absolute"), "550 W");
  EXPECT_EQ(meter.value("limiter_current"), "16 A");
  EXPECT_EQ(meter.value("gas_volume"), "150.2 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-06-12T09:00:00+02:00");
  EXPECT_EQ(meter.profile(), "netherlands-dsmr2");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, a_dsmr_2_2_meter_with_devices_of_their_own_group) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("ISK3\\MT382-1003")
                             .without_checksum()
                             .with("0-0:42.0.0", "(4D54333832303132333435)")
                             .with("1-0:1.8.1", "(012345.67*kWh)")
                             .with("1-0:1.7.0", "(0001.010*kW)")
                             .with("0-0:17.0.0", "(025*A)")
                             .with("0-0:24.4.0", "(1)")
                             .with("7-0:0.0.0", "(4741533132333435)")
                             .with("7-0:23.2.0", "(00150.1*m3)(240612090000)")
                             .with("7-0:24.4.0", "(1)")
                             .with("5-0:0.0.0", "(4845415431323334)")
                             .with("5-0:1.0.0", "(00012.34*GJ)(240612090000)")
                             .with("6-0:1.0.0", "(00001.20*GJ)(240612090000)")
                             .with("8-0:0.0.0", "(5741544531323334)")
                             .with("8-0:1.0.0", "(00045.678*m3)(240612090000)")));
  EXPECT_EQ(meter.value("logical_device_name"), "\"MT382012345\"");
  EXPECT_EQ(meter.value("breaker_state"), "1");
  EXPECT_EQ(meter.value("gas_equipment_id"), "\"GAS12345\"");
  EXPECT_EQ(meter.value("gas_volume"), "150.1 m³");
  EXPECT_EQ(meter.value("gas_valve_position"), "1");
  EXPECT_EQ(meter.value("heat_energy_gj"), "12.34 GJ");
  EXPECT_EQ(meter.value("cooling_energy_gj"), "1.20 GJ");
  EXPECT_EQ(meter.value("water_volume"), "45.678 m³");
  EXPECT_EQ(meter.time("water_volume"), "2024-06-12T09:00:00+02:00");
  EXPECT_EQ(meter.profile(), "netherlands-dsmr2");
  EXPECT_EQ(meter.problems(), "");
}

// ---- Belgium ----

TelegramBuilder emucs(std::string_view version) {
  return telegram()
      .header("FLU5\\253769484_A")
      .with("0-0:96.1.4", "(" + std::string{version} + ")")
      .with("0-0:96.1.1", "(3153414733313031323334353637)")
      .with("0-0:1.0.0", "(240612093010S)")
      .with("1-0:1.8.1", "(000100.100*kWh)")
      .with("1-0:1.8.2", "(000200.200*kWh)")
      .with("1-0:1.7.0", "(00.500*kW)");
}

TEST(FieldQuirks, fluvius_sagemcom_t211_of_every_version) {
  for (const auto* version : {"50213", "50215", "50217", "50221"}) {
    FieldMeter meter;
    ASSERT_TRUE(meter.read(emucs(version)
                               .with("0-0:96.3.10", "(1)")
                               .with("0-1:96.3.10", "(0)")
                               .with("0-0:17.0.0", "(999.9*kW)")
                               .with("1-0:31.4.0", "(999*A)")
                               .with("1-0:31.7.0", "(002.15*A)")
                               .with("0-1:24.1.0", "(003)")
                               .with("0-1:96.1.1", "(37464C4F3132333435363738)")
                               .with("0-1:24.4.0", "(1)")
                               .with("0-1:24.2.3", "(240612092501S)(00112.384*m3)")
                               .with("0-2:24.1.0", "(007)")
                               .with("0-2:96.1.1", "(3853455431323334353637)")
                               .with("0-2:24.2.1", "(240612091214S)(00872.234*m3)")));
    EXPECT_EQ(meter.profile(), "belgium-emucs");
    EXPECT_EQ(meter.value("p1_version_be"), '"' + std::string{version} + '"');
    EXPECT_EQ(meter.value("breaker_state"), "1");
    EXPECT_EQ(meter.value("relay1_state"), "0");
    EXPECT_EQ(meter.value("limiter_power"), "null");
    EXPECT_EQ(meter.value("fuse_limit_l1"), "null");
    EXPECT_EQ(meter.value("current_l1"), "2.15 A");
    EXPECT_EQ(meter.value("gas_volume"), "112.384 m³");
    EXPECT_EQ(meter.value("water_volume"), "872.234 m³");
    EXPECT_EQ(meter.time("water_volume"), "2024-06-12T09:12:14+02:00");
    EXPECT_EQ(meter.problems(), "");
  }
}

TEST(FieldQuirks, fluvius_sagemcom_t211_of_version_2_1_has_water_under_the_gas_code) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(emucs("50221")
                             .with("0-0:96.1.2", "(353431343438383230303030303030303131)")
                             .with("1-0:94.32.1", "(400)")
                             .with("0-0:17.0.0", "(99.999*kW)")
                             .with("1-0:31.4.0", "(999.99*A)")
                             .with("0-1:24.1.0", "(007)")
                             .with("0-1:96.1.1", "(3853455431323334353637)")
                             .with("0-1:96.1.2", "(353431343438383230303030303030303232)")
                             .with("0-1:24.2.3", "(240612091214S)(00872.234*m3)")));
  EXPECT_EQ(meter.value("ean"), "\"541448820000000011\"");
  EXPECT_EQ(meter.value("nominal_voltage"), "400 V");
  EXPECT_EQ(meter.value("limiter_power"), "null");
  EXPECT_EQ(meter.value("fuse_limit_l1"), "null");
  EXPECT_EQ(meter.value("water_volume"), "872.234 m³");
  EXPECT_EQ(meter.value("water_ean"), "\"541448820000000022\"");
  EXPECT_EQ(meter.value("gas_volume"), "");
}

TEST(FieldQuirks, fluvius_sagemcom_s211_tells_the_months_peaks) {
  FieldMeter meter;
  ASSERT_TRUE(
      meter.read(emucs("50217")
                     .with("1-0:1.4.0", "(00.250*kW)")
                     .with("1-0:1.6.0", "(240603181500S)(03.695*kW)")
                     .with("0-0:98.1.0",
                           "(3)(1-0:1.6.0)(1-0:1.6.0)(240501000000S)(240415183000S)(04.329*kW)"
                           "(240601000000S)(240502191500S)(04.529*kW)(240401000000S)(632525252525W)"
                           "(00.000*kW)")));
  EXPECT_EQ(meter.value("demand_import_current"), "250 W");
  EXPECT_EQ(meter.value("demand_import_peak_month"), "3695 W");
  EXPECT_EQ(meter.time("demand_import_peak_month"), "2024-06-03T18:15:00+02:00");
  EXPECT_EQ(meter.rows("demand_import_peak_history"),
            "2024-04-15T18:30:00+02:00 4329; 2024-05-02T19:15:00+02:00 4529");
  // 10 s of the quarter are over: 250 + 500 x 890 / 900
  EXPECT_EQ(meter.value("demand_import_projected"), "744 W");
}

TEST(FieldQuirks, iskra_ie5_of_rew_stamps_without_a_letter) {
  const auto rew = [](std::string_view stamp) {
    return telegram()
        .header("ISk5\\2MIE5T-200")
        .with("0-0:96.1.0", "(91318181)")
        .with("1-0:0.0.0", "(91318181)")
        .with("0-0:96.1.4", "(50213)")
        .with("0-0:1.0.0", "(" + std::string{stamp} + ")")
        .with("1-0:1.8.1", "(000100.100*kWh)");
  };
  FieldMeter meter;
  ASSERT_TRUE(meter.read(rew("240612093010")));
  EXPECT_EQ(meter.value("equipment_id"), "\"91318181\"");
  EXPECT_EQ(meter.value("owner_number"), "\"91318181\"");
  EXPECT_EQ(meter.meter_time(), "2024-06-12T09:30:10+02:00");
  ASSERT_TRUE(meter.read(rew("241027025950")));
  EXPECT_EQ(meter.meter_time(), "2024-10-27T02:59:50+02:00") << "the first pass";
  ASSERT_TRUE(meter.read(rew("241027020000")));
  EXPECT_EQ(meter.meter_time(), "2024-10-27T02:00:00+01:00") << "the second, for time goes on";
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, a_fluvius_fixture_with_a_unit_without_star) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(emucs("50217").with("1-0:2.8.1", "(000123.456kWh)")));
  EXPECT_EQ(meter.value("energy_export_tariff1"), "");
  EXPECT_EQ(meter.problems(), "number_malformed");
  EXPECT_EQ(meter.unknown(), "1-0:2.8.1=000123.456kWh");
}

// ---- Luxembourg ----

TEST(FieldQuirks, luxembourg_smarty_of_2018_leaves_units_out) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("Lux5\\253663629_D")
                             .with("1-3:0.2.8", "(42)")
                             .with("0-0:1.0.0", "(240612093010S)")
                             .with("0-0:42.0.0",
                                   "(53414731303330303030303132333420534147313033303030303031"
                                   "3233352053414731303330303030303132333620)")
                             .with("1-0:1.8.0", "(000123.456*kWh)")
                             .with("1-0:3.7.0", "(00.012)")
                             .with("1-0:4.7.0", "(00.000)")
                             .with("0-0:17.0.0", "(77.376)")
                             .with("0-1:24.1.0", "(003)")
                             .with("0-2:24.2.1", "(632525252525S)(00000.000)")));
  EXPECT_EQ(meter.profile(), "luxembourg");
  EXPECT_EQ(meter.value("energy_import_total"), "123.456 kWh");
  EXPECT_EQ(meter.value("reactive_power_import"), "12 var");
  EXPECT_EQ(meter.value("reactive_power_export"), "0 var");
  EXPECT_EQ(meter.value("logical_device_name"),
            "\"SAG103000001234 SAG103000001235 SAG103000001236 \"");
  EXPECT_EQ(meter.unknown(), "0-0:17.0.0=77.376") << "kVA or kW: its unit would say";
}

TEST(FieldQuirks, luxembourg_smarty_has_its_sags_under_either_group) {
  for (const auto* group : {"0-0:", "1-0:"}) {
    const std::string prefix{group};
    FieldMeter meter;
    ASSERT_TRUE(meter.read(telegram()
                               .header("Lux5\\253663629_D")
                               .with("1-3:0.2.8", "(42)")
                               .with("1-0:1.7.0", "(00.450*kW)")
                               .with("0-0:17.0.0", "(27.6*kVA)")
                               .with("1-1:31.4.0", "(100*A)(-063*A)")
                               .with("0-0:96.13.2", "(4869)")
                               .with(prefix + "32.32.0", "(00003)")
                               .with(prefix + "52.32.0", "(00002)")
                               .with(prefix + "72.36.0", "(00001)")));
    EXPECT_EQ(meter.value("voltage_sags_l1"), "3");
    EXPECT_EQ(meter.value("voltage_sags_l2"), "2");
    EXPECT_EQ(meter.value("voltage_swells_l3"), "1");
    EXPECT_EQ(meter.value("current_limit_import"), "100 A");
    EXPECT_EQ(meter.value("current_limit_export"), "-63 A");
    EXPECT_EQ(meter.value("limiter_apparent_power"), "27600 VA");
    EXPECT_EQ(meter.value("text_message_2"), "\"Hi\"");
  }
}

// ---- The north ----

TEST(FieldQuirks, sagemcom_t211_of_ellevio_keeps_normal_time) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(swedish("ELL5\\253833635_A")
                             .with("1-0:3.8.0", "(00000004.321*kvarh)")
                             .with("1-0:31.7.0", "(-05.4*A)")));
  EXPECT_EQ(meter.profile(), "sweden");
  EXPECT_EQ(meter.meter_time(), "2024-06-12T08:30:10+01:00") << "in June as well";
  EXPECT_EQ(meter.value("reactive_power_import_l1"), "10 var");
  EXPECT_EQ(meter.value("reactive_energy_import_total"), "4.321 kvarh");
  EXPECT_EQ(meter.value("current_l1"), "-5.4 A");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, kamstrup_omnipower_of_sweden_has_no_summer_time_without_a_letter_either) {
  std::string text = swedish("KAM5").text();
  FieldMeter meter{{.crc = CrcMode::off}};
  text.replace(text.find("083010W"), 7, "083010");
  ASSERT_TRUE(meter.read(text));
  EXPECT_EQ(meter.meter_time(), "2024-06-12T08:30:10+01:00");
}

TEST(FieldQuirks, landis_gyr_e360_spells_units_in_mixed_case) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(swedish("LGF5E360")
                             .with("1-0:3.7.0", "(0000.123*kVAr)")
                             .with("1-0:4.7.0", "(0000.045*KVAR)")
                             .with("1-0:3.8.0", "(00000004.321*kVArh)")));
  EXPECT_EQ(meter.value("reactive_power_import"), "123 var");
  EXPECT_EQ(meter.value("reactive_power_export"), "45 var");
  EXPECT_EQ(meter.value("reactive_energy_import_total"), "4.321 kvarh");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, aidon_6534_ends_right_behind_its_last_value) {
  const std::string body = "/ADN9 6534\r\n\r\n1-0:1.8.0(00012345.678*kWh)\r\n1-0:31.7.0(123.1*A)!";
  FieldMeter meter;
  ASSERT_TRUE(meter.read(body + four_hex_digits(plain_crc16_arc(body)) + "\r\n"));
  EXPECT_EQ(meter.value("current_l1"), "123.1 A");
}

TEST(FieldQuirks, aidon_of_finland_keeps_its_zone_to_the_setting) {
  std::string text = swedish("ADN9 6534").text();
  text.replace(text.find("083010W"), 7, "083010S");
  FieldMeter unset{{.crc = CrcMode::off}};
  ASSERT_TRUE(unset.read(text));
  EXPECT_EQ(unset.profile(), "finland");

  FieldMeter helsinki{{.crc = CrcMode::off, .mapper = {.zone = Zone{120, true}}}};
  ASSERT_TRUE(helsinki.read(text));
  EXPECT_EQ(helsinki.meter_time(), "2024-06-12T08:30:10+03:00");
}

TelegramBuilder aidon_6560() {
  return telegram()
      .header("ADN9 6560")
      .with("0-0:1.0.0", "(240612083010W)")
      .with("1-0:0.4.2", "(995)")
      .with("1-0:0.4.3", "(000.01)")
      .with("1-0:1.8.0", "(0000012345*Wh)")
      .with("1-0:3.8.0", "(0000000321*VArh)")
      .with("1-0:1.7.0", "(00001234*W)")
      .with("1-0:3.7.0", "(00000012*VAr)")
      .with("1-0:32.7.0", "(230.1*V)")
      .with("1-0:31.7.0", "(001.5*A)");
}

TEST(FieldQuirks, aidon_6560_sends_watt_hours) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(aidon_6560()));
  EXPECT_EQ(meter.value("energy_import_total"), "12.345 kWh");
  EXPECT_EQ(meter.value("reactive_energy_import_total"), "0.321 kvarh");
  EXPECT_EQ(meter.value("power_import"), "1234 W");
  EXPECT_EQ(meter.value("reactive_power_import"), "12 var");
  EXPECT_EQ(meter.value("ct_ratio"), "995") << "told, and never applied by itself";
  EXPECT_EQ(meter.value("vt_ratio"), "0.01");
}

TEST(FieldQuirks, aidon_6560_is_multiplied_by_its_own_ratio_where_the_settings_say_so) {
  FieldMeter meter{{.mapper = {.transformer = {.current_from_meter = true}}}};
  ASSERT_TRUE(meter.read(aidon_6560()));
  EXPECT_EQ(meter.value("energy_import_total"), "12283.275 kWh");
  EXPECT_EQ(meter.value("power_import"), "1227830 W");
  EXPECT_EQ(meter.value("current_l1"), "1492.5 A");
  EXPECT_EQ(meter.value("voltage_l1"), "230.1 V");
  EXPECT_EQ(meter.value("ct_ratio"), "995");
}

TEST(FieldQuirks, swemet_stz351_with_a_wrong_checksum) {
  std::string text = swedish("SWE5STZ351").text();
  text.replace(text.find('!') + 1, 4, "0000");
  FieldMeter meter;
  EXPECT_FALSE(meter.read(text));
  FieldMeter unchecked{{.crc = CrcMode::off}};
  ASSERT_TRUE(unchecked.read(text));
  EXPECT_EQ(unchecked.value("power_import"), "1234 W");
  EXPECT_EQ(unchecked.counters().unchecked, 1U);
}

TEST(FieldQuirks, kamstrup_omnia_with_a_malformed_code) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(swedish("KAM5").line("1-0:4:24.7.0(0000.000*kVAr)")));
  EXPECT_EQ(meter.value("power_import"), "1234 W");
  EXPECT_EQ(meter.problems(), "line_malformed");
}

TEST(FieldQuirks, nes_83335_writes_dates_in_full) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("NES5:83335-3E")
                             .with("0-0:1.0.0", "(20240612 09:30:10)")
                             .with("1-0:1.8.0", "(00012345.678*kWh)")
                             .with("1-0:1.7.0", "(0001.234*kW)")));
  EXPECT_EQ(meter.profile(), "denmark");
  EXPECT_EQ(meter.meter_time(), "2024-06-12T09:30:10+02:00");
  EXPECT_EQ(meter.value("power_import"), "1234 W");
  EXPECT_EQ(meter.problems(), "");
}

// ---- Hungary ----

TelegramBuilder hungarian(std::string_view header) {
  return telegram()
      .header(header)
      .with("0-0:1.0.0", "(240612093010S)")
      .with("0-0:42.0.0", "(53414735303030303030303031323334)")
      .with("0-0:96.1.0", "(34393130303030303031323334)")
      .with("0-0:96.14.0", "(0001)")
      .with("1-0:1.8.0", "(000040.777*kWh)")
      .with("1-0:1.8.1", "(000008.950*kWh)")
      .with("1-0:1.8.2", "(000031.827*kWh)")
      .with("1-0:1.8.3", "(000000.000*kWh)")
      .with("1-0:1.8.4", "(000000.000*kWh)")
      .with("1-0:15.8.0", "(000183.027*kWh)")
      .with("1-0:5.8.0", "(000001.100*kvarh)")
      .with("1-0:8.8.0", "(000004.400*kvarh)")
      .with("1-0:1.7.0", "(00.450*kW)");
}

TEST(FieldQuirks, sagemcom_of_eon_hungary_has_four_tariffs_and_a_month_record) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(hungarian("SAG5SAG-METER")
                             .with("1-0:33.7.0", "(4.500)")
                             .with("1-0:14.7.0", "(50.00*Hz)")
                             .with("1-0:31.4.0", "(032.00*A)")
                             .with("0-0:98.1.0",
                                   "(240601000000S)(000040.777*kWh)(000008.950*kWh)"
                                   "(000001.100*kvarh)(03.564*kW)")));
  EXPECT_EQ(meter.profile(), "hungary");
  EXPECT_EQ(meter.value("energy_import_total"), "40.777 kWh");
  EXPECT_EQ(meter.value("energy_import_tariff4"), "0.000 kWh");
  EXPECT_EQ(meter.value("energy_combined_total"), "183.027 kWh");
  EXPECT_EQ(meter.value("reactive_energy_q1"), "1.100 kvarh");
  EXPECT_EQ(meter.value("reactive_energy_q4"), "4.400 kvarh");
  EXPECT_EQ(meter.value("frequency"), "50.00 Hz");
  EXPECT_EQ(meter.value("fuse_limit_l1"), "32.00 A");
  EXPECT_EQ(meter.value("demand_import_peak_history"), "") << "another list under the same code";
  EXPECT_EQ(meter.unknown(),
            "0-0:98.1.0=240601000000S)(000040.777*kWh)(000008.950*kWh)(000001.100*kvarh)"
            "(03.564*kW");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, holley_dtsd545_has_a_checksum_of_its_own) {
  for (const auto* header : {"HLY5\\D545-METER", "HLY5/D545-METER"}) {
    FieldMeter meter;
    ASSERT_TRUE(meter.read(hungarian(header)
                               .with("1-0:2.8.0", "(00007137.694*kWh )")
                               .with("0-0:96.13.0", "(" + std::string(64, 'F') + ")")
                               .with_x25()));
    EXPECT_EQ(meter.identification(), header);
    EXPECT_EQ(meter.value("energy_export_total"), "7137.694 kWh");
    EXPECT_EQ(meter.value("text_message"), '"' + std::string(64, 'F') + '"');
    EXPECT_EQ(meter.profile(), "hungary");
    EXPECT_EQ(meter.problems(), "");
    EXPECT_FALSE(meter.read(hungarian(header))) << "the rule that fitted first is kept";
  }
}

TEST(FieldQuirks, holley_dtsd545_restarts_a_telegram_inside_a_value) {
  const std::string whole = hungarian("HLY5/D545-METER").with_x25().text();
  const std::string part = whole.substr(0, whole.find("31.827") + 3) + "\r\n";
  FieldMeter meter;
  ASSERT_TRUE(meter.read(part + whole));
  EXPECT_EQ(meter.value("energy_import_tariff2"), "31.827 kWh");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, eon_meter_with_a_checksum_of_unknown_rule) {
  std::string text = hungarian("SAG5SAG-METER").with("0-0:97.97.0", "(00000000)").text();
  text.replace(text.find("(0001)"), 6, "(TARIFF 1)");
  FieldMeter meter;
  EXPECT_FALSE(meter.read(text));
  FieldMeter unchecked{{.crc = CrcMode::off}};
  ASSERT_TRUE(unchecked.read(text));
  EXPECT_EQ(unchecked.value("tariff"), "\"TARIFF 1\"");
  EXPECT_EQ(unchecked.value("power_import"), "450 W");
}

TEST(FieldQuirks, a_hungarian_meter_whose_month_record_breaks_off) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(hungarian("SAG5SAG-METER")
                             .line("0-0:98.1.0(")
                             .with("1-0:1.8.0", "(000040.777*kWh)")
                             .with("1-0:1.8.1", "(000008.950*kWh)")
                             .with("1-0:32.7.0", "(231.0*V)")));
  EXPECT_EQ(meter.value("energy_import_total"), "40.777 kWh") << "the first counts";
  EXPECT_EQ(meter.value("voltage_l1"), "231.0 V");
  EXPECT_EQ(meter.problems(), "value_unclosed");
}

// ---- Lithuania ----

TelegramBuilder lithuanian() {
  return telegram()
      .header("ESO5\\V0101")
      .with("0-0:1.0.0", "(240612103010S)")
      .with("0-0:96.1.1", "(4C54303030303031323334)")
      .with("1-0:0.2.0", "(02.21)")
      .with("1-0:0.2.8", "(1EA43311)")
      .with("1-1:0.2.0", "(01.07)")
      .with("1-0:1.8.0", "(000123.456*kWh)")
      .with("1-0:1.8.1", "(000100.000*kWh)")
      .with("1-0:1.7.0", "(00.450*kW)");
}

TEST(FieldQuirks, lithuanian_t211_with_the_standard_profile) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(lithuanian()));
  EXPECT_EQ(meter.profile(), "lithuania");
  EXPECT_EQ(meter.meter_time(), "2024-06-12T10:30:10+03:00");
  EXPECT_EQ(meter.value("p1_version"), "") << "0.2.8 of another group is a signature";
  EXPECT_EQ(meter.value("fw_core_version"), "\"02.21\"");
  EXPECT_EQ(meter.value("fw_core_checksum"), "\"1EA43311\"");
  EXPECT_EQ(meter.value("fw_module_version"), "\"01.07\"");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, lithuanian_t211_with_the_extended_profile) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(lithuanian()
                             .with("1-0:0.8.2", "(00900*s)")
                             .with("1-0:1.4.0", "(000000.123*kW)")
                             .with("1-0:1.5.0", "(000000.456*kW)")
                             .with("1-0:1.24.0", "(00.321*kW)")
                             .with("1-0:16.24.0", "(-00.111*kW)")
                             .with("1-0:32.24.0", "(231.5*V)")
                             .with("1-0:13.7.0", "(-0.98)")
                             .with("1-0:13.3.0", "(0.91)")
                             .with("1-0:9.7.0", "(00.460*kVA)")));
  EXPECT_EQ(meter.value("measurement_period"), "900 s");
  EXPECT_EQ(meter.value("demand_import_current"), "123 W");
  EXPECT_EQ(meter.value("power_import_last_demand"), "456 W");
  EXPECT_EQ(meter.value("power_average_import"), "321 W");
  EXPECT_EQ(meter.value("power_average_net"), "-111 W");
  EXPECT_EQ(meter.value("voltage_average_l1"), "231.5 V");
  EXPECT_EQ(meter.value("power_factor"), "-0.98");
  EXPECT_EQ(meter.value("power_factor_lowest"), "0.91");
  EXPECT_EQ(meter.value("apparent_power_import"), "460 VA");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, lithuanian_meter_that_counts_in_thousands) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(lithuanian()
                             .with("1-0:32.7.0", "(0000.242*kV)")
                             .with("1-0:31.7.0", "(0000.005*kA)")
                             .with("1-0:14.7.0", "(0000.049*kHz)")));
  EXPECT_EQ(meter.value("voltage_l1"), "242 V");
  EXPECT_EQ(meter.value("current_l1"), "5 A");
  EXPECT_EQ(meter.value("frequency"), "49 Hz");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, lithuanian_t211_with_the_maximal_profile) {
  TelegramBuilder longest = lithuanian();
  for (const auto* phase : {"32", "52", "72"}) {
    const std::string start = std::string{"1-0:"} + phase;
    longest.with(start + ".7.0", "(231.5*V)")
        .with(start + ".32.0", "(00003)")
        .with(start + ".33.0", "(00012*s)")
        .with(start + ".34.0", "(0195*V)")
        .with(start + ".36.0", "(00001)")
        .with(start + ".37.0", "(00004*s)")
        .with(start + ".38.0", "(0255*V)");
  }
  for (const auto* code : {"3", "4", "9", "10", "15", "16"}) {
    for (const auto* rest : {".7.0", ".4.0", ".5.0", ".24.0", ".8.1", ".8.2", ".8.3", ".8.4"}) {
      longest.with(std::string{"1-0:"} + code + rest, "(00000000.000)");
    }
  }
  longest.with("0-0:96.13.0", "(" + std::string(800, '4') + ")");
  ASSERT_GT(longest.text().size(), 2333U);

  FieldMeter meter;
  ASSERT_TRUE(meter.read(longest));
  EXPECT_EQ(meter.value("voltage_sags_l2"), "3");
  EXPECT_EQ(meter.value("voltage_sag_time_l2"), "12 s");
  EXPECT_EQ(meter.value("voltage_sag_l2"), "195 V");
  EXPECT_EQ(meter.value("voltage_swell_time_l3"), "4 s");
  EXPECT_EQ(meter.value("voltage_swell_l3"), "255 V");
  EXPECT_EQ(meter.value("reactive_energy_import_tariff4"), "0.000 kvarh");
  EXPECT_EQ(meter.value("apparent_demand_export_current"), "0 VA");
}

TEST(FieldQuirks, lithuanian_t211_in_the_doubled_hour) {
  FieldMeter meter;
  const auto stamped = [](std::string_view stamp) {
    return telegram()
        .header("ESO5\\V0101")
        .with("0-0:1.0.0", "(" + std::string{stamp} + ")")
        .with("1-0:1.7.0", "(00.450*kW)");
  };
  ASSERT_TRUE(meter.read(stamped("241027033000S")));
  EXPECT_EQ(meter.meter_time(), "2024-10-27T03:30:00+03:00");
  ASSERT_TRUE(meter.read(stamped("241027033000W")));
  EXPECT_EQ(meter.meter_time(), "2024-10-27T03:30:00+02:00");
}

// ---- Austria, Switzerland, Slovenia, Poland, Germany ----

TEST(FieldQuirks, sagemcom_t210_d_r_of_steiermark_counts_whole_watt_hours) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("EST5\\253710000_A")
                             .with("1-3:0.2.8", "(50)")
                             .with("0-0:1.0.0", "(240612093010S)")
                             .with("1-0:1.8.0", "(000123456*Wh)")
                             .with("1-0:1.8.1", "(000123000*Wh)")
                             .with("1-0:3.8.1", "(000000321*varh)")
                             .with("1-0:1.7.0", "(00450*W)")
                             .with("1-0:4.7.0", "(00012*var)")));
  EXPECT_EQ(meter.profile(), "austria");
  EXPECT_EQ(meter.value("energy_import_total"), "123.456 kWh");
  EXPECT_EQ(meter.value("energy_import_tariff1"), "123.000 kWh");
  EXPECT_EQ(meter.value("reactive_energy_import_tariff1"), "0.321 kvarh");
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.value("reactive_power_export"), "12 var");
}

TEST(FieldQuirks, an_austrian_meter_with_an_empty_line_before_the_end) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("ELS5\\TEST")
                             .with("1-3:0.2.8", "(50)")
                             .with("1-0:1.7.0", "(00450*W)")
                             .line("")));
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, sagemcom_xt211_of_switzerland_has_b_1_and_a_count_for_a_history) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("GRE5\\253833000_A")
                             .with("0-0:96.1.4", "(50215)")
                             .with("0-0:96.1.2", "(" + std::string(36, '2') + ")")
                             .with("0-0:96.1.2*1", "(20)")
                             .with("0-0:1.0.0", "(240612093010S)")
                             .with("0-0:0.0.0", "(240612093010)")
                             .with("1-1:1.8.1", "(000100.100*kWh)")
                             .with("1-1:1.8.2", "(000200.200*kWh)")
                             .with("1-1:1.7.0", "(00.450*kW)")
                             .with("1-1:1.6.0", "(240603181500S)(03.695*kW)")
                             .with("0-0:98.1.0", "(12)")));
  EXPECT_EQ(meter.profile(), "switzerland");
  EXPECT_EQ(meter.value("energy_import_total"), "300.300 kWh");
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.value("demand_import_peak_month"), "3695 W");
  EXPECT_EQ(meter.value("demand_import_peak_history"), "");
  EXPECT_EQ(meter.value("clock_local"), "\"240612093010\"");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, sagemcom_xt211_of_switzerland_has_an_ean_of_spaces) {
  std::string spaces;
  for (int i = 0; i < 18; ++i) spaces += "20";
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("GRE5\\253833000_A")
                             .with("0-0:96.1.2", "(" + spaces + ")")
                             .with("1-1:1.7.0", "(00.450*kW)")));
  EXPECT_EQ(meter.value("ean"), "");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, iskra_am550_of_slovenia_has_date_and_time_apart_and_no_checksum) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("ISK9\\2M551T-200")
                             .without_checksum()
                             .with("0-0:96.1.0", "(12345678)")
                             .with("1-0:0.9.1", "(093010)")
                             .with("1-0:0.9.2", "(240612)")
                             .with("0-0:97.97.0", "(00000000)")
                             .with("1-0:1.8.1", "(000100.100*kWh)")
                             .with("1-0:1.7.0", "(00.450*kW)")));
  EXPECT_EQ(meter.profile(), "slovenia");
  EXPECT_EQ(meter.value("clock_time"), "\"093010\"");
  EXPECT_EQ(meter.value("clock_date"), "\"240612\"");
  EXPECT_EQ(meter.value("error_register"), "\"00000000\"");
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, gama_150_repeats_a_limit_without_unit) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .header("EGM5G15")
                             .with("0-0:1.0.0", "(240612093010S)")
                             .with("0-0:96.1.0", "(31323334)")
                             .with("1-0:1.8.0", "(000123.456*kWh)")
                             .with("0-0:17.0.0", "(16500)")
                             .with("0-0:17.0.0", "(16500)")
                             .with("0-0:17.0.0", "(16500)")
                             .with("0-0:94.98.31", "(5)")));
  EXPECT_EQ(meter.profile(), "poland");
  EXPECT_EQ(meter.value("energy_import_total"), "123.456 kWh");
  EXPECT_EQ(meter.unknown(), "0-0:17.0.0=16500 0-0:94.98.31=5") << "raw, and once";
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, easymeter_q3d_counts_seven_decimals) {
  FieldMeter meter;
  ASSERT_TRUE(
      meter.read("/ESY5Q3DA1004 V3.04\r\n\r\n1-0:0.0.0*255(0012345678)\r\n"
                 "1-0:1.8.0*255(00012345.6789012*kWh)\r\n1-0:1.7.0*255(000451.23*W)\r\n"
                 "1-0:21.7.0*255(000100.00*W)\r\n1-0:96.5.5*255(82)\r\n"
                 "0-0:96.1.255*255(1ESY0012345678)\r\n!\r\n   25803103\r\n"));
  EXPECT_EQ(meter.profile(), "germany");
  EXPECT_EQ(meter.value("energy_import_total"), "12345.6789012 kWh");
  EXPECT_EQ(meter.value("power_import"), "451.23 W");
  EXPECT_EQ(meter.value("owner_number"), "\"0012345678\"");
  EXPECT_EQ(meter.value("equipment_id"), "\"1ESY0012345678\"");
  EXPECT_EQ(meter.value("meter_status"), "\"82\"");
  EXPECT_EQ(meter.problems(), "");
}

TEST(FieldQuirks, a_meter_that_tells_nothing_of_its_country_keeps_local_time) {
  FieldMeter meter;
  ASSERT_TRUE(
      meter.read(telegram().with("0-0:1.0.0", "(240612093010)").with("1-0:1.7.0", "(00.450*kW)")));
  EXPECT_EQ(meter.profile(), "unknown");
  EXPECT_EQ(meter.meter_time(), "2024-06-12T09:30:10");
  EXPECT_EQ(meter.problems(), "zone_unknown");
}

TEST(FieldQuirks, a_meter_whose_clock_is_years_behind_loses_no_reading) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(telegram()
                             .with("1-3:0.2.8", "(50)")
                             .with("0-0:1.0.0", "(000101000312W)")
                             .with("1-0:1.7.0", "(00.450*kW)")));
  EXPECT_EQ(meter.value("power_import"), "450 W");
  EXPECT_EQ(meter.meter_time(), "2000-01-01T00:03:12+01:00");
}

TEST(FieldQuirks, aidon_on_transformers_sends_the_ratios_that_its_configuration_would_state) {
  const auto told = [](const Transformer& transformer) {
    PipelineOptions options;
    options.mapper.transformer = transformer;
    FieldMeter meter{options};
    Simulator simulated{
        {.profile = "sweden-ct", .start = parse_instant("2024-06-12T07:30:00Z").value()}};
    EXPECT_TRUE(meter.read(simulated.next()));
    return std::vector{meter.value("power_import"), meter.value("current_l1"),
                       meter.value("voltage_l1"), meter.value("energy_import_total")};
  };
  const Transformer stated{.current = parse_ratio("200/5").value()};
  const auto primary = told(stated);
  EXPECT_EQ(told({.current_from_meter = true, .voltage_from_meter = true}), primary);
  EXPECT_NE(told({}), primary);
}

}  // namespace
}  // namespace p1meter::test
