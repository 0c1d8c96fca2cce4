// SPDX-License-Identifier: Apache-2.0
// State adapter: how enumerations and bytes of a meter are named in files.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "p1meter/links/link_machine.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::state {

template <class Enum, std::size_t size>
using Names = std::array<std::pair<Enum, std::string_view>, size>;

inline constexpr Names<ReadingKind, 11> kind_names{{
    {ReadingKind::cumulative, "cumulative"},
    {ReadingKind::counter, "counter"},
    {ReadingKind::instantaneous, "instantaneous"},
    {ReadingKind::average, "average"},
    {ReadingKind::setting, "setting"},
    {ReadingKind::state, "state"},
    {ReadingKind::info, "info"},
    {ReadingKind::time, "time"},
    {ReadingKind::text, "text"},
    {ReadingKind::failure_log, "failure_log"},
    {ReadingKind::peak_history, "peak_history"},
}};

inline constexpr Names<Device, 9> device_names{{
    {Device::electricity, "electricity"},
    {Device::gas, "gas"},
    {Device::water, "water"},
    {Device::heat, "heat"},
    {Device::cooling, "cooling"},
    {Device::submeter, "submeter"},
    {Device::valve, "valve"},
    {Device::breaker, "breaker"},
    {Device::other, "other"},
}};

inline constexpr Names<ChecksumRule, 3> checksum_names{{
    {ChecksumRule::none, "none"},
    {ChecksumRule::arc, "arc"},
    {ChecksumRule::x25, "x25"},
}};

inline constexpr Names<link::Parity, 3> parity_names{{
    {link::Parity::none, "none"},
    {link::Parity::even, "even"},
    {link::Parity::odd, "odd"},
}};

template <class Enum, std::size_t size>
constexpr std::string_view name_of(const Names<Enum, size>& names, Enum value) noexcept {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return {};
}

template <class Enum, std::size_t size>
constexpr std::optional<Enum> value_of(const Names<Enum, size>& names,
                                       std::string_view name) noexcept {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

/// Any bytes as printable ASCII and back, so that an equipment id is found again whatever the meter
/// sends: %, control characters and all beyond ASCII become %XX.
[[nodiscard]] std::string to_printable(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_printable(std::string_view text);

}  // namespace p1meter::state
