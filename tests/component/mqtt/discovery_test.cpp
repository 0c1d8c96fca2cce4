// SPDX-License-Identifier: Apache-2.0
// What Home Assistant is told of meters. tests/home_assistant checks the whole against its rules.
#include "adapters/mqtt/discovery.hpp"

#include <gtest/gtest.h>

#include "support/fake_meter.hpp"

namespace p1meter::mqtt {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using settings::Discovery;
using test::FakeMeter;

KeyInfo energy(const std::string& key) {
  return {.key = key,
          .name = "Energy",
          .unit = Unit::kilowatt_hour,
          .kind = ReadingKind::cumulative,
          .device_class = "energy",
          .state_class = "total_increasing"};
}

KeyInfo gas(const std::string& key, std::uint8_t number = 1) {
  KeyInfo info = energy(key);
  info.unit = Unit::cubic_metre;
  info.device = Device::gas;
  info.device_number = number;
  info.device_class = "gas";
  return info;
}

class ADiscovery : public testing::Test {
 protected:
  std::vector<DiscoveredDevice> devices() {
    const MeterTopics topics{
        mqtt_, {.used = "p1meter", .configured = "p1meter"}, {.meter = meter_.name()}};
    return discover_meter(context(), meter_, topics, id(), expire_after(meter_));
  }
  [[nodiscard]] std::string id() const {
    return device_id(meter_.plate.equipment_id, meter_.name());
  }
  Json message(std::size_t device = 0) {
    return Json::parse(config_messages(context(), devices().at(device)).front().payload);
  }
  Json component(const std::string& object) { return message()["components"][object]; }
  [[nodiscard]] DiscoveryContext context() const {
    return {home_assistant_, mqtt_, "p1meter", "1.2.3"};
  }

  settings::HomeAssistantSettings home_assistant_{};
  settings::MqttSettings mqtt_{};
  FakeMeter meter_{};
};

TEST_F(ADiscovery, speaks_of_the_topics_and_words_of_the_configuration) {
  const auto loaded = settings::load_text(
      "mqtt: {topics: {status: {topic: 'tele/{base}/LWT', meter_topic: '{base}/{meter}/there', "
      "online: Online, offline: Offline}, state: {topic: '{base}/{meter}/all'}, "
      "events: {topic: '{base}/{meter}/happened'}, statistics: {topic: '{base}/about'}}}\n",
      "test.yaml");
  ASSERT_TRUE(loaded.faults.empty());
  mqtt_ = loaded.settings.mqtt;
  meter_.describe(energy("energy_import_tariff1"));

  const Json config = message();

  const Json there = {{{"topic", "tele/p1meter/LWT"},
                       {"payload_available", "Online"},
                       {"payload_not_available", "Offline"}},
                      {{"topic", "p1meter/home/there"},
                       {"payload_available", "Online"},
                       {"payload_not_available", "Offline"}}};
  EXPECT_EQ(config["availability"], there) << config.dump();
  EXPECT_EQ(config["components"]["energy_import_tariff1"]["state_topic"], "p1meter/home/all");
  EXPECT_EQ(config["components"]["events"]["state_topic"], "p1meter/home/happened");
  EXPECT_EQ(config["components"]["telegrams"]["state_topic"], "p1meter/about");
  EXPECT_EQ(config["components"]["telegrams_arrive"]["payload_on"], "Online");
}

// Whoever has these ids in Home Assistant keeps history, areas and names by them: they never
// change.
TEST(TheIdOfADevice, is_what_it_always_was) {
  EXPECT_EQ(device_id("E0047000098765432", "home"), "p1meter_23a134e23510");
  EXPECT_EQ(device_id("1SAG1100987654", "home"), "p1meter_47ebaaaac6f9");
  EXPECT_EQ(device_id("", "home"), "p1meter_home") << "Sweden: no equipment id";
  EXPECT_EQ(device_id("1SAG1100987654", "cellar", true), "p1meter_37ed0abad879");
  EXPECT_EQ(program_id("p1meter"), "p1meter_program_p1meter");
  EXPECT_EQ(program_id("houses/one two"), "p1meter_program_houses_one_two");
}

TEST(TheIdOfADevice, does_not_depend_on_the_meters_configured_name) {
  EXPECT_EQ(device_id("1SAG1100987654", "home"), device_id("1SAG1100987654", "cellar"));
}

// A user's key of such a name would take the entity's place, and its id.
TEST_F(ADiscovery, names_nothing_of_its_own_as_a_user_may_name_a_key) {
  meter_.describe(energy("energy_import_tariff1"));
  const Json components = message()["components"];
  ASSERT_GT(components.size(), 5U);
  for (const auto& [name, entity] : components.items()) {
    if (name == "energy_import_tariff1") continue;
    const auto loaded =
        settings::load_text("obis: {\"1-0:94.1.1\": {key: " + name + "}}\n", "test.yaml");
    ASSERT_EQ(loaded.faults.size(), 1U) << name;
    EXPECT_NE(loaded.faults[0].message.find("is reserved"), std::string::npos) << name;
  }
}

TEST_F(ADiscovery, shows_the_sum_of_the_serial_lines_errors) {
  meter_.describe(energy("energy_import_tariff1"));

  const Json entity = component("line_errors");

  EXPECT_EQ(entity["unique_id"], "p1meter_home_line_errors");
  EXPECT_EQ(entity["value_template"],
            R"({{ value_json["meters"]["home"]["line_errors"]["total"] }})");
  EXPECT_EQ(entity["entity_category"], "diagnostic");
}

TEST_F(ADiscovery, makes_unique_ids_of_the_meters_id_and_our_key) {
  meter_.plate.equipment_id = "E0047000098765432";
  meter_.describe(energy("energy_import_tariff1"));

  const Json entity = component("energy_import_tariff1");

  EXPECT_EQ(entity["unique_id"], "p1meter_23a134e23510_energy_import_tariff1");
  EXPECT_EQ(entity["default_entity_id"], "sensor.p1meter_home_energy_import_tariff1");
}

TEST_F(ADiscovery, keeps_unique_ids_when_units_and_names_change) {
  meter_.plate.equipment_id = "E0047000098765432";
  KeyInfo info = energy("energy_import_tariff1");
  info.unit = Unit::watt_hour;
  info.name = "Consumption at night";
  meter_.describe(info);

  const Json entity = component("energy_import_tariff1");

  EXPECT_EQ(entity["unique_id"], "p1meter_23a134e23510_energy_import_tariff1");
  EXPECT_EQ(entity["unit_of_measurement"], "Wh");
  EXPECT_EQ(entity["name"], "Consumption at night");
}

TEST_F(ADiscovery, leaves_a_register_at_its_last_value_when_it_is_null) {
  meter_.describe(energy("energy_import_total"));
  EXPECT_EQ(component("energy_import_total")["value_template"],
            "{{ '' if value_json.energy_import_total is none else "
            "value_json.energy_import_total }}");
}

TEST_F(ADiscovery, uses_no_conditions_in_the_single_form) {
  home_assistant_.discovery = Discovery::single;
  meter_.describe(energy("energy_import_total"));

  const auto messages = config_messages(context(), devices().front());

  EXPECT_EQ(messages.front().topic, "homeassistant/sensor/p1meter_home/energy_import_total/config");
  const Json entity = Json::parse(messages.front().payload);
  EXPECT_EQ(entity["value_template"], "{{ value_json.energy_import_total }}");
  EXPECT_EQ(entity["device"]["identifiers"], Json::parse(R"(["p1meter_home"])"));
  EXPECT_EQ(entity["availability_mode"], "all");
}

TEST_F(ADiscovery, has_the_same_unique_ids_in_both_forms) {
  meter_.plate.equipment_id = "E0047000098765432";
  meter_.describe(energy("energy_import_total"));
  const std::string in_device_form = component("energy_import_total")["unique_id"];
  home_assistant_.discovery = Discovery::single;
  EXPECT_EQ(message()["unique_id"], in_device_form);
}

TEST_F(ADiscovery, makes_a_device_of_each_sub_meter) {
  meter_.plate.equipment_id = "E0047000098765432";
  meter_.plate.devices = {{{Device::gas, 2}, "G0061"}};
  meter_.describe(energy("energy_import_total"));
  meter_.describe(gas("gas_volume"));
  meter_.describe(gas("gas2_volume", 2));

  ASSERT_EQ(devices().size(), 3U);
  const Json second = message(2);

  EXPECT_EQ(second["device"]["identifiers"], Json::parse(R"(["p1meter_23a134e23510_gas2"])"));
  EXPECT_EQ(second["device"]["name"], "Gas meter 2");
  EXPECT_EQ(second["device"]["serial_number"], "G0061");
  EXPECT_EQ(second["device"]["via_device"], "p1meter_23a134e23510");
  EXPECT_EQ(second["components"]["gas2_volume"]["unique_id"], "p1meter_23a134e23510_gas2_volume");
}

TEST_F(ADiscovery, leaves_out_what_is_not_published) {
  meter_.set("power_import", "1");
  meter_.set("power_export", "1");
  meter_.hide("power_export");
  const Json components = message()["components"];
  EXPECT_TRUE(components.contains("power_import"));
  EXPECT_FALSE(components.contains("power_export"));
}

TEST_F(ADiscovery, shows_a_list_as_attribute_of_its_reading) {
  meter_.describe(
      {.key = "power_failures", .name = "Power failures", .kind = ReadingKind::counter});
  meter_.describe({.key = "power_failure_log", .kind = ReadingKind::failure_log});
  EXPECT_EQ(component("power_failures")["json_attributes_template"],
            "{{ {'log': value_json.power_failure_log} | tojson }}");
  EXPECT_FALSE(message()["components"].contains("power_failure_log"));
}

TEST_F(ADiscovery, takes_a_value_that_the_standards_do_not_know_into_its_options) {
  meter_.describe(
      {.key = "tariff", .name = "Tariff", .kind = ReadingKind::state, .device_class = "enum"});
  meter_.set("tariff", *parse_decimal("7"), {}, ReadingKind::state);
  EXPECT_EQ(component("tariff")["options"], Json::parse(R"(["1","2","3","4","7"])"));
}

// ---- how long a state is good for

TEST_F(ADiscovery, expires_after_five_of_the_shortest_spacing_that_is_certain) {
  meter_.set("power_import", "1");
  meter_.common_policy = {.interval = 30s};
  EXPECT_EQ(expire_after(meter_), 150U);
  meter_.plate.period = 20s;
  EXPECT_EQ(expire_after(meter_), 200U) << "values come with telegrams only: every 40 s";
}

TEST_F(ADiscovery, never_expires_in_less_than_a_minute) {
  meter_.set("power_import", "1");
  meter_.common_policy = {.interval = 1s};
  EXPECT_EQ(expire_after(meter_), 60U);
}

TEST_F(ADiscovery, counts_a_refresh_as_certain_and_a_change_not) {
  meter_.set("energy_import_total", "1");
  meter_.common_policy = {.refresh = 5min, .on_change = true};
  EXPECT_EQ(expire_after(meter_), 1500U);
  meter_.common_policy = {.on_change = true};
  EXPECT_EQ(expire_after(meter_), 0U);
  EXPECT_FALSE(component("energy_import_total").contains("expire_after"));
}

TEST_F(ADiscovery, counts_every_nth_value) {
  meter_.set("power_import", "1");
  meter_.plate.period = 10s;
  meter_.common_policy = {.every = 6};
  EXPECT_EQ(expire_after(meter_), 300U);
}

TEST_F(ADiscovery, lets_a_plain_value_live_as_long_as_its_own_spacing_asks_for) {
  meter_.set("power_import", "1");
  meter_.set("current_l1", "1");
  meter_.set("voltage_l1", "1");
  meter_.set("energy_import_total", *parse_decimal("1"), {}, ReadingKind::cumulative);
  meter_.policies["power_import"] = {.interval = 10s};
  meter_.policies["current_l1"] = {.refresh = 5min, .on_change = true};
  meter_.policies["voltage_l1"] = {.on_change = true};
  EXPECT_EQ(expire_after(meter_), 60U);
  EXPECT_EQ(expiries_of_keys(meter_), (std::vector<std::uint32_t>{60, 1500, 0, 0}));
}

TEST_F(ADiscovery, does_not_tremble_with_the_period) {
  meter_.set("power_import", "1");
  meter_.common_policy = {.interval = 10s};
  for (const auto period : {59'700ms, 60'000ms, 60'300ms}) {
    meter_.plate.period = period;
    EXPECT_EQ(expire_after(meter_), 300U);
  }
}

}  // namespace
}  // namespace p1meter::mqtt
