// SPDX-License-Identifier: Apache-2.0
// Mapping: measuring transformers between the grid and the meter.
#include "p1meter/mapping/transformer.hpp"

#include <numeric>

namespace p1meter {
namespace {

constexpr std::int64_t largest = 1'000'000;
constexpr int most_decimals = 6;  // of a ratio
constexpr int more_decimals = 3;  // of a result than of the value

/// Positive, lowest terms, both in range.
std::optional<Ratio> checked(std::int64_t primary, std::int64_t secondary) noexcept {
  if (primary <= 0 || secondary <= 0) return std::nullopt;
  const std::int64_t common = std::gcd(primary, secondary);
  const Ratio ratio{primary / common, secondary / common};
  if (ratio.primary > largest || ratio.secondary > largest) return std::nullopt;
  return ratio;
}

std::optional<Ratio> quotient(const Decimal& above, const Decimal& below) noexcept {
  const auto whole = [](const Decimal& number) {
    const auto shifted = shift_point(number, most_decimals);
    return shifted && shifted->exponent == 0 ? shifted : std::nullopt;
  };
  const auto primary = whole(above);
  const auto secondary = whole(below);
  if (!primary || !secondary) return std::nullopt;
  return checked(primary->mantissa, secondary->mantissa);
}

std::optional<Decimal> in_range(std::int64_t mantissa, int exponent) noexcept {
  if (mantissa > max_mantissa || mantissa < -max_mantissa || exponent < -max_exponent) {
    return std::nullopt;
  }
  return Decimal{mantissa, static_cast<std::int8_t>(exponent)};
}

}  // namespace

std::optional<Ratio> make_ratio(const Decimal& number) noexcept {
  return quotient(number, Decimal{1, 0});
}

std::optional<Ratio> parse_ratio(std::string_view text) noexcept {
  const auto slash = text.find('/');
  const auto above = parse_decimal(text.substr(0, slash));
  const auto below =
      slash == std::string_view::npos ? Decimal{1, 0} : parse_decimal(text.substr(slash + 1));
  if (!above || !below) return std::nullopt;
  return quotient(*above, *below);
}

std::optional<Decimal> apply_ratio(const Decimal& value, const Ratio& ratio) noexcept {
  const auto product = multiply(value, {ratio.primary, 0});
  if (!product) return std::nullopt;
  std::int64_t mantissa = product->mantissa;
  int exponent = int{product->exponent};
  for (int more = 0; more < more_decimals && mantissa % ratio.secondary != 0; ++more) {
    if (mantissa > max_mantissa / 10 || mantissa < -max_mantissa / 10) return std::nullopt;
    mantissa *= 10;
    --exponent;
  }
  const std::int64_t rest = mantissa % ratio.secondary;
  const std::int64_t whole = mantissa / ratio.secondary;
  if (2 * (rest < 0 ? -rest : rest) < ratio.secondary) return in_range(whole, exponent);
  return in_range(whole + (mantissa < 0 ? -1 : 1), exponent);
}

}  // namespace p1meter
