// SPDX-License-Identifier: Apache-2.0
// Values: octets of binary frames and of DLMS data; includes the standard library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace p1meter {

[[nodiscard]] constexpr std::uint8_t octet(char c) noexcept { return static_cast<std::uint8_t>(c); }
[[nodiscard]] constexpr std::uint8_t octet(std::string_view bytes, std::size_t i) noexcept {
  return octet(bytes[i]);
}

/// The first octet highest; no more than four.
[[nodiscard]] constexpr std::uint32_t big_endian(std::string_view octets) noexcept {
  std::uint32_t number = 0;
  for (const char c : octets) number = number << 8U | octet(c);
  return number;
}

/// A length as A-XDR and BER write it.
struct AxdrLength {
  std::uint32_t value{};
  std::uint8_t size{};  // octets of the length itself; 0: there is no such form

  /// Whether it exists and is not cut off by the end of so many octets: else value means nothing.
  [[nodiscard]] constexpr bool is_within(std::size_t octets) const noexcept {
    return size > 0 && size <= octets;
  }
};

/// Reads the length that the bytes begin with; for no bytes at all size is 1.
///
/// Grammar   length = 00..7F | 81 octet | 82 octet octet | 83 .. | 84 ..
/// Source    IEC 61334-6
[[nodiscard]] constexpr AxdrLength read_axdr_length(std::string_view bytes) noexcept {
  constexpr std::uint8_t long_form = 0x80;
  constexpr std::size_t most_octets = 4;
  if (bytes.empty()) return {0, 1};
  const std::uint8_t first = octet(bytes, 0);
  if (first < long_form) return {first, 1};
  const std::size_t count = first - long_form;
  if (count < 1 || count > most_octets) return {};
  const auto size = static_cast<std::uint8_t>(1 + count);
  if (bytes.size() < size) return {0, size};
  return {big_endian(bytes.substr(1, count)), size};
}

}  // namespace p1meter
