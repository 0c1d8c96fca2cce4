// SPDX-License-Identifier: Apache-2.0
// Limiting: the numbers of one window, as one number. Includes values only.
#pragma once

#include <cstdint>
#include <optional>

#include "limiting/wide_sum.hpp"
#include "p1meter/limiting/policy.hpp"

namespace p1meter {

/// Mean, least or greatest of the numbers that joined since clear().
class Collector {
 public:
  void clear() noexcept { *this = {}; }
  void add(Aggregate aggregate, const Decimal& number, const std::optional<MeterTime>& time);

  /// A mean has the finest resolution of its inputs, rounded half to even. Where that cannot be
  /// held in a Decimal (inputs 18 and more digits apart, which no meter sends) it is the newest
  /// number.
  [[nodiscard]] Decimal result(Aggregate aggregate) const noexcept;
  /// The own time of the least or greatest number; for a mean, of the newest.
  [[nodiscard]] const std::optional<MeterTime>& time() const noexcept { return time_; }

 private:
  void add_to_sum(const Decimal& number) noexcept;
  /// The same for a number of another resolution than the sum's.
  void add_aligned(const Decimal& number) noexcept;

  WideSum sum_{};
  Decimal number_{};  // least, greatest or newest so far
  std::optional<MeterTime> time_{};
  std::uint32_t count_{};
  std::int8_t exponent_{};  // of the sum
  bool summable_{true};
};

// ---- what a mean's every value goes through; in the header, so that it becomes part of its caller

inline void Collector::add(Aggregate aggregate, const Decimal& number,
                           const std::optional<MeterTime>& time) {
  const bool first = count_ == 0;
  ++count_;
  if (aggregate == Aggregate::mean) add_to_sum(number);
  // Of two equal extremes the newer one stays: its time and digits are the fresher ones.
  const bool takes_over = first || (aggregate == Aggregate::min   ? number <= number_
                                    : aggregate == Aggregate::max ? number >= number_
                                                                  : true);
  if (!takes_over) return;
  number_ = number;
  time_ = time;
}

inline void Collector::add_to_sum(const Decimal& number) noexcept {
  if (count_ == 1) exponent_ = number.exponent;
  if (number.exponent == exponent_ && summable_) return sum_.add(number.mantissa);
  add_aligned(number);
}

}  // namespace p1meter
