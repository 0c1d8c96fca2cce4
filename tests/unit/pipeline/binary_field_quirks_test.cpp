// SPDX-License-Identifier: Apache-2.0
// Pipeline: what meters with binary telegrams do that no standard says, by the meter's name. The
// quirks that p1meter knows are listed in field_quirks_test.cpp. Ids and values are made up.
#include <algorithm>
#include <bit>
#include <gtest/gtest.h>
#include <iterator>

#include "adapters/simulator/ciphering.hpp"
#include "field_meter.hpp"
#include "support/apdu_builder.hpp"
#include "support/link_frames.hpp"

namespace p1meter::test {
namespace {

using dlms::notification;
using dlms::obis;
using dlms::structure;
using dlms::u16;
using dlms::u32;
using dlms::visible_string;

// A worked example of our own, written as Kaifa specifies it.
TEST(BinaryFieldQuirks, kaifa_sends_control_10_and_tags_its_time) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(
      hex_octets("7EA027 01 0201 10 5A87 E6E700 0F40000000 090C 07E8010F010E0002FF800000 "
                 "0201 06000004D2 B2BF7E")));
  EXPECT_EQ(meter.value("power_import"), "1234 W");
  EXPECT_EQ(meter.meter_time().substr(0, 19), "2024-01-15T14:00:02");
}

std::string kamstrup_list(std::string_view type) {
  return hdlc(notification(
      structure({visible_string("Kamstrup_V0001"), obis("1-1:96.1.1"), visible_string(type),
                 obis("1-1:1.7.0"), u32(1234), obis("1-1:1.8.0"), u32(5678901)})));
}

TEST(BinaryFieldQuirks, kamstrup_of_sweden_counts_single_watt_hours) {
  FieldMeter swedish;
  ASSERT_TRUE(swedish.read(kamstrup_list("6841131BN245101092")));
  EXPECT_EQ(swedish.value("energy_import_total"), "5678.901 kWh");
  EXPECT_EQ(swedish.value("power_import"), "1234 W");

  FieldMeter norwegian;
  ASSERT_TRUE(norwegian.read(kamstrup_list("6841121BN243101040")));
  EXPECT_EQ(norwegian.value("energy_import_total"), "56789.01 kWh");
}

TEST(BinaryFieldQuirks, kamstrup_of_newer_make_sends_two_decimals_of_its_voltages) {
  const auto with_voltages = [](unsigned l1, unsigned l2) {
    return hdlc(notification(structure({visible_string("Kamstrup_V0001"), obis("1-1:96.1.1"),
                                        visible_string("6841138BN243101010"), obis("1-1:32.7.0"),
                                        u16(l1), obis("1-1:52.7.0"), u16(l2)})));
  };
  FieldMeter meter;
  ASSERT_TRUE(meter.read(with_voltages(22'199, 0)));
  EXPECT_EQ(meter.value("voltage_l1"), "221.99 V");
  EXPECT_EQ(meter.value("voltage_l2"), "0 V");
  ASSERT_TRUE(meter.read(with_voltages(222, 1000)));
  EXPECT_EQ(meter.value("voltage_l1"), "222 V");
  EXPECT_EQ(meter.value("voltage_l2"), "1000 V");
}

TEST(BinaryFieldQuirks, landis_gyr_e350_fills_its_number_up_with_nul) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(hdlc(notification(
      dlms::array({structure({obis("0-0:96.1.0"),
                              dlms::octet_string(std::string_view{"13943597\0\0\0\0", 12})}),
                   structure({obis("0-0:96.1.7"), dlms::octet_string(std::string_view{"\0\0", 2})}),
                   dlms::entry("1-0:1.7.0", u32(5), 0, dlms::watt)})))));
  EXPECT_EQ(meter.value("equipment_id"), "\"13943597\"");
  EXPECT_EQ(meter.value("meter_type"), "\"0000\"") << "is no text";
}

std::string eight_numbers() {
  std::string numbers;
  for (std::uint32_t number = 1; number <= 8; ++number) numbers += u32(1000 + number);
  return numbers;
}

TEST(BinaryFieldQuirks, wiener_netze_send_values_without_codes) {
  const auto clock = dlms::octet_string(dlms::octets("07E70913 02 162C01 FF 8000 80"));
  const auto name = dlms::octet_string("SMS1030700000001");
  FieldMeter e450;
  ASSERT_TRUE(e450.read(hdlc(notification(octets({0x02, 9}) + clock + eight_numbers()))));
  FieldMeter im150;
  ASSERT_TRUE(im150.read(hdlc(notification(octets({0x02, 10}) + name + clock + eight_numbers()))));
  for (const FieldMeter* const meter : {&e450, &im150}) {
    EXPECT_EQ(meter->value("energy_import_total"), "1.001 kWh");
    EXPECT_EQ(meter->value("energy_export_total"), "1.002 kWh");
    EXPECT_EQ(meter->value("reactive_energy_import_total"), "1.003 kvarh");
    EXPECT_EQ(meter->value("reactive_energy_export_total"), "1.004 kvarh");
    EXPECT_EQ(meter->value("power_import"), "1005 W");
    EXPECT_EQ(meter->value("power_export"), "1006 W");
    EXPECT_EQ(meter->value("reactive_power_import"), "1007 var");
    EXPECT_EQ(meter->value("reactive_power_export"), "1008 var");
    EXPECT_EQ(meter->meter_time(), "2023-09-19T22:44:01+02:00");
  }
}

std::string descriptor(unsigned class_id, std::string_view code, int attribute = 2) {
  return structure({u16(class_id), obis(code), dlms::i8(attribute), u16(0)});
}

std::string romande_list() {
  return notification(
      structure({dlms::array({descriptor(40, "0-8:25.9.0"), descriptor(40, "0-8:25.9.0", 1),
                              descriptor(3, "1-1:1.7.0"), descriptor(3, "1-1:32.7.0"),
                              descriptor(3, "1-1:31.7.0")}),
                 obis("0-8:25.9.0"), u32(362), u16(234), u16(51)}));
}

TEST(BinaryFieldQuirks, landis_gyr_e450_of_romande_measures_whole_volts) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(hdlc(romande_list())));
  EXPECT_EQ(meter.value("voltage_l1"), "234 V");
  EXPECT_EQ(meter.value("current_l1"), "0.51 A");
  EXPECT_EQ(meter.value("power_import"), "362 W");
}

TEST(BinaryFieldQuirks, landis_gyr_e360_of_switzerland_measures_tenths_of_volts) {
  FieldMeter meter;
  ASSERT_TRUE(meter.read(hdlc(notification(structure(
      {dlms::array({descriptor(1, "0-0:42.0.0"), descriptor(3, "1-1:1.8.0"),
                    descriptor(3, "1-0:1.7.0"), descriptor(3, "1-0:32.7.0"),
                    descriptor(3, "1-0:31.7.0")}),
       dlms::octet_string("LGZ1030100000001"), u32(21'956), u32(11), u16(2357), u16(6)})))));
  EXPECT_EQ(meter.value("voltage_l1"), "235.7 V");
  EXPECT_EQ(meter.value("current_l1"), "0.06 A");
  EXPECT_EQ(meter.value("power_import"), "11 W");
  EXPECT_EQ(meter.value("energy_import_total"), "") << "nobody says in what steps it counts";
}

TEST(BinaryFieldQuirks, sagemcom_t210_d_of_austria_writes_a_length_of_257_as_1) {
  const auto stream = mbus(notification(dlms::swedish_list()), 252);
  ASSERT_EQ(stream.substr(0, 4), octets({0x68, 1, 1, 0x68}));
  FieldMeter meter;
  ASSERT_TRUE(meter.read(stream));
  EXPECT_EQ(meter.value("power_import"), "1122 W");
  EXPECT_EQ(meter.value("energy_import_total"), "10049.926 kWh");
}

TEST(BinaryFieldQuirks, kaifa_of_austria_is_known_by_its_list_not_by_its_envelope) {
  constexpr simulator::Key key{1, 2, 3};
  const auto envelope = [&](const std::string& list) {
    return mbus(simulator::general_glo_ciphering(
        {.security = 0x20, .system_title = "KFM\x67\x50\x01\x02\x09", .key = key}, 7,
        notification(list)));
  };
  const auto power = dlms::entry("1-0:1.7.0", u32(5), 0, dlms::watt);
  const auto number = structure({obis("0-0:96.1.0"), dlms::octet_string("181220000017")});
  const PipelineOptions with_key{.keys = DecipherKeys{.encryption = CipherKey{key}}};

  FieldMeter meter{with_key};
  ASSERT_TRUE(meter.read(envelope(dlms::array({number, power}))));
  EXPECT_EQ(meter.value("equipment_id"), "\"181220000017\"");

  FieldMeter nameless{with_key};
  ASSERT_TRUE(nameless.read(envelope(dlms::array({power}))));
  EXPECT_EQ(nameless.value("power_import"), "5 W");
  EXPECT_EQ(nameless.value("equipment_id"), "");
}

TEST(BinaryFieldQuirks, aidon_of_norway_repeats_an_energy_an_hour_later) {
  const auto list_at = [](std::string_view clock) {
    return hdlc(notification(
        dlms::array({structure({obis("1-1:0.2.129"), visible_string("AIDON_V0001")}),
                     structure({obis("0-0:1.0.0"), dlms::octet_string(dlms::octets(clock))}),
                     dlms::entry("1-0:1.8.0", u32(1'234'567), 1, dlms::watt_hour)})));
  };
  FieldMeter meter;
  for (const auto* const clock :
       {"07E8060C 03 08000A FF 8000 FF", "07E8060C 03 09000A FF 8000 FF"}) {
    ASSERT_TRUE(meter.read(list_at(clock)));
    EXPECT_EQ(meter.value("energy_import_total"), "12345.67 kWh");
    EXPECT_EQ(meter.value("power_import"), "") << "not derived";
    EXPECT_EQ(meter.value("power_net"), "");
    EXPECT_EQ(meter.problems(), "");
  }
  EXPECT_EQ(meter.meter_time().substr(0, 19), "2024-06-12T09:00:10");
}

TEST(BinaryFieldQuirks, kamstrup_read_at_8e1_begins_plausibly_and_gives_nothing) {
  const auto sound = kamstrup_list("6841121BN243101040");
  // Octets whose ninth bit is no even parity are lost to the driver.
  std::string garbage = octets({0x7E, 0x13, 0x2B});
  std::ranges::copy_if(sound, std::back_inserter(garbage), [](char c) {
    return std::popcount(static_cast<unsigned char>(c)) % 2 == 0;
  });
  FieldMeter meter;
  for (int telegram = 0; telegram < 20; ++telegram) EXPECT_FALSE(meter.read(garbage));
  EXPECT_EQ(meter.counters().telegrams, 0U);
  EXPECT_TRUE(meter.read(sound)) << "at the right parity";
}

TEST(BinaryFieldQuirks, landis_gyr_of_switzerland_has_one_llc_for_all_blocks) {
  const auto apdu = romande_list();
  const HdlcOptions without_llc{.llc = false};
  FieldMeter meter;
  EXPECT_FALSE(meter.read(hdlc(block(apdu.substr(0, 30), 1, false))));
  EXPECT_FALSE(meter.read(hdlc(block(apdu.substr(30, 30), 2, false), without_llc)));
  ASSERT_TRUE(meter.read(hdlc(block(apdu.substr(60), 3, true), without_llc)));
  EXPECT_EQ(meter.value("power_import"), "362 W");
}

}  // namespace
}  // namespace p1meter::test
