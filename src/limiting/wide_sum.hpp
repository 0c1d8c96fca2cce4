// SPDX-License-Identifier: Apache-2.0
// Limiting: a sum of 128 bits, for exact means. Includes the standard library only.
#pragma once

#include <cstdint>
#include <optional>

namespace p1meter {

/// A signed sum of 128 bits in two halves: 32-bit ARM has no integer type of that width.
class WideSum {
 public:
  /// Never overflows for fewer than 2^60 mantissas of a Decimal.
  void add(std::int64_t value) noexcept {
    const auto addend = static_cast<std::uint64_t>(value);
    low_ += addend;
    high_ += (low_ < addend ? 1U : 0U) + (value < 0 ? ~std::uint64_t{0} : 0U);
  }
  /// False, and nothing changed, when ten times the sum might not fit.
  [[nodiscard]] bool times_ten() noexcept;
  /// The quotient rounded half to even; nothing when 64 bits do not hold it. divisor > 0.
  [[nodiscard]] std::optional<std::int64_t> divided_by(std::uint32_t divisor) const noexcept;

 private:
  std::uint64_t high_{};  // two's complement, as a pair
  std::uint64_t low_{};
};

}  // namespace p1meter
