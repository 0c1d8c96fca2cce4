// SPDX-License-Identifier: Apache-2.0
#include "settings/obis_yaml.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace p1meter::settings {
namespace {

ObisLoaded user(std::string_view yaml) { return load_user_obis_text(yaml, "my.yaml"); }

std::string first_fault(std::string_view yaml) {
  const ObisLoaded loaded = user(yaml);
  return loaded.faults.empty() ? "" : to_string(loaded.faults.front());
}

const ObisEntry* entry_for(const std::vector<ObisEntry>& entries, const char* code) {
  const auto found = std::ranges::find_if(entries, [code](const ObisEntry& entry) {
    return entry.pattern.matches(parse_obis(code).value());
  });
  return found == entries.end() ? nullptr : &*found;
}

TEST(TheShippedObisTable, has_no_faults) {
  const ObisLoaded loaded = load_obis_table_text(shipped_obis_yaml(), "obis.yaml");
  for (const Fault& fault : loaded.faults) ADD_FAILURE() << to_string(fault);
  EXPECT_GT(loaded.entries.size(), 150U);
}

TEST(AUsersKey, is_not_the_name_of_a_time) {
  EXPECT_NE(first_fault("\"1-0:94.99.6\": {key: gas_volume_time}\n").find("may not end in _time"),
            std::string::npos);
  EXPECT_NE(first_fault("\"1-0:94.99.6\": {key: timestamp}\n").find("time of the telegram"),
            std::string::npos);
  EXPECT_EQ(first_fault("\"1-0:0.9.1\": {name: Clock}\n"), "") << "shipped as clock_time";
}

TEST(TheShippedObisTable, has_a_name_in_sentence_case_for_every_key) {
  const auto table = make_obis_table();
  for (const ObisEntry& entry : table.entries()) {
    if (entry.form == ValueForm::ignored) continue;
    ASSERT_FALSE(entry.name.empty()) << entry.key;
    const char first = entry.name[0];
    EXPECT_TRUE((first >= 'A' && first <= 'Z') || first == '{') << entry.name;
  }
}

TEST(TheShippedObisTable, gives_every_key_one_unit_and_one_kind) {
  const auto table = make_obis_table();
  for (const ObisEntry& one : table.entries()) {
    for (const ObisEntry& other : table.entries()) {
      if (one.key != other.key) continue;
      EXPECT_EQ(one.unit, other.unit) << one.key;
      EXPECT_EQ(one.kind, other.kind) << one.key;
    }
  }
}

TEST(TheShippedObisTable, knows_the_codes_of_every_country) {
  struct Row {
    const char* code;
    const char* key;
    const char* unit;
    const char* device_class;
    const char* state_class;
  };
  const auto table = make_obis_table();
  for (const Row& row : {
           Row{"1-0:1.8.0", "energy_import_total", "kWh", "energy", "total_increasing"},
           Row{"1-1:2.8.4", "energy_export_tariff{e}", "kWh", "energy", "total_increasing"},
           Row{"1-0:1.8.13", "energy_import_tariff{e}", "kWh", "energy", "total_increasing"},
           Row{"1-0:62.8.0", "energy_export_l3", "kWh", "energy", "total_increasing"},
           Row{"1-0:7.8.0", "reactive_energy_q3", "kvarh", "reactive_energy", "total_increasing"},
           Row{"1-0:1.7.0", "power_import", "W", "power", "measurement"},
           Row{"1-0:64.7.0", "reactive_power_export_l3", "var", "reactive_power", "measurement"},
           Row{"1-0:50.7.0", "apparent_power_export_l2", "VA", "apparent_power", "measurement"},
           Row{"1-0:52.24.0", "voltage_average_l2", "V", "voltage", "measurement"},
           Row{"1-0:91.7.0", "current_n", "A", "current", "measurement"},
           Row{"1-0:14.7.0", "frequency", "Hz", "frequency", "measurement"},
           Row{"1-0:53.7.0", "power_factor_l2", "", "power_factor", "measurement"},
           Row{"1-0:81.7.62", "phase_angle_l3", "deg", "", "measurement_angle"},
           Row{"1-0:10.4.0", "apparent_demand_export_current", "VA", "apparent_power",
               "measurement"},
           Row{"1-1:1.6.0", "demand_import_peak_month", "W", "power", "measurement"},
           Row{"0-0:98.1.0", "demand_import_peak_history", "W", "", ""},
           Row{"1-0:99.97.0", "power_failure_log", "s", "", ""},
           Row{"0-0:96.7.21", "power_failures", "", "", "total_increasing"},
           Row{"0-0:72.36.0", "voltage_swells_l3", "", "", "total_increasing"},
           Row{"1-0:32.33.0", "voltage_sag_time_l1", "s", "duration", "measurement"},
           Row{"1-0:31.4.0", "fuse_limit_l1", "A", "current", ""},
           Row{"1-1:31.4.0", "current_limit_import", "A", "current", ""},
           Row{"0-0:96.14.0", "tariff", "", "enum", ""},
           Row{"0-4:96.3.10", "relay{channel}_state", "", "enum", ""},
           Row{"0-0:96.13.0", "text_message", "", "", ""},
           Row{"0-3:24.2.1", "{medium}_volume", "m³", "gas", "total_increasing"},
           Row{"7-0:23.2.0", "gas_volume", "m³", "gas", "total_increasing"},
           Row{"5-0:1.0.0", "heat_energy_gj", "GJ", "energy", "total_increasing"},
           Row{"1-1:0.2.129", "list_version", "", "", ""},
           Row{"1-0:1.4.3", "vt_ratio", "", "", ""},
       }) {
    const ObisEntry* const entry = entry_for(table.entries(), row.code);
    ASSERT_NE(entry, nullptr) << row.code;
    EXPECT_EQ(entry->key, row.key) << row.code;
    EXPECT_EQ(unit_text(entry->unit), row.unit) << row.code;
    EXPECT_EQ(entry->device_class, row.device_class) << row.code;
    EXPECT_EQ(entry->state_class, row.state_class) << row.code;
  }
  EXPECT_EQ(entry_for(table.entries(), "1-0:94.99.9"), nullptr);
  EXPECT_EQ(entry_for(table.entries(), "0-0:94.98.31"), nullptr);
}

TEST(AUsersObisEntry, changes_only_what_it_states) {
  const ObisLoaded loaded = user("'1-0:1.7.0': {name: Verbruik, unit: kW}\n");
  ASSERT_TRUE(loaded.faults.empty()) << to_string(loaded.faults.front());
  ASSERT_EQ(loaded.entries.size(), 1U);
  const ObisEntry& entry = loaded.entries.front();
  EXPECT_EQ(entry.key, "power_import");
  EXPECT_EQ(entry.name, "Verbruik");
  EXPECT_EQ(entry.unit, Unit::kilowatt);
  EXPECT_EQ(entry.bare_unit, Unit::kilowatt);
  EXPECT_EQ(entry.kind, ReadingKind::instantaneous);
  EXPECT_EQ(entry.device_class, "power");
}

TEST(AUsersObisEntry, does_not_change_what_the_meter_leaves_out) {
  const ObisLoaded loaded = user("'1-0:1.8.0': {unit: Wh}\n");
  ASSERT_EQ(loaded.entries.size(), 1U);
  EXPECT_EQ(loaded.entries.front().bare_unit, Unit::kilowatt_hour);
}

TEST(AUsersObisEntry, comes_before_the_shipped_ones) {
  const auto table = make_obis_table(user("'1-0:1.8.*': {key: mine, unit: kWh}\n").entries);
  EXPECT_EQ(entry_for(table.entries(), "1-0:1.8.1")->key, "mine");
  EXPECT_EQ(entry_for(table.entries(), "1-0:2.8.1")->key, "energy_export_tariff{e}");
}

TEST(AUsersObisEntry, makes_something_new_of_an_unknown_code) {
  const ObisLoaded loaded = user(
      "'1-0:94.99.9': {key: pump_hours, unit: h, factor: 0.01, kind: cumulative}\n"
      "'1-0:94.99.8*7': {key: valve}\n"
      "'1-0:94.99.1/2': {key: 'side_{phase}', unit: kWh}\n");
  ASSERT_TRUE(loaded.faults.empty()) << to_string(loaded.faults.front());
  ASSERT_EQ(loaded.entries.size(), 4U);
  EXPECT_EQ(loaded.entries[0].factor, parse_decimal("0.01"));
  EXPECT_EQ(loaded.entries[0].name, "Pump hours");
  EXPECT_EQ(loaded.entries[0].device_class, "duration");
  EXPECT_EQ(loaded.entries[0].state_class, "total_increasing");
  EXPECT_EQ(loaded.entries[1].kind, ReadingKind::state);
  EXPECT_EQ(loaded.entries[1].form, ValueForm::code);
  EXPECT_EQ(loaded.entries[1].pattern.f.first, 7);
  EXPECT_EQ(loaded.entries[3].key, "side_2");
  EXPECT_EQ(loaded.entries[3].kind, ReadingKind::cumulative);
}

TEST(AUsersObisEntry, changes_every_variant_of_a_shipped_one) {
  const ObisLoaded loaded = user("'0-0:17.0.0': {factor: 2}\n");
  ASSERT_EQ(loaded.entries.size(), 3U);
  std::set<std::string> keys;
  for (const ObisEntry& entry : loaded.entries) {
    keys.insert(entry.key);
    EXPECT_EQ(entry.factor, parse_decimal("2"));
    EXPECT_TRUE(entry.only_with_unit);
  }
  EXPECT_EQ(keys,
            (std::set<std::string>{"limiter_apparent_power", "limiter_current", "limiter_power"}));
}

TEST(AUsersObisEntry, changes_one_variant_by_its_condition) {
  const ObisLoaded loaded = user("'0-n:24.2.1': {when_device: water, name: Regenwater}\n");
  ASSERT_TRUE(loaded.faults.empty()) << to_string(loaded.faults.front());
  ASSERT_EQ(loaded.entries.size(), 1U);
  EXPECT_EQ(loaded.entries[0].key, "{medium}_volume");
  EXPECT_EQ(loaded.entries[0].name, "Regenwater");
  EXPECT_EQ(loaded.entries[0].device_class, "water");
  EXPECT_TRUE(loaded.entries[0].pattern.b_is_channel);
}

TEST(AUsersObisEntry, is_refused_with_line_column_and_the_nearest_valid_word) {
  struct Row {
    const char* yaml;
    const char* fault;
  };
  for (const Row& row : {
           Row{"'1-0:1.8.1': {nmae: x}",
               "my.yaml:1:15: 1-0:1.8.1: 'nmae': unknown attribute; did you mean 'name'?"},
           Row{"\n'1-0:1.8': {key: x}", "my.yaml:2:1: '1-0:1.8': expected an OBIS pattern"},
           Row{"'1-0:1.8.1': {unit: kWx}",
               "my.yaml:1:21: 1-0:1.8.1.unit: 'kWx': is not a unit; did you mean 'kW'?"},
           Row{"'1-0:1.8.1': {kind: cumulativ}",
               "my.yaml:1:21: 1-0:1.8.1.kind: 'cumulativ': is not valid here; did you mean "
               "'cumulative'?"},
           Row{"'1-0:1.8.1': {factor: 1e3}",
               "my.yaml:1:23: 1-0:1.8.1.factor: '1e3': expected an exact decimal"},
           Row{"'1-0:1.8.1': {factor: 0}",
               "my.yaml:1:23: 1-0:1.8.1.factor: '0': expected an exact decimal"},
           Row{"'1-0:1.8.1': {key: Energy}",
               "my.yaml:1:20: 1-0:1.8.1.key: 'Energy': a key is made of a-z"},
           Row{"'1-0:1.8.1': {key: 'a{x}'}",
               "my.yaml:1:20: 1-0:1.8.1.key: 'a{x}': a key is made of a-z"},
           Row{"'1-0:1.8.1': {key: state}", "my.yaml:1:20: 1-0:1.8.1.key: 'state': is reserved"},
           Row{"'1-0:1.8.1': {key: status}", "my.yaml:1:20: 1-0:1.8.1.key: 'status': is reserved"},
           Row{"'1-0:1.8.1': {key: raw}", "my.yaml:1:20: 1-0:1.8.1.key: 'raw': is reserved"},
           Row{"'1-0:1.8.1': {key: telegrams}",
               "my.yaml:1:20: 1-0:1.8.1.key: 'telegrams': is reserved"},
           Row{"'1-0:1.8.1': {key: history}",
               "my.yaml:1:20: 1-0:1.8.1.key: 'history': is reserved"},
           Row{"'1-0:1.8.1': {unit: V}", "my.yaml:1:21: 1-0:1.8.1.unit: 'V' does not measure what"},
           Row{"'1-0:9.9.9': {name: x}", "my.yaml:1:14: 1-0:9.9.9: 'key' is missing"},
           Row{"'1-0:9.9.9': {key: a}\n'1-0:9.9.9': {key: b}",
               "my.yaml:2:1: 1-0:9.9.9: takes the same objects as line 1 (a)"},
           Row{"'1-0:9.9.9': {key: a}\n'1-0:9:9.9*255': {key: b}",
               "my.yaml:2:1: 1-0:9:9.9*255: takes the same objects as line 1 (a)"},
           Row{"'1-0:9.9.9': {key: a, key: b}", "my.yaml:1:23: 1-0:9.9.9.key: repeated attribute"},
           Row{"'1-0:9.9.9': {key: [a]}", "my.yaml:1:20: 1-0:9.9.9.key: expected one value"},
           Row{"'1-0:9.9.9': {name: \"a\\nb\", key: a}",
               "my.yaml:1:21: 1-0:9.9.9.name: 'a?b': expected 1 to 128 printable"},
           Row{"'1-0:9.9.9': 7", "my.yaml:1:14: 1-0:9.9.9: expected attributes"},
           Row{"'1-0:9.9.9': [7]", "my.yaml:1:15: 1-0:9.9.9: expected attributes"},
           Row{"- a", "my.yaml:1:1: expected a map"},
           Row{"[a: b]: c", "my.yaml:1:1: '': expected an OBIS pattern"},
           Row{"'1-0:9.9.9': {", "my.yaml:"},
       }) {
    const std::string fault = first_fault(row.yaml);
    EXPECT_TRUE(fault.starts_with(row.fault)) << fault << "\nexpected " << row.fault;
  }
}

TEST(AUsersObisEntry, is_checked_even_when_others_are_faulty) {
  const ObisLoaded loaded =
      user("'1-0:1.8.1': {nmae: x, unit: kWx}\n'1-0:1.8.2': {name: fine}\nx: {}\n");
  EXPECT_EQ(loaded.faults.size(), 3U);
  EXPECT_EQ(loaded.entries.size(), 1U);
}

TEST(AnObisFile, may_be_empty) {
  EXPECT_TRUE(user("").faults.empty());
  EXPECT_TRUE(user("# nothing\n").entries.empty());
  EXPECT_TRUE(load_user_obis(YAML::Node{}, "f").faults.empty());
}

TEST(AnObisFile, cannot_exhaust_the_program) {
  EXPECT_FALSE(user(std::string(std::size_t{2} << 20U, 'a')).faults.empty());
  EXPECT_FALSE(user(std::string(100'000, '[')).faults.empty());
  EXPECT_FALSE(user("&a '1-0:9.9.9': &b {key: *b}\n").faults.empty());
  EXPECT_FALSE(user(std::string_view{"\0\x01\xFF'", 4}).faults.empty());
  std::string many;
  for (int c = 0; c < 256; ++c) {
    for (int e = 0; e < 8; ++e) {
      many += "'1-0:" + std::to_string(c) + ".99." + std::to_string(e) + "': {key: a}\n";
    }
  }
  EXPECT_TRUE(first_fault(many).find("more than 1000 entries") != std::string::npos);
}

TEST(AnObisFile, names_the_configurations_key_when_it_stands_there) {
  const ObisLoaded loaded =
      load_user_obis(YAML::Load("'1-0:1.8.1': {nmae: x}"), "/etc/p1meter.yaml");
  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_EQ(loaded.faults[0].key, "obis.1-0:1.8.1");
  EXPECT_EQ(loaded.faults[0].file, "/etc/p1meter.yaml");
}

}  // namespace
}  // namespace p1meter::settings
