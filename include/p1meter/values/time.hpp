// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A point in UTC. 64 bits also where time_t has 32 (armhf on Debian 12).
using Instant = std::chrono::sys_time<milliseconds>;

/// "Now", as the caller hands it to the pure core, which has no clock of its own.
///
/// `steady` never jumps and rules every interval; `wall` is what is written into messages. In a
/// replay both follow the recorded times.
struct Moment {
  milliseconds steady{};
  Instant wall{};

  friend constexpr bool operator==(const Moment&, const Moment&) = default;
};

/// What a meter's stamp says about daylight saving: TST letter S or W, or no letter.
enum class SeasonLetter : std::uint8_t { none, summer, winter };

/// A date and time exactly as a meter states it, before any zone is applied. Fields are in range (a
/// real calendar date); a stamp that is not one never becomes a MeterClock. Source    DSMR P1 5.0.2
/// sec 6.4 (TST); Blue Book date-time (deviation, status)
struct MeterClock {
  std::int16_t year{};
  std::uint8_t month{};  // 1..12
  std::uint8_t day{};    // 1..31
  std::uint8_t hour{};   // 0..23
  std::uint8_t minute{};
  std::uint8_t second{};
  SeasonLetter season{SeasonLetter::none};
  std::optional<std::int16_t>
      utc_offset{};  // minutes east of UTC, where the stamp itself says so (DLMS)

  friend constexpr bool operator==(const MeterClock&, const MeterClock&) = default;
};

/// How an instant was found.
enum class TimeCertainty : std::uint8_t {
  exact,        // letter, deviation or an unambiguous local time in a known zone
  ambiguous,    // the doubled autumn hour without a letter; the first pass was taken
  zone_unknown  // local wall time only; `instant` holds it as if it were UTC and must not be
                // published as an instant
};

/// A meter's time placed on the time line.
struct MeterTime {
  Instant instant{};
  std::int16_t utc_offset{};  // minutes east of UTC in force at the meter then
  TimeCertainty certainty{TimeCertainty::exact};

  friend constexpr bool operator==(const MeterTime&, const MeterTime&) = default;
};

/// A local-time rule: standard offset and whether the European summer time applies (last Sunday of
/// March to last Sunday of October, both at 01:00 UTC). Covers every zone a European meter stands
/// in. Source    Directive 2000/84/EC
struct Zone {
  std::int16_t standard_offset{60};  // minutes east of UTC
  bool summer_time{true};

  friend constexpr bool operator==(const Zone&, const Zone&) = default;
};

/// "Europe/Brussels" and the other European names of the tz database, "UTC", or a fixed "+01:00".
[[nodiscard]] std::optional<Zone> parse_zone(std::string_view name) noexcept;

/// Places a meter's stamp: its own deviation first, then the letter (S = standard + 1 h, W =
/// standard), then the zone's rule. Without letter and without zone the certainty is zone_unknown.
/// `previous`: the stamp before this one; in the doubled hour without letter the second pass is
/// taken when the previous stamp was later than the first pass.
[[nodiscard]] MeterTime place(const MeterClock& clock, const std::optional<Zone>& zone,
                              std::optional<Instant> previous = std::nullopt) noexcept;

/// Minutes east of UTC that hold in a zone at an instant.
[[nodiscard]] std::int16_t utc_offset_at(const Zone& zone, Instant instant) noexcept;

using TimeBuffer = std::array<char, 40>;

/// RFC 3339 with offset, "2024-10-27T02:30:05+02:00"; local time without offset when the zone is
/// unknown.
[[nodiscard]] std::string_view write_time(const MeterTime& time, TimeBuffer& buffer) noexcept;
/// UTC with milliseconds, "2024-10-27T00:30:05.123Z".
[[nodiscard]] std::string_view write_time(Instant instant, TimeBuffer& buffer) noexcept;
[[nodiscard]] std::string to_string(const MeterTime& time);
[[nodiscard]] std::string to_string(Instant instant);
/// Reads RFC 3339 with offset or Z, fractions of a second to milliseconds.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text) noexcept;

}  // namespace p1meter
