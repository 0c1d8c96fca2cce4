// SPDX-License-Identifier: Apache-2.0
// Mapping: the characters of a value, read in the way its table entry says.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/mapping/transformer.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::mapping {

/// Characters from their hex codes. Where the text is not an even number of hex digits, or the
/// result is not printable ASCII, it stands as sent. Line ends inside do not count: meters wrap
/// long texts. Source recordings of meters
void decode_characters(std::string_view text, std::string& result);

/// "999", "999.9", "99.999": three nines or more and nothing else but one point and leading zeros.
[[nodiscard]] bool is_all_nines(std::string_view text) noexcept;

/// True for digits, one sign and one point only: a number, however long.
[[nodiscard]] bool looks_like_number(std::string_view text) noexcept;

/// One value group of a line, "100*A".
struct ValueGroup {
  std::string_view text{};
  Unit unit{Unit::none};
  bool unit_known{true};
};
/// The group-th (from 1) of raw = "(100*A)(-063*A)".
[[nodiscard]] std::optional<ValueGroup> value_group(std::string_view raw,
                                                    std::uint8_t group) noexcept;

/// The value groups without the outermost parentheses: "(400)" -> "400".
[[nodiscard]] std::string_view without_parentheses(std::string_view raw) noexcept;

/// What a list's rows are made with.
struct RowRules {
  Unit unit{Unit::none};       // published
  Unit bare_unit{Unit::none};  // of a row without a unit
  std::optional<Zone> zone{};
  std::optional<Ratio> ratio{};  // of the transformers before the meter
};

/// {end, duration} of each outage, most recent first as sent. Rows that mean "no entry" are left
/// out; one whose time is impossible but whose duration is not keeps the duration.
/// Errors    false when a row holds no number, or one in a unit of another kind
[[nodiscard]] bool read_failure_log(std::span<const ObjectRow> rows, const RowRules& rules,
                                    std::vector<ListRow>& result);

/// {month, time, value} of each month. The stamp that meters send is the first instant of the month
/// that follows. Source recordings of meters
[[nodiscard]] bool read_peak_history(std::span<const ObjectRow> rows, const RowRules& rules,
                                     std::vector<ListRow>& result);

}  // namespace p1meter::mapping
