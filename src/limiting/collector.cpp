// SPDX-License-Identifier: Apache-2.0
// Limiting: the numbers of one window, as one number.
#include "limiting/collector.hpp"

namespace p1meter {

void Collector::add_aligned(const Decimal& number) noexcept {
  for (; exponent_ > number.exponent && summable_; --exponent_) summable_ = sum_.times_ten();
  if (!summable_) return;
  if (number.exponent == exponent_) return sum_.add(number.mantissa);
  const auto aligned = shift_point(number, -exponent_);
  // A whole number where it fits: the sum's exponent is the finest so far.
  if (!aligned || aligned->exponent != 0) {
    summable_ = false;
    return;
  }
  sum_.add(aligned->mantissa);
}

Decimal Collector::result(Aggregate aggregate) const noexcept {
  if (aggregate != Aggregate::mean || !summable_) return number_;
  const auto mean = sum_.divided_by(count_);
  if (!mean || *mean > max_mantissa || *mean < -max_mantissa) return number_;
  return {*mean, exponent_};
}

}  // namespace p1meter
