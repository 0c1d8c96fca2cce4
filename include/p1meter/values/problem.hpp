// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "p1meter/values/obis.hpp"

namespace p1meter {

/// Everything that can be wrong with a telegram, as a closed list. docs/meters.md shows it to
/// users, so a new one is added there too. Each says what it costs: nothing else of the telegram is
/// lost.
enum class ProblemCode : std::uint8_t {
  // framing and integrity
  no_end,             // the input ended before '!': decoded as far as it goes, integrity absent
  crc_mismatch,       // the checksum is there and wrong: the telegram is not believed
  line_ends_changed,  // the checksum fits only with CR LF restored: an editor changed the capture
  // HDLC, M-Bus and block transfer: each costs the telegram
  hcs_mismatch,    // HDLC: the header check is wrong: the frame is dropped
  part_missing,    // a segment, block or M-Bus frame of a telegram in several parts did not come
  part_malformed,  // a block whose number or length cannot be
  // text lines: each costs its line
  line_malformed,    // not an OBIS code followed by value groups
  value_unclosed,    // '(' without ')'
  value_missing,     // a code without a value group
  duplicate_object,  // the code came before in this telegram: the first one counts
  // values: each costs its reading
  number_malformed,  // a number was expected
  number_too_long,   // more digits than can be held exactly
  unit_unknown,      // a unit that is not known; the table's unit is not assumed
  unit_unexpected,   // a unit of another kind than this code has
  time_malformed,    // not a calendar date, or an unknown letter
  time_unset,        // the "never read" stamps: 632525252525W, 000000000000W, 700101010000W
  rows_malformed,    // a list (failure log, peak history) whose count, header or rows do not fit
  // DLMS: each costs what lies behind it, unless said otherwise
  apdu_unknown,      // neither data-notification nor one of the ciphered or parted forms
  apdu_malformed,    // a data-notification without a readable date-time
  data_cut,          // the data ends inside an element
  length_malformed,  // a length in a form that A-XDR does not have
  count_impossible,  // more elements than there are bytes
  type_unknown,      // a type that no list holds
  nested_too_deep,   // more than eight levels
  list_unknown,      // no layout describes this list: its elements are shown as they are
  object_malformed,  // a name without a value: costs this object
  scale_unknown,     // nobody says which power of ten the number has: costs its reading
  // values that are kept
  time_doubtful,     // DLMS: the meter says that its own clock is not to be trusted
  time_implausible,  // an M-Bus time over a day ahead: published with the receive time
  zone_unknown,      // local time without offset
  // integrity without a checksum
  value_held_back,  // a register that fell or rose impossibly: waits for confirmation
  // encryption
  key_missing,       // encrypted, and no key was given
  key_wrong,         // what the key deciphers is no telegram
  tag_mismatch,      // it is one, but the authentication tag does not fit: wrong authentication
                     // key, or damaged
  security_unknown,  // a security control that p1meter does not know
  cipher_malformed,  // no room for security control, counter or tag
};

/// The code's name in JSON, statistics and logs: "crc_mismatch".
[[nodiscard]] std::string_view problem_name(ProblemCode code) noexcept;

struct Problem {
  ProblemCode code{};
  std::uint32_t offset{};  // bytes from the frame's first byte
  std::optional<Obis> obis{};
  std::string_view text{};  // the offending text, a view into the frame; may be empty
};

}  // namespace p1meter
