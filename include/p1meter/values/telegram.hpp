// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"
#include "p1meter/values/problem.hpp"
#include "p1meter/values/time.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter {

/// ok: every check that the frame carries passed. bad: one failed. absent: it carries none.
enum class Integrity : std::uint8_t { ok, absent, bad };
/// The checksum rule that a text telegram passed: CRC-16/ARC (the standards'), or CRC-16/X-25
/// (Holley, Hungary).
enum class ChecksumRule : std::uint8_t { none, arc, x25 };
enum class Protocol : std::uint8_t { dsmr, dlms };
enum class Link : std::uint8_t { none, hdlc, mbus };

[[nodiscard]] std::string_view integrity_name(
    Integrity integrity) noexcept;  // "ok", "absent", "bad"

/// One entry of an object that is a list: a power failure (end, duration), a month's peak (month
/// stamp, time, value).
struct ObjectRow {
  std::optional<MeterClock>
      stamp{};  // first time of the row: month stamp, or the time of a single-time row
  std::optional<MeterClock> time{};  // second time of the row, if it has two
  bool unset{};                      // a stamp was there but is one of the "no data" values
  std::optional<Decimal> number{};
  Unit unit{Unit::none};
  std::string_view text{};  // the value as sent
};

/// One COSEM object of a telegram, as sent: nothing is named, converted or believed yet.
///
/// Owns      views are into the frame (or its deciphered text) and live as long as it
struct CosemObject {
  Obis obis{};
  Unit unit{Unit::none};    // as sent
  bool has_unit{};          // false: the meter sent none, the table's unit holds
  bool unit_known{true};    // false: it sent one that is not in the list of units
  bool time_unset{};        // the value has one of the "never read" stamps
  bool time_malformed{};    // it has a stamp that is no time
  bool scale_unknown{};     // DLMS: nobody says which power of ten and unit the number has
  std::uint32_t offset{};   // of the object's first byte in the frame
  std::string_view raw{};   // all value groups with their parentheses: "(200509134558S)(02.589*kW)"
  std::string_view text{};  // the value's own characters, without unit: "02.589"; a text that was
                            // wrapped keeps its line ends (they are not part of the message)
  std::optional<Decimal> number{};   // when text is a number of at most 18 digits
  std::optional<MeterClock> time{};  // the value's own time
  std::uint32_t first_row{};         // rows of Telegram::rows that belong to this object
  std::uint32_t row_count{};
};

/// How a telegram was ciphered, as its envelope says.
/// Source    Green Book, general-glo-ciphering
struct Ciphering {
  std::uint8_t security{};          // security control: 0x10 authenticated, 0x20 encrypted, suite
  std::string_view system_title{};  // the meter's, 8 octets
  std::uint32_t counter{};          // invocation counter: grows by one a telegram
  bool authenticated{};             // it carries a tag, which was checked and right
};

/// One element of a DLMS list that no layout describes, shown so that its owner can describe it.
struct ListItem {
  std::string_view position{};  // from 0 at each level: "3", or "4.1" inside the fifth element
  std::string_view type{};      // "double-long-unsigned"
  std::string_view value{};     // as text; octet-strings that are not printable as hex
  std::uint32_t offset{};       // of its tag in the frame
};

/// A decoded telegram. Meant to be kept and filled again: clear() keeps the vectors' memory.
struct Telegram {
  Protocol protocol{Protocol::dsmr};
  Link link{Link::none};
  bool encrypted{};
  Integrity integrity{Integrity::absent};
  ChecksumRule checksum{ChecksumRule::none};
  std::string_view frame{};           // the bytes it came from
  std::string_view identification{};  // the line after '/', without the '/'
  std::string_view version{};         // value of 1-3:0.2.8 or 0-0:96.1.4
  bool emucs{};                       // the version came from 0-0:96.1.4
  std::string_view layout{};          // DLMS list form; empty for text
  std::string_view profile{};  // DLMS: MeterProfile::name by the list's layout; empty: it says none
  std::optional<MeterClock> time{};  // 0-0:1.0.0
  std::vector<CosemObject> objects{};
  std::vector<ObjectRow> rows{};
  std::vector<ListItem> items{};         // DLMS: elements without a name
  std::optional<Ciphering> ciphering{};  // of its envelope, also of one that encrypts nothing
  std::vector<Problem> problems{};
  std::vector<std::uint32_t> slots{};  // the decoder's own: finds objects by their code
  std::vector<char> plain{};           // the deciphered APDU
  std::vector<char> text_memory{};     // texts that are not in the frame as they stand (hex)

  void clear() noexcept;
};

}  // namespace p1meter
