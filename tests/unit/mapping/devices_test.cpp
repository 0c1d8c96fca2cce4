// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "meter.hpp"

namespace p1meter::test {
namespace {

constexpr auto id_a = "4730303031";  // "G0001"
constexpr auto id_b = "4730303032";
constexpr auto id_c = "4730303033";
constexpr auto stamp = "240115140000W";

TEST(AMapper, names_a_gas_meter_alike_behind_every_channel) {
  for (int channel = 1; channel <= 4; ++channel) {
    Meter meter;
    meter.map(Sent{}.gas(channel, id_a, "00123.456*m3", stamp));

    EXPECT_EQ(meter.value("gas_volume"), "123.456 m³") << channel;
    EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T14:00:00+01:00");
    EXPECT_EQ(meter.reading("gas_volume")->channel, channel);
    EXPECT_EQ(meter.value("gas_equipment_id"), "\"G0001\"");
    EXPECT_EQ(meter.info("gas_volume").device, Device::gas);
    EXPECT_EQ(meter.info("gas_volume").name, "Gas volume");
  }
}

TEST(AMapper, tells_devices_by_type_and_not_by_code) {
  struct Row {
    const char* type;
    const char* code;
    const char* sent;
    const char* key;
    const char* published;
  };
  for (const Row& row : {
           Row{"003", "0-1:24.2.3", "1.5*m3", "gas_volume", "1.5 m³"},
           Row{"3", "0-1:24.3.0", "1.5*m3", "gas_volume", "1.5 m³"},
           Row{"007", "0-1:24.2.1", "1.5*m3", "water_volume", "1.5 m³"},
           Row{"021", "0-1:24.2.3", "1.5*m3", "water_volume", "1.5 m³"},
           Row{"004", "0-1:24.2.1", "240.860*GJ", "heat_energy_gj", "240.860 GJ"},
           Row{"012", "0-1:24.2.1", "240*MJ", "heat_energy_gj", "0.240 GJ"},
           Row{"012", "0-1:24.2.1", "1234*Wh", "heat_energy", "1.234 kWh"},
           Row{"010", "0-1:24.3.1", "2.00*GJ", "cooling_energy_gj", "2.00 GJ"},
           Row{"002", "0-1:24.2.1", "7.001*kWh", "sub_energy_import", "7.001 kWh"},
           Row{"009", "0-1:24.2.1", "8.0*m3", "mbus1_volume", "8.0 m³"},
       }) {
    Meter meter;
    meter.map(Sent{}
                  .with("0-1:24.1.0", row.type)
                  .with("0-1:96.1.0", id_a)
                  .with(row.code, row.sent)
                  .at(stamp));
    EXPECT_EQ(meter.value(row.key), row.published) << row.type << ' ' << row.code;
  }
}

TEST(AMapper, names_a_device_without_a_medium_of_its_own_by_its_channel) {
  for (const auto* type : {"000", "001", "005", "008", "009", "037", "040", "255"}) {
    Meter meter;
    meter.map(Sent{}
                  .with("0-3:24.1.0", type)
                  .with("0-3:96.1.0", id_a)
                  .with("0-3:24.2.1", "1.5*m3")
                  .at(stamp));
    EXPECT_EQ(meter.value("mbus3_volume"), "1.5 m³") << type;
    EXPECT_EQ(meter.value("mbus3_equipment_id"), "\"G0001\"");
    EXPECT_EQ(meter.info("mbus3_volume").device, Device::other);
  }
}

TEST(AMapper, knows_every_device_type_of_a_medium) {
  struct Row {
    const char* type;
    const char* sent;
    const char* key;
  };
  for (const Row& row :
       {Row{"004", "1*GJ", "heat_energy_gj"}, Row{"012", "1*GJ", "heat_energy_gj"},
        Row{"013", "1*GJ", "heat_energy_gj"}, Row{"010", "1*GJ", "cooling_energy_gj"},
        Row{"011", "1*GJ", "cooling_energy_gj"}, Row{"011", "1*kWh", "cooling_energy"},
        Row{"006", "1*m3", "water_volume"}, Row{"007", "1*m3", "water_volume"},
        Row{"021", "1*m3", "water_volume"}, Row{"022", "1*m3", "water_volume"},
        Row{"023", "1*m3", "water_volume"}}) {
    Meter meter;
    meter.map(Sent{}
                  .with("0-1:24.1.0", row.type)
                  .with("0-1:96.1.0", id_a)
                  .with("0-1:24.2.1", row.sent)
                  .at(stamp));
    EXPECT_NE(meter.value(row.key), "") << row.type;
  }
}

TEST(AMapper, has_valve_and_breaker_of_a_channel_beside_a_meter) {
  Meter meter;
  meter.map(Sent{}
                .gas(1, id_a, "1*m3", stamp)
                .with("0-1:24.4.0", "1")
                .with("0-2:24.1.0", "033")
                .with("0-2:24.4.0", "0")
                .with("0-3:24.1.0", "032")
                .with("0-3:96.3.10", "1"));
  EXPECT_EQ(meter.value("gas_valve_position"), "1");
  EXPECT_EQ(meter.value("mbus2_valve_position"), "0");
  EXPECT_EQ(meter.info("mbus2_valve_position").device, Device::valve);
  EXPECT_EQ(meter.value("relay3_state"), "1");
}

TEST(AMapper, numbers_the_second_submeter_by_its_own_word) {
  Meter meter;
  const auto submeter = [](Sent sent, int channel, std::string_view id, std::string_view value) {
    const std::string start = "0-" + std::to_string(channel) + ":";
    return sent.with(start + "24.1.0", "002")
        .with(start + "96.1.0", id)
        .with(start + "24.2.1", value)
        .at(stamp);
  };
  meter.map(submeter(submeter(Sent{}, 1, id_a, "1*kWh"), 2, id_b, "2*kWh"));
  EXPECT_EQ(meter.value("sub_energy_import"), "1 kWh");
  EXPECT_EQ(meter.value("sub2_energy_import"), "2 kWh");
  EXPECT_EQ(meter.value("submeter2_equipment_id"), "\"G0002\"");
}

TEST(AMapper, keeps_each_devices_own_time) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", "240115130000W").gas(2, id_b, "2*m3", "240115135500W"));
  EXPECT_EQ(meter.time("gas_volume"), "2024-01-15T13:00:00+01:00");
  EXPECT_EQ(meter.time("gas2_volume"), "2024-01-15T13:55:00+01:00");
}

TEST(AMapper, tells_when_a_device_has_taken_anothers_place) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "500*m3", stamp));
  EXPECT_TRUE(meter.mapped().exchanged.empty()) << "the first is no exchange";
  for (int telegram = 1; telegram <= 4; ++telegram) {
    meter.map(Sent{}.gas(1, id_c, "0*m3", stamp));
    EXPECT_EQ(meter.mapped().exchanged.size(), telegram == 3 ? 1U : 0U) << telegram;
  }
}

TEST(AMapper, does_not_care_in_which_order_a_channels_lines_come) {
  Meter meter;
  meter.map(Sent{}
                .with("0-2:24.2.3", "00123.456*m3")
                .at(stamp)
                .with("0-2:24.4.0", "1")
                .with("0-2:96.1.1", id_a)
                .with("0-2:24.1.0", "003"));

  EXPECT_EQ(meter.value("gas_volume"), "123.456 m³");
  EXPECT_EQ(meter.value("gas_valve_position"), "1");
  EXPECT_EQ(meter.value("gas_equipment_id"), "\"G0001\"");
  EXPECT_EQ(meter.value("mbus2_device_type"), "3");
}

TEST(AMapper, numbers_the_second_device_of_a_kind) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp).gas(2, id_b, "2*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  EXPECT_EQ(meter.value("gas2_volume"), "2 m³");
  EXPECT_EQ(meter.value("gas2_equipment_id"), "\"G0002\"");
  EXPECT_EQ(meter.info("gas2_volume").name, "Gas 2 volume");
  EXPECT_EQ(meter.info("gas2_volume").device_number, 2);
}

TEST(AMapper, keeps_numbers_by_equipment_id_when_channels_are_swapped) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp).gas(2, id_b, "2*m3", stamp));
  meter.map(Sent{}.gas(1, id_b, "3*m3", stamp).gas(2, id_a, "4*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "4 m³");
  EXPECT_EQ(meter.value("gas2_volume"), "3 m³");
}

TEST(AMapper, keeps_numbers_across_a_restart) {
  MapperMemory memory;
  {
    Meter meter;
    meter.map(Sent{}.gas(1, id_a, "1*m3", stamp).gas(2, id_b, "2*m3", stamp));
    memory = meter.mapper().memory();
  }
  Meter meter{{}, memory};
  meter.map(Sent{}.gas(1, id_b, "3*m3", stamp));

  EXPECT_EQ(meter.value("gas2_volume"), "3 m³");
  EXPECT_EQ(meter.value("gas_volume"), "");
}

TEST(AMapper, gives_a_new_device_the_number_of_the_one_it_replaced_after_three_telegrams) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "500*m3", stamp).gas(2, id_b, "2*m3", stamp));
  for (int telegram = 1; telegram <= 2; ++telegram) {
    meter.map(Sent{}.gas(1, id_c, "0*m3", stamp).gas(2, id_b, "2*m3", stamp));
    EXPECT_EQ(meter.value("gas_volume"), "") << telegram;
    EXPECT_EQ(meter.value("gas3_volume"), "") << telegram;
    EXPECT_EQ(meter.value("gas2_volume"), "2 m³");
  }
  meter.map(Sent{}.gas(1, id_c, "0*m3", stamp).gas(2, id_b, "2*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "0 m³");
  EXPECT_EQ(meter.value("gas_equipment_id"), "\"G0003\"");
  EXPECT_EQ(meter.mapper().memory().device_numbers,
            (std::map<std::string, std::uint8_t>{{"gas/4730303032", 2}, {"gas/4730303033", 1}}));
}

TEST(AMapper, takes_a_new_device_as_an_addition_while_the_former_one_is_still_there) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp));
  meter.map(Sent{}.gas(1, id_b, "2*m3", stamp).gas(2, id_a, "1*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  EXPECT_EQ(meter.value("gas2_volume"), "2 m³");
}

TEST(AMapper, recognises_an_exchange_that_happened_while_it_was_not_running) {
  MapperMemory memory;
  {
    Meter meter;
    meter.map(Sent{}.gas(1, id_a, "500*m3", stamp));
    memory = meter.mapper().memory();
  }
  Meter meter{{}, memory};
  for (int telegram = 0; telegram < 3; ++telegram) meter.map(Sent{}.gas(1, id_b, "1*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
}

TEST(AMapper, forgets_the_count_when_the_former_device_comes_back) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp));
  for (int round = 0; round < 3; ++round) {
    meter.map(Sent{}.gas(1, id_b, "7*m3", stamp));
    meter.map(Sent{}.gas(1, id_b, "7*m3", stamp));
    meter.map(Sent{}.gas(1, id_a, "1*m3", stamp));
    EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  }
}

TEST(AMapper, keeps_a_device_whose_type_or_id_line_is_missing_once) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp));
  meter.map(Sent{}.with("0-1:96.1.0", id_a).with("0-1:24.2.1", "2*m3").at(stamp));
  EXPECT_EQ(meter.value("gas_volume"), "2 m³");
  meter.map(Sent{}.with("0-1:24.1.0", "003").with("0-1:24.2.1", "3*m3").at(stamp));
  EXPECT_EQ(meter.value("gas_volume"), "3 m³");
  meter.map(Sent{}.with("0-1:24.2.1", "4*m3").at(stamp));
  EXPECT_EQ(meter.value("gas_volume"), "4 m³");
}

TEST(AMapper, passes_over_a_dead_channel) {
  Meter meter;
  meter.map(Sent{}
                .with("0-1:24.1.0", "003")
                .with("0-1:96.1.0", "")
                .with("0-1:24.2.1", "00000000")
                .at("unset")
                .gas(2, id_a, "00123.456*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "123.456 m³");
  EXPECT_EQ(meter.reading("gas_volume")->channel, 2);
  EXPECT_EQ(meter.problems(), "time_unset");
}

TEST(AMapper, gives_the_first_number_to_the_device_that_is_read) {
  for (const char* old : {"unset", "190115140000W"}) {
    Meter meter;
    meter.map(Sent{}.gas(1, id_b, "00000.000*m3", old).gas(2, id_a, "00123.456*m3", stamp));
    EXPECT_EQ(meter.value("gas_volume"), "123.456 m³") << old;
    EXPECT_EQ(meter.value("gas2_equipment_id"), "\"G0002\"");
  }
}

TEST(AMapper, numbers_by_channel_where_nothing_is_kept) {
  Meter meter{{.number_by_channel = true}};
  meter.map(Sent{}.gas(2, id_a, "2*m3", stamp).gas(1, id_b, "1*m3", stamp));
  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  EXPECT_EQ(meter.value("gas2_volume"), "2 m³");

  // another meter in the same file: nothing is held back for it
  meter.map(Sent{}.with("0-0:96.1.1", "4531").gas(1, id_c, "3*m3", stamp));
  EXPECT_EQ(meter.value("gas_volume"), "3 m³");
}

TEST(AMapper, tells_two_devices_apart_that_claim_one_id) {
  Meter meter;
  meter.map(Sent{}.gas(1, id_a, "1*m3", stamp).gas(2, id_a, "2*m3", stamp));

  EXPECT_EQ(meter.value("gas_volume"), "1 m³");
  EXPECT_EQ(meter.value("gas2_volume"), "2 m³");
}

TEST(AMapper, remembers_the_unit_of_a_device_for_a_bare_zero) {
  Meter meter;
  const auto heat = [](const char* value) {
    return Sent{}
        .with("0-1:24.1.0", "004")
        .with("0-1:96.1.0", id_a)
        .with("0-1:24.2.1", value)
        .at(stamp);
  };
  meter.map(heat("00000.000"));
  EXPECT_EQ(meter.mapped().unknown.size(), 1);
  meter.map(heat("12.345*GJ"));
  meter.map(heat("00000.000"));
  EXPECT_EQ(meter.value("heat_energy_gj"), "0.000 GJ");
}

TEST(AMapper, bounds_what_it_remembers_of_ever_changing_ids) {
  Meter meter;
  for (int i = 0; i < 3000; ++i) {
    const std::string id = "id" + std::to_string(i);
    meter.map(Sent{}.gas(1 + i % 4, id, "1*m3", stamp));
  }
  EXPECT_LE(meter.mapper().memory().device_numbers.size(), 64);
  EXPECT_LE(meter.mapper().keys().size(), 600);
}

TEST(AMapper, takes_devices_of_dsmr_2_by_their_group_a) {
  Meter meter;
  meter.set_now(parse_instant("2024-10-27T12:00:00Z").value());
  meter.map(Sent{""}
                .with("7-0:0.0.0", "31323334")
                .with("7-0:23.2.0", "00128.102*m3")
                .at("241026020000")
                .with("8-0:1.0.0", "7.5*m3")
                .with("5-0:1.0.0", "3.25*GJ")
                .with("7-0:24.4.0", "1"));

  EXPECT_EQ(meter.value("gas_volume"), "128.102 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-10-26T02:00:00");
  EXPECT_EQ(meter.value("gas_equipment_id"), "\"1234\"");
  EXPECT_EQ(meter.value("water_volume"), "7.5 m³");
  EXPECT_EQ(meter.value("heat_energy_gj"), "3.25 GJ");
  EXPECT_EQ(meter.value("gas_valve_position"), "1");
  EXPECT_EQ(meter.info("gas_volume").device, Device::gas);
}

TEST(AMapper, takes_the_newest_of_a_days_hourly_values) {
  Meter meter;
  meter.set_now(parse_instant("2024-10-27T12:00:00Z").value());
  meter.map(Sent{""}
                .with("7-0:23.1.0", "00128.102*m3")
                .at("241026020000")
                .with("7-0:23.1.0", "00128.104*m3")
                .at("241026040000")
                .with("7-0:23.1.0", "00128.103*m3")
                .at("241026030000"));

  EXPECT_EQ(meter.value("gas_volume"), "128.104 m³");
  EXPECT_EQ(meter.time("gas_volume"), "2024-10-26T04:00:00");
  EXPECT_EQ(meter.mapped().unknown.size(), 0);
}

}  // namespace
}  // namespace p1meter::test
