// SPDX-License-Identifier: Apache-2.0
// Decoded telegrams as text: the contract of decode's output, field by field.
#include "adapters/console/telegram_text.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace p1meter::console {
namespace {

using namespace std::chrono_literals;

MeterTime at(std::chrono::minutes minutes) {
  const auto midnight = std::chrono::sys_days{std::chrono::year{2024} / 10 / 27};
  return {midnight + minutes - 120min, 120, TimeCertainty::exact};
}

/// The telegram of the contract's example, put together by hand.
class DecodedText : public testing::Test {
 protected:
  DecodedText() {
    telegram.integrity = Integrity::ok;
    telegram.identification = "FLU5\\253769484_A";
    telegram.version = "50217";
    const auto energy = keys.add({.key = "energy_import_tariff1", .unit = Unit::kilowatt_hour});
    const auto gas =
        keys.add({.key = "gas_volume", .unit = Unit::cubic_metre, .device = Device::gas});
    readings.push_back({.key = energy,
                        .value = Decimal{1234567, -3},
                        .unit = Unit::kilowatt_hour,
                        .obis = Obis{1, 0, 1, 8, 1}});
    readings.push_back({.key = gas,
                        .value = Decimal{112384, -3},
                        .unit = Unit::cubic_metre,
                        .channel = 1,
                        .time = at(145min),
                        .obis = Obis{0, 1, 24, 2, 3}});
    unknown.push_back({Obis{1, 0, 94, 99, 9}, "400"});
    mapped.time = at(150min);
  }

  Decoded decoded() {
    mapped.readings = readings;
    mapped.unknown = unknown;
    return {telegram, mapped, keys};
  }
  std::string json() {
    std::string out;
    append_json(out, decoded());
    return out;
  }
  std::string table(const TableStyle& style = {}) {
    std::string out;
    append_table(out, decoded(), style);
    return out;
  }

  Telegram telegram{};
  KeyCatalogue keys{};
  std::vector<Reading> readings{};
  std::vector<UnknownObject> unknown{};
  MappedTelegram mapped{};
};

TEST_F(DecodedText, is_the_json_of_the_contract_in_its_order) {
  EXPECT_EQ(
      json(),
      R"({"protocol":"dsmr","link":"none","encrypted":false,"identification":"FLU5\\253769484_A",)"
      R"("version":"50217","layout":null,"time":"2024-10-27T02:30:00+02:00","integrity":"ok",)"
      R"("readings":[{"key":"energy_import_tariff1","obis":"1-0:1.8.1","value":1234.567,"unit":"kWh"},)"
      R"({"key":"gas_volume","obis":"0-1:24.2.3","value":112.384,"unit":"m³",)"
      R"("time":"2024-10-27T02:25:00+02:00","device":"gas","channel":1}],)"
      R"("unknown":[{"obis":"1-0:94.99.9","text":"400"}],"problems":[]})"
      "\n");
}

TEST_F(DecodedText, shows_several_groups_of_an_unknown_object_whole) {
  const std::string_view profile = "1)(0-0:96.10.7)(221206001500W)(0000.000*kWh";
  unknown.push_back({Obis{1, 0, 99, 1, 0}, profile});

  EXPECT_NE(json().find("\"text\":\"(" + std::string{profile} + ")\"}]"), std::string::npos)
      << json();
  EXPECT_NE(table().find("  unknown 1-0:99.1.0  (" + std::string{profile} + ")\n"),
            std::string::npos)
      << table();
}

TEST_F(DecodedText, says_null_for_what_a_telegram_lacks) {
  telegram.identification = {};
  telegram.version = {};
  mapped.time.reset();
  readings.clear();
  unknown.clear();

  EXPECT_EQ(json(), R"({"protocol":"dsmr","link":"none","encrypted":false,"identification":null,)"
                    R"("version":null,"layout":null,"time":null,"integrity":"ok","readings":[],)"
                    R"("unknown":[],"problems":[]})"
                    "\n");
}

TEST_F(DecodedText, names_problems_of_telegram_and_mapping_with_code_and_offset) {
  const std::vector<Problem> own{{.code = ProblemCode::time_unset,
                                  .offset = 7,
                                  .obis = Obis{0, 1, 24, 2, 3},
                                  .text = "a\"\xFF"}};
  telegram.problems.push_back({.code = ProblemCode::no_end, .offset = 99});
  mapped.problems = own;

  EXPECT_NE(json().find(R"("problems":[{"code":"no_end","offset":99},)"
                        R"({"code":"time_unset","offset":7,"obis":"0-1:24.2.3","text":"a\")"
                        "\xEF\xBF\xBD\"}]"),
            std::string::npos)
      << json();
}

TEST_F(DecodedText, marks_computed_readings_which_have_no_code) {
  const auto net = keys.add({.key = "power_net", .unit = Unit::watt, .computed = true});
  readings.assign({{.key = net, .value = Decimal{-193, 0}, .unit = Unit::watt}});

  EXPECT_NE(json().find(R"([{"key":"power_net","value":-193,"unit":"W","computed":true}])"),
            std::string::npos);
}

TEST_F(DecodedText, is_a_yaml_document_with_one_reading_a_line) {
  std::string out;
  append_yaml(out, decoded());

  EXPECT_EQ(out.substr(0, 22), "---\nprotocol: \"dsmr\"\nl");
  EXPECT_NE(out.find("\nlayout: null\ntime: \"2024-10-27T02:30:00+02:00\"\n"), std::string::npos);
  EXPECT_NE(out.find("\nreadings:\n  - {\"key\":\"energy_import_tariff1\""), std::string::npos);
  EXPECT_NE(out.find("\nproblems: []\n"), std::string::npos);
}

TEST_F(DecodedText, quotes_csv_fields_that_need_it) {
  const auto message = keys.add({.key = "text_message", .kind = ReadingKind::text});
  readings.assign(
      {{.key = message, .value = std::string_view{"a,\"b\"\n"}, .obis = Obis{0, 0, 96, 13, 0}}});
  std::string out;
  append_csv(out, decoded(), 3);

  EXPECT_EQ(out,
            "3,2024-10-27T02:30:00+02:00,ok,text_message,0-0:96.13.0,\"a,\"\"b\"\"\\n\",,,,,\n");
}

TEST_F(DecodedText, is_a_plain_table_where_nothing_is_known_of_a_terminal) {
  EXPECT_EQ(table(),
            "FLU5\\253769484_A  version 50217  2024-10-27T02:30:00+02:00  checksum ok\n"
            "  energy_import_tariff1  1234.567 kWh\n"
            "  gas_volume              112.384 m³  2024-10-27T02:25:00+02:00  channel 1\n"
            "  unknown 1-0:94.99.9  400\n"
            "\n");
}

TEST_F(DecodedText, cuts_a_tables_lines_at_the_terminals_width) {
  const std::string cut = table({.colour = false, .width = 30});

  EXPECT_EQ(cut,
            "FLU5\\253769484_A  version 502…\n"
            "  energy_import_tariff1  1234…\n"
            "  gas_volume              112…\n"
            "  unknown 1-0:94.99.9  400\n"
            "\n");
}

TEST_F(DecodedText, colours_a_bad_checksum_only_on_a_terminal_that_can) {
  telegram.integrity = Integrity::bad;

  EXPECT_EQ(table().find('\x1b'), std::string::npos);
  EXPECT_NE(table({.colour = true, .width = 0}).find("\x1b[31m  checksum bad\x1b[0m"),
            std::string::npos);
}

TEST_F(DecodedText, shows_no_control_characters_of_the_meter) {
  telegram.identification = "X\x1b[2J\x9b";

  const std::string text = table();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("X\\u001b[2J"), std::string::npos);
}

}  // namespace
}  // namespace p1meter::console
