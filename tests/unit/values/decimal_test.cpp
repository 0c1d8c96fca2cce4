// SPDX-License-Identifier: Apache-2.0
// Values: exact decimals.
#include "p1meter/values/decimal.hpp"

#include <gtest/gtest.h>
#include <random>

namespace p1meter {
namespace {

Decimal of(std::string_view text) { return parse_decimal(text).value(); }
std::string text_of(const std::optional<Decimal>& value) {
  return value ? to_string(*value) : "nothing";
}

TEST(ADecimal, is_read_digit_by_digit_and_written_without_leading_zeros) {
  const std::pair<const char*, const char*> rows[] = {
      {"001234.560", "1234.560"},
      {"99999999.999", "99999999.999"},
      {"0", "0"},
      {"00.000", "0.000"},
      {"-0.5", "-0.5"},
      {"-063", "-63"},
      {"+1.10", "1.10"},
      {"-0.000", "0.000"},
      {"00000000000000000000007", "7"},
      {"00000000000000000000000", "0"},
      {"00000000000000000000.001", "0.001"},
      {"999999999999999999", "999999999999999999"},
      {"0.000000000000000001", "0.000000000000000001"}};
  for (const auto& [in, out] : rows) EXPECT_EQ(text_of(parse_decimal(in)), out) << in;
}

TEST(ADecimal, refuses_whatever_is_not_a_number_of_at_most_18_digits) {
  for (const char* text : {"",
                           "-",
                           "+",
                           ".",
                           "1.",
                           ".5",
                           "1.2.3",
                           "1,5",
                           "1e3",
                           "0x10",
                           " 1",
                           "1 ",
                           "--1",
                           "1-",
                           "NaN",
                           "1000000000000000000",
                           "18446744073709551616",
                           "0.0000000000000000001",
                           "12a",
                           "1234567890123456.789",
                           "0001234567890123456789"}) {
    EXPECT_EQ(text_of(parse_decimal(text)), "nothing") << text;
  }
}

TEST(ADecimal, keeps_mantissa_and_resolution) {
  const Decimal value = of("001234.560");

  EXPECT_EQ(value.mantissa, 1234560);
  EXPECT_EQ(value.exponent, -3);
}

TEST(ADecimal, compares_by_value_whatever_the_resolution) {
  EXPECT_EQ(of("1.500"), of("1.5"));
  EXPECT_LT(of("-2"), of("-1.999"));
  EXPECT_GT(of("0.001"), of("0"));
  EXPECT_GT((Decimal{1, 18}), (Decimal{max_mantissa, -18}));
  EXPECT_LT((Decimal{-1, 18}), (Decimal{max_mantissa, -18}));
  EXPECT_EQ((Decimal{0, 18}), (Decimal{0, -18}));
  EXPECT_EQ((Decimal{1, 18}), (Decimal{1, 18}));
  EXPECT_EQ((Decimal{1, 3}), (Decimal{1000, 0}));
}

TEST(ADecimal, adds_and_subtracts_exactly_at_the_finer_resolution) {
  EXPECT_EQ(text_of(add(of("0.1"), of("0.02"))), "0.12");
  EXPECT_EQ(text_of(add(of("1234.560"), of("0.440"))), "1235.000");
  EXPECT_EQ(text_of(subtract(of("0.193"), of("1"))), "-0.807");
  EXPECT_EQ(text_of(add(of("999999999999999999"), of("1"))), "nothing");
  EXPECT_EQ(text_of(add(of("999999999999999999"), of("0.1"))), "nothing");
}

TEST(ADecimal, multiplies_exactly_or_not_at_all) {
  EXPECT_EQ(text_of(multiply(of("1.5"), of("-0.20"))), "-0.300");
  EXPECT_EQ(text_of(multiply(of("1000000000"), of("1000000000"))), "nothing");
  EXPECT_EQ(text_of(multiply(of("0.0000000001"), of("0.0000000001"))), "nothing");
}

TEST(ADecimal, moves_its_point_without_losing_a_digit) {
  EXPECT_EQ(text_of(shift_point(of("0.193"), 3)), "193");
  EXPECT_EQ(text_of(shift_point(of("5"), -3)), "0.005");
  EXPECT_EQ(text_of(shift_point(of("1.5"), 3)), "1500");
  EXPECT_EQ(text_of(shift_point(of("1234.560"), 1)), "12345.60");
  EXPECT_EQ(text_of(shift_point(of("0.00"), 3)), "0");
  EXPECT_EQ(text_of(shift_point(of("1"), 400)), "nothing");
  EXPECT_EQ(text_of(shift_point(of("1"), -19)), "nothing");
  EXPECT_EQ(shift_point(of("5"), 1)->exponent, 0);
  EXPECT_EQ(text_of(shift_point(of("999999999999999999"), 3)), "999999999999999999000");
}

TEST(ADecimal, is_divided_with_halves_rounded_to_even) {
  struct Row {
    const char* value;
    std::int64_t divisor;
    std::int8_t exponent;
    const char* quotient;
  };
  for (const Row& row :
       {Row{"1", 3, -3, "0.333"}, Row{"2", 3, -3, "0.667"}, Row{"1", 2, 0, "0"},
        Row{"3", 2, 0, "2"}, Row{"5", 2, 0, "2"}, Row{"-1", 2, 0, "0"}, Row{"-3", 2, 0, "-2"},
        Row{"0.25", 1, -1, "0.2"}, Row{"0.35", 1, -1, "0.4"}, Row{"0.2501", 1, -1, "0.3"},
        Row{"7.5", 3, 0, "2"}, Row{"7.6", 3, 0, "3"}, Row{"7.4", 3, 0, "2"}, Row{"10.5", 3, 0, "4"},
        Row{"10.4", 3, 0, "3"}, Row{"0.000000000000000001", 7, 0, "0"}, Row{"1", 1, -18, "nothing"},
        Row{"1", 0, 0, "nothing"}, Row{"1", -1, 0, "nothing"}}) {
    EXPECT_EQ(text_of(divide(of(row.value), row.divisor, row.exponent)), row.quotient)
        << row.value << " / " << row.divisor;
  }
}

TEST(ADecimal, is_divided_as_long_division_says) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto mantissa = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
    const auto divisor = static_cast<std::int64_t>(random() % 1000) + 1;
    const int drop = static_cast<int>(random() % 7) - 3;  // digits lost (or gained, below zero)
    std::int64_t numerator = mantissa < 0 ? -mantissa : mantissa;
    std::int64_t denominator = divisor;
    for (int k = 0; k < drop; ++k) denominator *= 10;
    for (int k = 0; k > drop; --k) numerator *= 10;
    std::int64_t expected = numerator / denominator;
    const std::int64_t twice_rest = 2 * (numerator % denominator);
    if (twice_rest > denominator || (twice_rest == denominator && expected % 2 == 1)) ++expected;
    if (mantissa < 0) expected = -expected;

    const auto quotient = divide({mantissa, -3}, divisor, static_cast<std::int8_t>(drop - 3));

    ASSERT_TRUE(quotient);
    ASSERT_EQ(quotient->mantissa, expected) << mantissa << "e-3 / " << divisor << " drop " << drop;
  }
}

TEST(ADecimal, survives_writing_and_reading) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const Decimal value{static_cast<std::int64_t>(random() % (2 * max_mantissa)) - max_mantissa,
                        static_cast<std::int8_t>(-static_cast<int>(random() % 19))};
    const auto again = parse_decimal(to_string(value));
    ASSERT_TRUE(again) << to_string(value);
    ASSERT_EQ(again->mantissa, value.mantissa);
    ASSERT_EQ(again->exponent, value.exponent);
  }
}

TEST(ADecimal, writes_positive_exponents_as_zeros) {
  EXPECT_EQ(to_string(Decimal{12, 1}), "120");
  EXPECT_EQ(to_string(Decimal{0, 5}), "0");
  EXPECT_EQ(to_string(Decimal{-max_mantissa, 18}), "-999999999999999999000000000000000000");
  EXPECT_EQ(to_string(absolute(Decimal{-5, -1})), "0.5");
}

}  // namespace
}  // namespace p1meter
