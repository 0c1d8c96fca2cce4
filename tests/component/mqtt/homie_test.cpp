// SPDX-License-Identifier: Apache-2.0
// Meters as devices of the Homie convention: ids, descriptions, values.
#include "adapters/mqtt/homie.hpp"

#include <gtest/gtest.h>
#include <set>

#include <nlohmann/json.hpp>

#include "support/fake_meter.hpp"
#include "support/homie4.hpp"

namespace p1meter::mqtt {
namespace {

using Json = nlohmann::ordered_json;
using settings::HomieVersion;
using test::FakeMeter;
using test::Homie4Judge;
using test::SeenMessage;
using Texts = std::vector<std::string>;

TEST(AHomieId, is_the_name_with_hyphens) {
  EXPECT_EQ(homie_id("energy_import_tariff1"), "energy-import-tariff1");
  EXPECT_EQ(homie_id("voltage-l1"), "voltage-l1");
}

TEST(AHomieId, of_a_name_that_it_cannot_spell_is_marked_so_that_no_two_are_alike) {
  EXPECT_EQ(homie_id("_power_").substr(0, 6), "power-");
  EXPECT_EQ(homie_id("_power_").size(), 10U);
  EXPECT_NE(homie_id("_power"), homie_id("power_"));
  EXPECT_NE(homie_id("Power"), homie_id("power"));
  EXPECT_NE(homie_id("Zähler"), homie_id("Zöhler"));
  EXPECT_EQ(homie_id("___").size(), 4U);
  EXPECT_FALSE(homie_id("").empty());
}

TEST(TheHomieIdOfADevice, is_made_from_base_topic_and_name) {
  EXPECT_EQ(homie_device_id("p1meter", "home"), "p1meter-home");
  EXPECT_EQ(homie_device_id("p1meter", "a--b"), "p1meter-a--b");
  EXPECT_EQ(homie_device_id("Haus/Keller", "meter_2"), "haus-keller--meter-5f2");
  EXPECT_EQ(homie_device_id("p1meter", "a-"), "p1meter--a-2d") << "no id ends with a hyphen";
}

TEST(TheHomieIdOfADevice, is_another_for_every_name) {
  const std::string characters = "a25fd-_";
  std::vector<std::string> names{""};
  for (std::size_t i = 0; names[i].size() < 4; ++i) {
    for (const char c : characters) names.push_back(names[i] + c);
  }
  names.erase(names.begin());
  std::set<std::string> ids;
  for (const std::string& name : names) {
    const auto id = homie_device_id("p1meter", name);
    EXPECT_TRUE(ids.insert(id).second) << name;
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
    EXPECT_NE(id.back(), '-') << name;
  }
}

TEST(TheHomieRoot, is_found_again_in_each_topic) {
  for (const auto version : {HomieVersion::v4, HomieVersion::v5}) {
    const std::string root = homie_root({.version = version, .domain = "house"}, "p1meter-home");
    EXPECT_EQ(root, version == HomieVersion::v4 ? "house/p1meter-home" : "house/5/p1meter-home");
    EXPECT_EQ(homie_root_of(root + "/$state"), root);
    EXPECT_EQ(homie_root_of(root + "/gas/gas-volume/$name"), root);
  }
}

class AHomieDevice : public testing::Test {
 protected:
  AHomieDevice() {
    meter_.describe({.key = "energy_import_total",
                     .name = "Energy import",
                     .unit = Unit::kilowatt_hour,
                     .kind = ReadingKind::cumulative});
    meter_.describe({.key = "power_failures", .name = "Failures", .kind = ReadingKind::counter});
    meter_.describe({.key = "tariff", .name = "Tariff", .kind = ReadingKind::state});
    meter_.describe({.key = "power_failure_log", .name = "Log", .kind = ReadingKind::failure_log});
    meter_.describe({.key = "gas2_volume",
                     .name = "Gas",
                     .unit = Unit::cubic_metre,
                     .kind = ReadingKind::cumulative,
                     .device = Device::gas,
                     .device_number = 2});
    meter_.describe(
        {.key = "phase_angle", .unit = Unit::degree, .kind = ReadingKind::instantaneous});
  }
  [[nodiscard]] HomieDevice device(HomieVersion version) const {
    return homie_device(meter_, version, [&](KeyId id) { return meter_.keys()[id].key == timed_; });
  }
  [[nodiscard]] Json description() const {
    const auto all = homie_attributes(device(HomieVersion::v5), HomieVersion::v5, 1795000000123);
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().first, "$description");
    return Json::parse(all.front().second);
  }
  [[nodiscard]] std::string value(const char* key, const Value& value, HomieVersion version) const {
    return homie_value(value, meter_.keys()[*meter_.keys().find(key)], version);
  }

  FakeMeter meter_{};
  std::string timed_{"gas2_volume"};
};

TEST_F(AHomieDevice, of_version_5_is_described_in_one_object) {
  EXPECT_EQ(description(), Json::parse(R"({
    "homie": "5.0", "version": 1795000000123, "name": "Smart meter",
    "nodes": {
      "electricity": {"name": "Electricity meter", "properties": {
        "energy-import-total": {"name": "Energy import", "datatype": "float", "format": "0:",
                                "unit": "kWh", "settable": false, "retained": true},
        "power-failures": {"name": "Failures", "datatype": "integer", "format": "0:",
                           "settable": false, "retained": true},
        "tariff": {"name": "Tariff", "datatype": "string", "settable": false, "retained": true},
        "power-failure-log": {"name": "Log", "datatype": "json", "settable": false,
                              "retained": true},
        "phase-angle": {"name": "phase_angle", "datatype": "float", "unit": "°",
                        "settable": false, "retained": true}}},
      "gas2": {"name": "Gas meter 2", "properties": {
        "gas2-volume": {"name": "Gas", "datatype": "float", "format": "0:", "unit": "m³",
                        "settable": false, "retained": true},
        "gas2-volume-time": {"name": "Gas time", "datatype": "datetime", "settable": false,
                             "retained": true}}}}})"));
}

TEST_F(AHomieDevice, of_version_4_is_described_by_attributes_from_the_device_down) {
  meter_.hide("power_failures");
  meter_.hide("power_failure_log");
  meter_.hide("tariff");
  meter_.hide("phase_angle");
  const HomieAttributes expected{
      {"$homie", "4.0.0"},
      {"$name", "Smart meter"},
      {"$nodes", "electricity,gas2"},
      {"$extensions", ""},
      {"$implementation", "p1meter"},
      {"electricity/$name", "Electricity meter"},
      {"electricity/$type", "Electricity meter"},
      {"electricity/$properties", "energy-import-total"},
      {"electricity/energy-import-total/$name", "Energy import"},
      {"electricity/energy-import-total/$datatype", "float"},
      {"electricity/energy-import-total/$unit", "kWh"},
      {"electricity/energy-import-total/$settable", "false"},
      {"electricity/energy-import-total/$retained", "true"},
      {"gas2/$name", "Gas meter 2"},
      {"gas2/$type", "Gas meter 2"},
      {"gas2/$properties", "gas2-volume,gas2-volume-time"},
      {"gas2/gas2-volume/$name", "Gas"},
      {"gas2/gas2-volume/$datatype", "float"},
      {"gas2/gas2-volume/$unit", "m³"},
      {"gas2/gas2-volume/$settable", "false"},
      {"gas2/gas2-volume/$retained", "true"},
      {"gas2/gas2-volume-time/$name", "Gas time"},
      {"gas2/gas2-volume-time/$datatype", "string"},
      {"gas2/gas2-volume-time/$settable", "false"},
      {"gas2/gas2-volume-time/$retained", "true"},
  };
  EXPECT_EQ(homie_attributes(device(HomieVersion::v4), HomieVersion::v4, 1), expected);
}

TEST_F(AHomieDevice, gives_no_time_of_its_own_to_a_value_where_a_key_has_that_name) {
  meter_.know("gas2_volume_time");
  EXPECT_EQ(homie_time_topic(meter_.keys()[4], meter_.keys()), "");
  EXPECT_EQ(device(HomieVersion::v5).nodes[1].properties.size(), 1U);
}

TEST_F(AHomieDevice, shows_values_as_plain_strings) {
  for (const auto version : {HomieVersion::v4, HomieVersion::v5}) {
    EXPECT_EQ(value("energy_import_total", *parse_decimal("1234.560"), version), "1234.560");
    EXPECT_EQ(value("tariff", std::string_view{"0002"}, version), "0002");
    EXPECT_EQ(value("tariff", *parse_decimal("2"), version), "2");
    EXPECT_EQ(value("tariff", {}, version), "") << "null clears the topic";
    EXPECT_EQ(value("power_failure_log", std::span<const ListRow>{}, version), "[]");
  }
}

TEST_F(AHomieDevice, shows_an_empty_text_as_a_zero_byte_in_version_5) {
  EXPECT_EQ(value("tariff", std::string_view{}, HomieVersion::v5), std::string(1, '\0'));
  EXPECT_EQ(value("tariff", std::string_view{}, HomieVersion::v4), "");
}

TEST_F(AHomieDevice, shows_nothing_that_its_datatype_forbids) {
  EXPECT_EQ(value("energy_import_total", std::string_view{"n/a"}, HomieVersion::v5), "");
  EXPECT_EQ(value("power_failures", *parse_decimal("1.5"), HomieVersion::v5), "");
  EXPECT_EQ(value("power_failures", *parse_decimal("4"), HomieVersion::v5), "4");
}

// The judge that the daemon's messages are put before, first tried on messages that are known.
class TheJudgeOfHomie4 : public AHomieDevice {
 protected:
  [[nodiscard]] std::vector<SeenMessage> sound() const {
    std::vector<SeenMessage> all{message("$state", "init")};
    for (const auto& [topic, payload] :
         homie_attributes(device(HomieVersion::v4), HomieVersion::v4, 1))
      all.push_back(message(topic, payload));
    all.push_back(message("electricity/energy-import-total", "1234.560"));
    all.push_back(message("$state", "ready"));
    all.push_back(message("electricity/power-failures", "4"));
    return all;
  }
  static SeenMessage message(const std::string& topic, const std::string& payload) {
    return {.retained = true, .qos = 1, .topic = "homie/x/" + topic, .payload = payload};
  }
  static Texts judge(const std::vector<SeenMessage>& messages) {
    return Homie4Judge::faults(messages, "homie/x");
  }
};

TEST_F(TheJudgeOfHomie4, accepts_what_is_sound) { EXPECT_EQ(judge(sound()), Texts{}); }

TEST_F(TheJudgeOfHomie4, misses_every_message_that_is_left_out) {
  const auto all = sound();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& topic = all[i].topic;
    const bool optional = topic.find('$') == std::string::npos || topic.ends_with("/$unit") ||
                          topic.ends_with("/$settable") || topic.ends_with("/$retained") ||
                          topic.ends_with("/$implementation");
    auto fewer = all;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(judge(fewer).empty(), optional) << topic;
  }
}

TEST_F(TheJudgeOfHomie4, names_what_is_wrong) {
  const auto with = [&](const SeenMessage& further) {
    auto all = sound();
    all.push_back(further);
    return judge(all);
  };
  EXPECT_EQ(with(message("electricity/$name", "Other")).size(), 1U) << "while it is ready";
  EXPECT_EQ(with(message("electricity/voltage", "1")).size(), 1U) << "not described";
  EXPECT_EQ(with(message("electricity/energy-import-total", "1 kWh")).size(), 1U);
  EXPECT_EQ(with(message("electricity/power-failures", "4.5")).size(), 1U);
  EXPECT_EQ(with(message("$state", "gone")).size(), 1U);
  auto loose = message("electricity/tariff", "1");
  loose.retained = false;
  EXPECT_EQ(with(loose).size(), 1U);
  EXPECT_EQ(judge({}).size(), 1U);
}

}  // namespace
}  // namespace p1meter::mqtt
