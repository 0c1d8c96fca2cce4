// SPDX-License-Identifier: Apache-2.0
// JSON text: exact digits and valid strings from any bytes.
#include "json/json_text.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace p1meter::json {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string as_json(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

std::string written(const Value& value, ReadingKind kind = ReadingKind::instantaneous) {
  std::string out;
  append_value(out, value, kind);
  return out;
}

MeterTime summer(int year, unsigned month, unsigned day, std::chrono::minutes local) {
  const auto date = std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                          static_cast<int>(day)};
  return {date + local - 120min, 120, TimeCertainty::exact};
}

TEST(JsonText, escapes_quotes_backslashes_and_control_characters) {
  EXPECT_EQ(as_json("FLU5\\253769484_A"), R"("FLU5\\253769484_A")");
  EXPECT_EQ(as_json("say \"no\"\r\n\t"), R"("say \"no\"\r\n\t")");
  EXPECT_EQ(as_json("\0\x1b\x7f"s + "x"), R"("\u0000\u001b\u007fx")");
  EXPECT_EQ(as_json("\xC2\x9B"
                    "31m"),
            R"("\u009b31m")")
      << "C1: terminals act on them";
}

TEST(JsonText, keeps_valid_utf8_of_every_length) {
  EXPECT_EQ(as_json("m\xC2\xB3 \xE2\x82\xAC \xF0\x9F\x92\xA1"),
            "\"m\xC2\xB3 \xE2\x82\xAC \xF0\x9F\x92\xA1\"");
  EXPECT_EQ(as_json("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"),
            "\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\"");
}

TEST(JsonText, replaces_each_broken_part_of_utf8_once) {
  const std::string broken = "\xEF\xBF\xBD";
  EXPECT_EQ(as_json("\xFF"), '"' + broken + '"');
  EXPECT_EQ(as_json("a\xE2\x82z"), "\"a" + broken + "z\"") << "cut short in the middle";
  EXPECT_EQ(as_json("\xF0\x9F\x92"), '"' + broken + '"') << "cut short at the end";
  EXPECT_EQ(as_json("\xC0\x80"), '"' + broken + broken + '"') << "overlong NUL";
  EXPECT_EQ(as_json("\xED\xA0\x80"), '"' + broken + broken + broken + '"') << "surrogate";
  EXPECT_EQ(as_json("\xF4\x90\x80\x80"), '"' + broken + broken + broken + broken + '"');
  EXPECT_EQ(as_json("\xE2\""), '"' + broken + "\\\"\"") << "the quote still counts";
}

TEST(JsonText, gives_plain_text_by_the_same_rule_but_without_escapes) {
  std::string out;
  append_utf8(out, "a\"\n \xC2\xB3\xFFz\xE2\x82");
  EXPECT_EQ(out, "a\"\n \xC2\xB3\xEF\xBF\xBDz\xEF\xBF\xBD");
}

TEST(JsonText, writes_the_decimals_own_digits) {
  EXPECT_EQ(written(Decimal{1234560, -3}), "1234.560");
  EXPECT_EQ(written(Decimal{99999999999, -3}), "99999999.999");
  EXPECT_EQ(written(Decimal{-5, -1}), "-0.5");
  EXPECT_EQ(written(Decimal{0, -3}), "0.000");
}

TEST(JsonText, writes_no_value_as_null) { EXPECT_EQ(written(std::monostate{}), "null"); }

TEST(JsonText, writes_a_failure_log_with_end_and_duration) {
  const std::array rows{ListRow{std::nullopt, summer(2024, 7, 1, 600min), Decimal{240, 0}},
                        ListRow{}};
  EXPECT_EQ(written(std::span<const ListRow>{rows}, ReadingKind::failure_log),
            R"([{"end":"2024-07-01T10:00:00+02:00","duration":240},{"end":null,"duration":null}])");
}

TEST(JsonText, writes_a_peak_history_with_month_time_and_value) {
  const std::array rows{
      ListRow{summer(2024, 9, 1, 0min), summer(2024, 9, 16, 615min), Decimal{2589, -3}}};
  EXPECT_EQ(written(std::span<const ListRow>{rows}, ReadingKind::peak_history),
            R"([{"month":"2024-09","time":"2024-09-16T10:15:00+02:00","value":2.589}])");
}

TEST(JsonText, writes_times_with_their_offset_or_without) {
  std::string out;
  append_time(out, summer(2024, 10, 27, 150min));
  append_time(out, MeterTime{Instant{}, 0, TimeCertainty::zone_unknown});
  append_time(out, Instant{123ms});
  EXPECT_EQ(out, R"("2024-10-27T02:30:00+02:00""1970-01-01T00:00:00""1970-01-01T00:00:00.123Z")");
}

}  // namespace
}  // namespace p1meter::json
