// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter {

/// An OBIS code: the six value groups A-B:C.D.E*F that name a COSEM object. All six are kept in one
/// integer, for codes are compared far more often than they are taken apart.
///
/// Group F is 255 ("not used") when a telegram leaves it out, which is the usual case.
/// Source    IEC 62056-61: a missing F group means 255.
class Obis {
 public:
  constexpr Obis() noexcept = default;
  constexpr Obis(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint8_t e,
                 std::uint8_t f = 255) noexcept
      : packed_{std::uint64_t{a} << 40U | std::uint64_t{b} << 32U | std::uint64_t{c} << 24U |
                std::uint64_t{d} << 16U | std::uint64_t{e} << 8U | std::uint64_t{f}} {}

  /// From what packed() gives; the upper two bytes do not count.
  [[nodiscard]] static constexpr Obis from_packed(std::uint64_t packed) noexcept {
    Obis obis;
    obis.packed_ = packed & 0xFFFF'FFFF'FFFFU;
    return obis;
  }

  /// Group A in the highest of the lower six bytes, F in the lowest; the upper two are zero.
  [[nodiscard]] constexpr std::uint64_t packed() const noexcept { return packed_; }

  [[nodiscard]] constexpr std::uint8_t a() const noexcept { return group<40>(); }
  [[nodiscard]] constexpr std::uint8_t b() const noexcept { return group<32>(); }
  [[nodiscard]] constexpr std::uint8_t c() const noexcept { return group<24>(); }
  [[nodiscard]] constexpr std::uint8_t d() const noexcept { return group<16>(); }
  [[nodiscard]] constexpr std::uint8_t e() const noexcept { return group<8>(); }
  [[nodiscard]] constexpr std::uint8_t f() const noexcept { return group<0>(); }

  friend constexpr auto operator<=>(const Obis&, const Obis&) = default;

 private:
  template <unsigned shift>
  [[nodiscard]] constexpr std::uint8_t group() const noexcept {
    return static_cast<std::uint8_t>(packed_ >> shift);
  }

  std::uint64_t packed_{255};
};

/// Reads a whole reduced OBIS code.
///
/// Output    nothing when the text is not exactly one code or a group exceeds 255
///           (after a point F is 255: field meters print "1-0:31.7.0.255", and nothing else)
/// Grammar   code = A "-" B ":" C ("." | ":") D ("." | ":") E [ "*" F | ".255" ]
///           (colons: DSMR 4.x tables)
/// Example   parse_obis("1-0:1.8.1") == Obis{1, 0, 1, 8, 1, 255}
[[nodiscard]] std::optional<Obis> parse_obis(std::string_view text) noexcept;

/// The code as users write it, without F when that is 255: "0-1:24.2.1", "1-0:1.8.0*1".
[[nodiscard]] std::string to_string(const Obis& obis);

}  // namespace p1meter
