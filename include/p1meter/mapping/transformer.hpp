// SPDX-License-Identifier: Apache-2.0
// Mapping: measuring transformers between the grid and the meter. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "p1meter/values/decimal.hpp"

namespace p1meter {

/// A transformer's ratio, exactly: primary over secondary, 200/5. Both within 1..1 000 000, lowest
/// terms.
struct Ratio {
  std::int64_t primary{1};
  std::int64_t secondary{1};

  friend constexpr bool operator==(const Ratio&, const Ratio&) = default;
};

/// "200/5", "40", "0.1"
/// Output    nothing unless both are greater than 0 and at most 1 000 000, with at most 6 decimals
[[nodiscard]] std::optional<Ratio> parse_ratio(std::string_view text) noexcept;
[[nodiscard]] std::optional<Ratio> make_ratio(const Decimal& number) noexcept;

/// value x ratio. Keeps the value's resolution where the result fits it, else takes up to three
/// decimals more; what does not end there is rounded half away from zero. Nothing when it would
/// leave the range of Decimal.
[[nodiscard]] std::optional<Decimal> apply_ratio(const Decimal& value, const Ratio& ratio) noexcept;

/// What the electricity meter's values are multiplied by: currents by the current transformer's
/// ratio, voltages by the voltage transformer's, powers and energies by both. Limits and ratios
/// that the meter sends, and M-Bus devices, are left alone.
struct Transformer {
  Ratio current{};
  Ratio voltage{};
  bool current_from_meter{};  // the ratio that the meter sends (1-0:0.4.2, 1-0:1.4.2) instead
  bool voltage_from_meter{};  // likewise (1-0:0.4.3, 1-0:1.4.3)

  [[nodiscard]] constexpr bool in_use() const noexcept {
    return current != Ratio{} || voltage != Ratio{} || current_from_meter || voltage_from_meter;
  }
  friend constexpr bool operator==(const Transformer&, const Transformer&) = default;
};

}  // namespace p1meter
