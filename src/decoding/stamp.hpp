// SPDX-License-Identifier: Apache-2.0
// Decoding: the times that meters print. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/values/time.hpp"

namespace p1meter::decoding {

struct Stamp {
  enum class Kind : std::uint8_t {
    none,       // does not look like a time at all
    clock,      // a calendar date and time
    unset,      // one of the values that mean "never": see read_stamp
    malformed,  // has the shape of a time and is none
  };
  Kind kind{Kind::none};
  MeterClock clock{};  // of an unset one too, where it is a calendar date; else year 0
};

/// Reads a time in any form that meters use.
///
/// Grammar   stamp = YYMMDDhhmmss [ "S" | "W" ]        DSMR, TST; twelve digits: DSMR 2 and 3, REW
///                 | YYYYMMDD " " hh ":" mm ":" ss     NES 83335
///                 | YY-MM-DD " " hh ":" mm ":" ss     ACE4000
///           Second 60 is the next second. Unset: 632525252525 (FF bytes printed as decimals), and
///           any time of 700101, 000101, 000000
/// Source    DSMR P1 5.0.2 sec 6.4; recordings of meters
///           `clock` is written for a clock and for an unset one that is a calendar date
[[nodiscard]] Stamp::Kind read_stamp(std::string_view text, MeterClock& clock) noexcept;

/// The same as one value. Inline: fourteen bytes are slow to hand back in registers.
[[nodiscard]] inline Stamp read_stamp(std::string_view text) noexcept {
  Stamp stamp;
  stamp.kind = read_stamp(text, stamp.clock);
  return stamp;
}

}  // namespace p1meter::decoding
