// SPDX-License-Identifier: Apache-2.0
// Decoding: mode D text to COSEM objects.
#include "p1meter/decoding/decode.hpp"

#include <gtest/gtest.h>
#include <span>
#include <stdexcept>

#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

using test::telegram;

/// A decoded telegram together with the text that it looks into.
struct Decoded {
  explicit Decoded(std::string body) : text{std::move(body)} { decode_text(text, telegram); }
  explicit Decoded(const test::TelegramBuilder& builder) : Decoded{builder.body()} {}

  const CosemObject& operator[](std::string_view code) const {
    for (const auto& object : telegram.objects) {
      if (object.obis == parse_obis(code)) return object;
    }
    throw std::out_of_range{std::string{code}};
  }
  [[nodiscard]] std::span<const ObjectRow> rows(std::string_view code) const {
    const auto& object = (*this)[code];
    return std::span{telegram.rows}.subspan(object.first_row, object.row_count);
  }
  [[nodiscard]] std::string problems() const {
    std::string names;
    for (const auto& problem : telegram.problems) {
      names.append(names.empty() ? "" : " ").append(problem_name(problem.code));
    }
    return names;
  }

  std::string text;
  Telegram telegram{};
};

Decoded one(std::string_view code, std::string_view groups) {
  return Decoded{telegram().with(code, groups)};
}
Decoded whole(std::string_view file) {
  auto text = test::data_file(file);
  text.resize(text.rfind('!') + 1);
  return Decoded{std::move(text)};
}

std::string number(const std::optional<Decimal>& value) {
  return value ? to_string(*value) : "none";
}
std::string time(const std::optional<MeterClock>& clock) {
  if (!clock) return "none";
  auto text = to_string(place(*clock, Zone{}));
  if (clock->season == SeasonLetter::none) text.resize(19);
  return text;
}

TEST(ATextDecoder, reads_a_whole_dsmr_5_telegram) {
  const auto decoded = whole("dsmr5.telegram");

  EXPECT_EQ(decoded.telegram.identification, "ISK5\\2M550T-1012");
  EXPECT_EQ(decoded.telegram.version, "50");
  EXPECT_FALSE(decoded.telegram.emucs);
  EXPECT_EQ(time(decoded.telegram.time), "2024-06-12T09:30:21+02:00");
  EXPECT_EQ(decoded.telegram.objects.size(), 35U);
  EXPECT_EQ(decoded.problems(), "");
  EXPECT_EQ(number(decoded["1-0:2.8.1"].number), "1234.560");
  EXPECT_EQ(decoded["1-0:2.8.1"].unit, Unit::kilowatt_hour);
  EXPECT_EQ(decoded["0-0:96.14.0"].text, "0002");
  EXPECT_EQ(decoded["0-0:96.13.0"].text, "");
  EXPECT_EQ(decoded["0-1:24.2.1"].raw, "(240612093000S)(07654.321*m3)");
  EXPECT_EQ(number(decoded["0-1:24.2.1"].number), "7654.321");
  EXPECT_EQ(time(decoded["0-1:24.2.1"].time), "2024-06-12T09:30:00+02:00");
  const auto& object = decoded["1-0:1.7.0"];
  EXPECT_EQ(decoded.text.substr(object.offset, 9), "1-0:1.7.0");
}

TEST(ATextDecoder, reads_a_power_failure_log) {
  const auto decoded = whole("dsmr42.telegram");
  const auto rows = decoded.rows("1-0:99.97.0");

  EXPECT_EQ(number(decoded["1-0:99.97.0"].number), "3");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(time(rows[1].stamp), "2015-12-13T08:55:13+01:00");
  EXPECT_EQ(number(rows[1].number), "4812");
  EXPECT_EQ(rows[1].unit, Unit::second);
  EXPECT_TRUE(rows[2].unset);
  EXPECT_EQ(time(rows[2].stamp), "none");
  EXPECT_EQ(number(rows[2].number), "2147483647");
}

TEST(ATextDecoder, tolerates_every_head_of_a_power_failure_log) {
  EXPECT_EQ(one("1-0:99.97.0", "()").rows("1-0:99.97.0").size(), 0U);
  EXPECT_EQ(one("1-0:99.97.0", "(0)(0-0:96.7.19)").rows("1-0:99.97.0").size(), 0U);
  const auto odd =
      one("1-0:99:97.0", "(5)(0:96.7.19)(101208152415W)(0000000240*s)(000000000000W)(8)");
  EXPECT_EQ(odd.rows("1-0:99.97.0").size(), 2U);
  EXPECT_TRUE(odd.rows("1-0:99.97.0")[1].unset);
  EXPECT_EQ(odd.problems(), "");
}

TEST(ATextDecoder, drops_only_the_row_that_does_not_fit) {
  const auto log = one("1-0:99.97.0",
                       "(3)(0-0:96.7.19)(101308152415W)(0000000240*s)(101208152415W)(x)"
                       "(101208151004W)(0000000301*s)(101208151004W)");
  ASSERT_EQ(log.rows("1-0:99.97.0").size(), 1U);
  EXPECT_EQ(number(log.rows("1-0:99.97.0")[0].number), "301");
  EXPECT_EQ(log.problems(), "rows_malformed rows_malformed rows_malformed");
  EXPECT_EQ(log.telegram.problems.at(0).text, "101308152415W");
  EXPECT_EQ(log.text.substr(log.telegram.problems.at(0).offset, 13), "101308152415W");
}

TEST(ATextDecoder, reads_the_belgian_peak_history) {
  const auto decoded = whole("fluvius.telegram");
  const auto rows = decoded.rows("0-0:98.1.0");

  EXPECT_EQ(decoded.telegram.version, "50217");
  EXPECT_TRUE(decoded.telegram.emucs);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(time(rows[0].stamp), "2024-04-01T00:00:00+02:00");
  EXPECT_EQ(time(rows[0].time), "2024-03-12T19:15:00+01:00");
  EXPECT_EQ(number(rows[0].number), "4.329");
  EXPECT_EQ(rows[0].unit, Unit::kilowatt);
  EXPECT_TRUE(rows[1].unset);
  EXPECT_EQ(time(rows[1].time), "none");
  EXPECT_EQ(time(decoded["1-0:1.6.0"].time), "2024-06-03T18:15:00+02:00");
  EXPECT_EQ(number(decoded["1-0:1.6.0"].number), "3.142");
}

TEST(ATextDecoder, reads_a_peak_history_that_is_a_count_only) {
  const auto decoded = one("0-0:98.1.0", "(12)");

  EXPECT_EQ(number(decoded["0-0:98.1.0"].number), "12");
  EXPECT_EQ(decoded["0-0:98.1.0"].row_count, 0U);
  EXPECT_EQ(decoded.problems(), "");
}

TEST(ATextDecoder, does_not_take_hungarys_month_record_for_peaks) {
  const auto decoded =
      one("0-0:98.1.0", "(230701000000S)(000040.777*kWh)(000008.950*kvarh)(03.564*kW)");
  const auto rows = decoded.rows("0-0:98.1.0");

  EXPECT_EQ(time(decoded["0-0:98.1.0"].time), "2023-07-01T00:00:00+02:00");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(number(rows[1].number), "8.950");
  EXPECT_EQ(rows[1].unit, Unit::kilovar_hour);
  EXPECT_FALSE(rows[1].stamp || rows[1].time);
}

TEST(ATextDecoder, joins_the_two_lines_of_a_dsmr_3_mbus_value) {
  const auto decoded = whole("dsmr30.telegram");
  const auto& gas = decoded["0-1:24.3.0"];

  EXPECT_EQ(decoded.problems(), "");
  EXPECT_EQ(gas.text, "00124.477");
  EXPECT_EQ(number(gas.number), "124.477");
  EXPECT_EQ(gas.unit, Unit::cubic_metre);
  EXPECT_TRUE(gas.has_unit);
  EXPECT_EQ(time(gas.time), "2012-05-17T02:00:00");
  EXPECT_EQ(decoded["0-2:24.3.0"].unit, Unit::gigajoule);
  EXPECT_TRUE(decoded["0-0:96.13.0"].text.starts_with("506C616E6E6564"));
  EXPECT_NE(decoded["0-0:96.13.0"].text.find("\r\n"), std::string_view::npos);
}

TEST(ATextDecoder, refuses_an_mbus_profile_whose_count_does_not_fit) {
  const auto decoded = one("0-1:24.3.0", "(120517020000)(08)(60)(2)(0-1:24.2.1)(m3)(00124.477)");

  EXPECT_EQ(number(decoded["0-1:24.3.0"].number), "none");
  EXPECT_EQ(decoded.problems(), "rows_malformed");
}

TEST(ATextDecoder, keeps_both_limits_of_luxembourg) {
  const auto decoded = one("1-1:31.4.0", "(100*A)(-063*A)");

  EXPECT_EQ(number(decoded["1-1:31.4.0"].number), "100");
  ASSERT_EQ(decoded.rows("1-1:31.4.0").size(), 2U);
  EXPECT_EQ(number(decoded.rows("1-1:31.4.0")[1].number), "-63");
}

TEST(ATextDecoder, reads_a_value_that_stands_before_its_time) {
  const auto decoded = one("7-0:23.1.0*255", "(00012.345*m3)(24-10-27 01:00:00)");

  EXPECT_EQ(number(decoded["7-0:23.1.0"].number), "12.345");
  EXPECT_EQ(time(decoded["7-0:23.1.0"].time), "2024-10-27T01:00:00");
}

TEST(ATextDecoder, keeps_the_newest_of_hourly_gas_lines) {
  const Decoded decoded{telegram()
                            .with("7-0:23.1.0", "(00012.345*m3)(24-10-27 01:00:00)")
                            .with("7-0:23.1.0", "(00012.399*m3)(24-10-27 03:00:00)")
                            .with("1-0:1.7.0", "(00.193*kW)")
                            .with("7-0:23.1.0", "(00012.346*m3)(24-10-27 02:00:00)")};

  EXPECT_EQ(decoded.telegram.objects.size(), 2U);
  EXPECT_EQ(number(decoded["7-0:23.1.0"].number), "12.399");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(ATextDecoder, takes_the_first_of_repeated_codes_and_says_what_is_lost) {
  const Decoded decoded{telegram()
                            .with("0-0:17.0.0", "(16500)")
                            .with("0-0:17.0.0", "(16500)")
                            .with("1-0:1.7.0", "(00.193*kW)")
                            .with("1-0:1.7.0.255", "(00.194*kW)")};

  EXPECT_EQ(decoded.telegram.objects.size(), 2U);
  EXPECT_EQ(number(decoded["1-0:1.7.0"].number), "0.193");
  EXPECT_EQ(decoded.problems(), "duplicate_object");
  EXPECT_EQ(decoded.telegram.problems.at(0).text, "1-0:1.7.0.255(00.194*kW)");
}

TEST(ATextDecoder, reads_every_spelling_of_a_code) {
  const Decoded decoded{telegram()
                            .with("1-0:31.7.0.255", "(001*A)")
                            .with("1-0:72:32.0", "(00007)")
                            .with("1-0:1.8.0*255", "(00052185.7825309*kWh)")};

  EXPECT_EQ(number(decoded["1-0:31.7.0"].number), "1");
  EXPECT_EQ(number(decoded["1-0:72.32.0"].number), "7");
  EXPECT_EQ(number(decoded["1-0:1.8.0"].number), "52185.7825309");
}

TEST(ATextDecoder, loses_only_the_bad_line_and_says_where_it_is) {
  struct Row {
    const char* line;
    const char* problem;
  };
  for (const Row& row :
       {Row{"1,0:2.7.0(1*kW)", "line_malformed"}, Row{"1-0:4:24.7.0(1*kvar)", "line_malformed"},
        Row{"999-0:1.8.0(1)", "line_malformed"}, Row{"1-0:1.8(1*kWh)", "line_malformed"},
        Row{"garbage", "line_malformed"}, Row{"1-0:1.8.0 (1*kWh)", "line_malformed"},
        Row{"1-0:1.8.0(1*kWh)x", "line_malformed"}, Row{"1-0:1.8.0(1(2)*kWh)", "line_malformed"},
        Row{"1-0:1.8.0)(", "line_malformed"}, Row{"1-0:1.8.0", "value_missing"},
        Row{"1-0:1.8.0(001234.567*kWh", "value_unclosed"}, Row{"0-0:98.1.0(", "value_unclosed"},
        Row{"x\r\n(continued)", "line_malformed"}}) {
    const Decoded decoded{
        telegram().with("1-0:2.8.0", "(1*kWh)").line(row.line).with("1-0:1.7.0", "(00.193*kW)")};
    EXPECT_EQ(decoded.problems(), row.problem) << row.line;
    EXPECT_EQ(decoded.telegram.objects.size(), 2U) << row.line;
    EXPECT_EQ(number(decoded["1-0:1.7.0"].number), "0.193") << row.line;
    const auto& problem = decoded.telegram.problems.at(0);
    EXPECT_EQ(problem.offset, decoded.text.find(row.line)) << row.line;
    EXPECT_TRUE(std::string_view{row.line}.starts_with(problem.text)) << row.line;
    EXPECT_FALSE(problem.text.empty());
  }
}

TEST(ATextDecoder, reports_a_value_that_the_end_of_the_text_cuts_off) {
  for (const char* groups : {"(", "(001234", "(001234.567*kWh", "(240612093000S)("}) {
    Decoded decoded{"/XXX5\r\n\r\n1-0:1.7.0(00.193*kW)\r\n0-1:24.2.1" + std::string{groups}};
    EXPECT_EQ(decoded.telegram.objects.size(), 1U) << groups;
    EXPECT_EQ(decoded.problems(), "value_unclosed") << groups;
  }
}

TEST(ATextDecoder, reads_units_in_any_case_with_spaces_and_says_what_it_does_not_know) {
  EXPECT_EQ(one("1-0:3.8.0", "(2.000*KVArh)")["1-0:3.8.0"].unit, Unit::kilovar_hour);
  EXPECT_EQ(one("1-0:1.8.0", "(7.694*kWh )")["1-0:1.8.0"].unit, Unit::kilowatt_hour);
  EXPECT_EQ(number(one("1-0:1.8.0", "( 7.694 * kw )")["1-0:1.8.0"].number), "7.694");
  EXPECT_EQ(one("0-1:24.2.1", "(240115140000W)(1.0*m\xC2\xB3)")["0-1:24.2.1"].unit,
            Unit::cubic_metre);
  EXPECT_EQ(one("1-0:13.7.0", "(97*%)")["1-0:13.7.0"].unit, Unit::percent);

  const auto bare = one("1-0:3.7.0", "(00.000)");
  EXPECT_FALSE(bare["1-0:3.7.0"].has_unit);
  EXPECT_TRUE(bare["1-0:3.7.0"].unit_known);
  const auto unknown = one("1-0:3.7.0", "(00.000*furlong)");
  EXPECT_TRUE(unknown["1-0:3.7.0"].has_unit);
  EXPECT_FALSE(unknown["1-0:3.7.0"].unit_known);
}

TEST(ATextDecoder, takes_for_a_number_only_what_is_one) {
  for (const char* text : {"12.34.56", "--1", "0x10", "1e9", "NaN", ",5", "", "1.", ".5", "12a",
                           "1 2", "18446744073709551615.999999999", "000123.456kWh", "\x01"}) {
    const auto decoded = one("1-0:1.8.0", '(' + std::string{text} + "*kWh)");
    EXPECT_EQ(number(decoded["1-0:1.8.0"].number), "none") << text;
    EXPECT_EQ(decoded["1-0:1.8.0"].text, text);
    EXPECT_EQ(decoded.problems(), "");
  }
  EXPECT_EQ(number(one("1-0:1.8.0", "(99999999.999*kWh)")["1-0:1.8.0"].number), "99999999.999");
  EXPECT_EQ(number(one("1-0:31.7.0", "(-003*A)")["1-0:31.7.0"].number), "-3");
}

TEST(ATextDecoder, keeps_ids_as_they_are_sent) {
  for (const char* id : {"4530303434303037313331363530363138", "205A414246303031353237343134373",
                         "91318181", "KMP5 1234  ", "e0026/kfm", ""}) {
    const auto decoded = one("0-0:96.1.1", '(' + std::string{id} + ')');
    EXPECT_EQ(decoded["0-0:96.1.1"].text, id);
  }
}

TEST(ATextDecoder, reads_empty_lines_anywhere_and_an_end_glued_to_the_last_value) {
  const Decoded spaced{"/ELS5\r\n1-0:1.7.0(1*kW)\r\n\r\n\n1-0:2.7.0(2*kW)\r\n\r\n!"};
  const Decoded glued{"/ADN9 6560 \r\n\r\n1-0:1.7.0(001234*W)\r\n1-0:31.7.0(123.1*A)!"};

  EXPECT_EQ(spaced.telegram.objects.size(), 2U);
  EXPECT_EQ(glued.telegram.objects.size(), 2U);
  EXPECT_EQ(glued.telegram.identification, "ADN9 6560");
  EXPECT_EQ(spaced.problems() + glued.problems(), "");
}

TEST(ATextDecoder, survives_text_that_is_no_telegram_at_all) {
  for (const char* text : {"", "/", "!", "/!", "\r\n", "(", ")", "/\r\n!", "1-0:1.8.0(1*kWh)"}) {
    const Decoded decoded{std::string{text}};
    EXPECT_LE(decoded.telegram.objects.size(), 1U) << text;
  }
}

TEST(ATextDecoder, forgets_the_telegram_before) {
  Decoded decoded = whole("fluvius.telegram");

  decode_text("/XXX5\\A\r\n!", decoded.telegram);

  EXPECT_EQ(decoded.telegram.identification, "XXX5\\A");
  EXPECT_TRUE(decoded.telegram.version.empty());
  EXPECT_FALSE(decoded.telegram.emucs || decoded.telegram.time);
  EXPECT_TRUE(decoded.telegram.objects.empty() && decoded.telegram.rows.empty());
}

TEST(ATextDecoder, finds_each_of_two_thousand_objects_once) {
  auto builder = telegram();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2000; ++i) {
      builder.with("1-0:" + std::to_string(i % 250) + ".8." + std::to_string(i / 250),
                   '(' + std::to_string(i) + ')');
    }
  }
  const Decoded decoded{builder};

  ASSERT_EQ(decoded.telegram.objects.size(), 2000U);
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(number(decoded.telegram.objects[static_cast<std::size_t>(i)].number),
              std::to_string(i));
  }
}

}  // namespace
}  // namespace p1meter
