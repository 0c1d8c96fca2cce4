// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter {

/// An exact decimal number: mantissa x 10^exponent. Never a binary float from meter to broker.
///
/// The exponent also carries the resolution: 1.500 is {1500, -3} and prints all its digits.
/// Comparison is by value, so 1.500 == 1.5. Range: |mantissa| < 10^18 and -18 <= exponent <= 18;
/// every function below keeps to it and returns nothing where the exact result would not fit.
struct Decimal {
  std::int64_t mantissa{};
  std::int8_t exponent{};
};

inline constexpr std::int64_t max_mantissa = 999'999'999'999'999'999;
inline constexpr int max_exponent = 18;

[[nodiscard]] std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) noexcept;
[[nodiscard]] bool operator==(const Decimal& left, const Decimal& right) noexcept;

/// Reads a whole number as meters print it; leading zeros vanish, trailing zeros stay.
///
/// Errors    nothing when the text is empty, holds anything else, or has more than 18 significant
/// digits Grammar   number = [ "-" | "+" ] digit { digit } [ "." digit { digit } ] Example
/// parse_decimal("001234.560") == Decimal{1234560, -3}
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text) noexcept;

/// Exact arithmetic. The result has the finer resolution of the two (add, subtract) or the sum of
/// both exponents (multiply). Nothing when it would leave the range.
[[nodiscard]] std::optional<Decimal> add(const Decimal& left, const Decimal& right) noexcept;
[[nodiscard]] std::optional<Decimal> subtract(const Decimal& left, const Decimal& right) noexcept;
[[nodiscard]] std::optional<Decimal> multiply(const Decimal& left, const Decimal& right) noexcept;

/// value x 10^powers_of_ten by moving the point: 0.193 by 3 is 193, 5 by -3 is 0.005. Digits are
/// never lost. A positive exponent of the result is written out ({5, 1} becomes {50, 0}) where it
/// fits.
[[nodiscard]] std::optional<Decimal> shift_point(const Decimal& value, int powers_of_ten) noexcept;

/// The quotient at the given exponent, rounded half to even. divisor > 0.
[[nodiscard]] std::optional<Decimal> divide(const Decimal& value, std::int64_t divisor,
                                            std::int8_t exponent) noexcept;

/// |value|
[[nodiscard]] Decimal absolute(const Decimal& value) noexcept;

/// Room for every Decimal's digits: sign, 18 + 18 digits, point.
inline constexpr std::size_t decimal_text_size = 40;
using DecimalBuffer = std::array<char, decimal_text_size>;

/// Writes plain digits: no leading zeros but one before the point, trailing zeros kept, no
/// exponent, no "-0". Owns      the view is into buffer Example   {1234560, -3} -> "1234.560"; {-5,
/// -1} -> "-0.5"; {0, -3} -> "0.000"; {12, 1} -> "120"
[[nodiscard]] std::string_view write_decimal(const Decimal& value, DecimalBuffer& buffer) noexcept;
[[nodiscard]] std::string to_string(const Decimal& value);

}  // namespace p1meter
