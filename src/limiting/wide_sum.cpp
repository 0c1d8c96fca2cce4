// SPDX-License-Identifier: Apache-2.0
// Limiting: a sum of 128 bits, for exact means.
#include "limiting/wide_sum.hpp"

#include <array>
#include <limits>

namespace p1meter {
namespace {

constexpr std::uint64_t low_half = 0xFFFF'FFFFU;

struct Pair {
  std::uint64_t high{};
  std::uint64_t low{};
};

constexpr Pair plus(Pair left, Pair right) noexcept {
  const std::uint64_t low = left.low + right.low;
  return {left.high + right.high + (low < left.low ? 1U : 0U), low};
}

constexpr Pair negated(Pair value) noexcept { return plus({~value.high, ~value.low}, {0, 1}); }

constexpr bool is_negative(Pair value) noexcept { return value.high >> 63U != 0; }

constexpr Pair shifted_left(Pair value, unsigned bits) noexcept {
  return {value.high << bits | value.low >> (64U - bits), value.low << bits};
}

}  // namespace

bool WideSum::times_ten() noexcept {
  const Pair value{high_, low_};
  const Pair magnitude = is_negative(value) ? negated(value) : value;
  if (magnitude.high >> 58U != 0) return false;
  const Pair product = plus(shifted_left(value, 3), shifted_left(value, 1));
  high_ = product.high;
  low_ = product.low;
  return true;
}

std::optional<std::int64_t> WideSum::divided_by(std::uint32_t divisor) const noexcept {
  const Pair value{high_, low_};
  const bool negative = is_negative(value);
  const Pair magnitude = negative ? negated(value) : value;
  const std::array<std::uint64_t, 4> digits{magnitude.high >> 32U, magnitude.high & low_half,
                                            magnitude.low >> 32U, magnitude.low & low_half};
  Pair quotient{};
  std::uint64_t rest = 0;
  for (const std::uint64_t digit : digits) {  // long division, 32 bits at a time
    const std::uint64_t part = rest << 32U | digit;
    quotient = shifted_left(quotient, 32);
    quotient.low |= part / divisor;
    rest = part % divisor;
  }
  const bool up = rest * 2 > divisor || (rest * 2 == divisor && (quotient.low & 1U) != 0);
  if (up) quotient = plus(quotient, {0, 1});
  if (quotient.high != 0 || quotient.low > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    return std::nullopt;
  const auto result = static_cast<std::int64_t>(quotient.low);
  return negative ? -result : result;
}

}  // namespace p1meter
