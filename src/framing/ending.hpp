// SPDX-License-Identifier: Apache-2.0
// Framing: the line that ends a telegram, and what its checksum says. Includes values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Where a line may end a telegram: the position of its '!', or npos.
///
/// That is at its start, or close to its end straight behind ')' (EFS2 telegrams) or behind a CR
/// whose LF was lost.
/// mask    0x7F where bit 7 carries parity, else 0xFF
[[nodiscard]] std::size_t find_bang(std::string_view line, unsigned char mask) noexcept;

/// What stands behind '!'.
struct Ending {
  enum class Checksum : std::uint8_t { absent, given, damaged };
  Checksum checksum{Checksum::absent};
  std::uint16_t value{};
  std::size_t size{};  // from '!' to the end of what was understood
  bool well_formed{};  // nothing else stands in the line
};

/// Grammar   ending = "!" { hexdigit } { NUL | " " } [ CR ] LF ; at most four digits
/// line    from '!' on
[[nodiscard]] Ending read_ending(std::string_view line, unsigned char mask) noexcept;

/// The verdict of a checksum over the bytes from '/' to '!' inclusive.
struct ChecksumVerdict {
  ChecksumRule rule{ChecksumRule::none};  // none: it does not fit
  bool line_ends_changed{};               // it fits when every line ends in CR LF
};
[[nodiscard]] ChecksumVerdict judge_checksum(std::string_view body, std::uint16_t sent) noexcept;

}  // namespace p1meter
