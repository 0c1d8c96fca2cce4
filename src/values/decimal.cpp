// SPDX-License-Identifier: Apache-2.0
// Values: exact decimal numbers. 64-bit integers only: 32-bit ARM has no wider ones.
#include "p1meter/values/decimal.hpp"

#include <algorithm>

#include "p1meter/values/scan.hpp"

namespace p1meter {
namespace {

constexpr std::array<std::int64_t, max_exponent + 1> make_powers() noexcept {
  std::array<std::int64_t, max_exponent + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto powers_of_10 = make_powers();

constexpr bool fits(std::int64_t mantissa) noexcept {
  return mantissa <= max_mantissa && mantissa >= -max_mantissa;
}

/// mantissa x 10^power; nothing when 64 bits do not hold it.
std::optional<std::int64_t> scaled_up(std::int64_t mantissa, int power) noexcept {
  if (mantissa == 0) return 0;
  if (power > max_exponent) return std::nullopt;
  std::int64_t result = 0;
  const auto factor = powers_of_10[static_cast<std::size_t>(power)];
  if (__builtin_mul_overflow(mantissa, factor, &result)) return std::nullopt;
  return result;
}

std::optional<Decimal> checked(std::int64_t mantissa, int exponent) noexcept {
  if (!fits(mantissa) || exponent < -max_exponent || exponent > max_exponent) return std::nullopt;
  return Decimal{mantissa, static_cast<std::int8_t>(exponent)};
}

constexpr std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? 0U - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// A whole quotient and how what is left compares with one half.
struct Quotient {
  std::uint64_t whole{};
  std::strong_ordering rest_to_half{std::strong_ordering::less};
};

/// number x 10^power / divisor; nothing when it exceeds the largest mantissa.
std::optional<Quotient> divide_scaled_up(std::uint64_t number, int power,
                                         std::uint64_t divisor) noexcept {
  std::uint64_t whole = number / divisor;
  std::uint64_t rest = number % divisor;
  for (; power > 0; --power) {
    std::uint64_t digit = 0;
    std::uint64_t tenfold = 0;  // rest x 10 modulo divisor, by additions: the product may not fit
    for (int i = 0; i < 10; ++i) {
      tenfold += rest;
      if (tenfold >= divisor) {
        tenfold -= divisor;
        ++digit;
      }
    }
    rest = tenfold;
    if (whole > static_cast<std::uint64_t>(max_mantissa) / 10) return std::nullopt;
    whole = whole * 10 + digit;
  }
  return Quotient{whole, rest <=> divisor - rest};
}

/// number / (divisor x 10^power), power > 0.
Quotient divide_scaled_down(std::uint64_t number, int power, std::uint64_t divisor) noexcept {
  if (power > max_exponent) return {};  // below one tenth
  const auto factor = static_cast<std::uint64_t>(powers_of_10[static_cast<std::size_t>(power)]);
  const std::uint64_t shortened = number / factor;
  const std::uint64_t fraction = number % factor;
  const std::uint64_t rest = shortened % divisor;
  Quotient quotient{shortened / divisor, rest <=> divisor - rest};
  if (std::is_eq(quotient.rest_to_half) && fraction > 0) {
    quotient.rest_to_half = std::strong_ordering::greater;
  } else if (rest + 1 == divisor - rest) {  // half lies inside this last unit
    quotient.rest_to_half = fraction <=> factor - fraction;
  }
  return quotient;
}

char* write_unsigned(std::uint64_t value, char* out) noexcept {
  std::array<char, 20> digits{};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  while (count > 0) *out++ = digits[--count];
  return out;
}

}  // namespace

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) noexcept {
  if (left.exponent == right.exponent) return left.mantissa <=> right.mantissa;
  if (left.exponent < right.exponent) {
    const auto reversed = right <=> left;
    if (std::is_eq(reversed)) return reversed;
    return std::is_lt(reversed) ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  const auto aligned = scaled_up(left.mantissa, left.exponent - right.exponent);
  if (!aligned) return left.mantissa <=> 0;  // beyond every mantissa: its sign decides
  return *aligned <=> right.mantissa;
}

bool operator==(const Decimal& left, const Decimal& right) noexcept {
  return std::is_eq(left <=> right);
}

std::optional<Decimal> parse_decimal(std::string_view text) noexcept {
  Decimal number;
  const char* at = text.data();
  const char* const end = at + text.size();
  if (!scan::take_decimal(at, end, number) || at != end) return std::nullopt;
  return number;
}

std::optional<Decimal> add(const Decimal& left, const Decimal& right) noexcept {
  const int exponent = std::min<int>(left.exponent, right.exponent);
  const auto a = scaled_up(left.mantissa, left.exponent - exponent);
  const auto b = scaled_up(right.mantissa, right.exponent - exponent);
  std::int64_t sum = 0;
  if (!a || !b || __builtin_add_overflow(*a, *b, &sum)) return std::nullopt;
  return checked(sum, exponent);
}

std::optional<Decimal> subtract(const Decimal& left, const Decimal& right) noexcept {
  return add(left, {-right.mantissa, right.exponent});
}

std::optional<Decimal> multiply(const Decimal& left, const Decimal& right) noexcept {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(left.mantissa, right.mantissa, &product)) return std::nullopt;
  return checked(product, left.exponent + right.exponent);
}

std::optional<Decimal> shift_point(const Decimal& value, int powers_of_ten) noexcept {
  constexpr int widest = 2 * max_exponent;  // also keeps the sum below from overflowing
  if (powers_of_ten < -widest || powers_of_ten > widest) return std::nullopt;
  const int exponent = value.exponent + powers_of_ten;
  if (exponent <= 0) return checked(value.mantissa, exponent);
  const auto written_out = scaled_up(value.mantissa, exponent);
  if (written_out && fits(*written_out)) return Decimal{*written_out, 0};
  return checked(value.mantissa, exponent);
}

std::optional<Decimal> divide(const Decimal& value, std::int64_t divisor,
                              std::int8_t exponent) noexcept {
  if (divisor <= 0) return std::nullopt;
  const int power = value.exponent - exponent;
  const auto number = magnitude(value.mantissa);
  const auto by = static_cast<std::uint64_t>(divisor);
  const auto quotient = power >= 0 ? divide_scaled_up(number, power, by)
                                   : std::optional{divide_scaled_down(number, -power, by)};
  if (!quotient) return std::nullopt;
  const bool odd = quotient->whole % 2 == 1;
  const bool round_up =
      odd ? std::is_gteq(quotient->rest_to_half) : std::is_gt(quotient->rest_to_half);
  const auto rounded = static_cast<std::int64_t>(quotient->whole + (round_up ? 1U : 0U));
  return checked(value.mantissa < 0 ? -rounded : rounded, exponent);
}

Decimal absolute(const Decimal& value) noexcept {
  return {value.mantissa < 0 ? -value.mantissa : value.mantissa, value.exponent};
}

std::string_view write_decimal(const Decimal& value, DecimalBuffer& buffer) noexcept {
  char* out = buffer.data();
  if (value.mantissa < 0) *out++ = '-';
  const auto number = magnitude(value.mantissa);
  if (value.exponent >= 0) {
    out = write_unsigned(number, out);
    if (number != 0) out = std::fill_n(out, value.exponent, '0');
  } else {
    const int decimals = -value.exponent;
    const auto scale = static_cast<std::uint64_t>(powers_of_10[static_cast<std::size_t>(decimals)]);
    out = write_unsigned(number / scale, out);
    *out = '.';
    auto fraction = number % scale;
    for (int i = decimals; i > 0; --i, fraction /= 10)
      out[i] = static_cast<char>('0' + fraction % 10);
    out += decimals + 1;
  }
  return {buffer.data(), static_cast<std::size_t>(out - buffer.data())};
}

std::string to_string(const Decimal& value) {
  DecimalBuffer buffer;
  return std::string{write_decimal(value, buffer)};
}

}  // namespace p1meter
