// SPDX-License-Identifier: Apache-2.0
// Decoding: the times in DLMS data.
#include "decoding/dlms_clock.hpp"

#include <algorithm>

#include "decoding/calendar.hpp"
#include "p1meter/values/octets.hpp"

namespace p1meter::decoding {
namespace {

constexpr unsigned unspecified = 0xFF;
constexpr unsigned unspecified_year = 0xFFFF;
constexpr unsigned last_year = 9999;  // four digits, as times are written
constexpr int unspecified_deviation = -0x8000;
constexpr int largest_deviation = 14 * 60;  // no place on earth is further from UTC
constexpr unsigned status_invalid = 0x01;   // bits of the clock status
constexpr unsigned status_doubtful = 0x02;

/// The octets of one date and time.
struct Fields {
  unsigned year{};
  unsigned month{};
  unsigned day{};
  unsigned hour{};
  unsigned minute{};
  unsigned second{};
};

Fields fields_of(std::string_view date, std::string_view time) noexcept {
  return {unsigned{octet(date, 0)} << 8U | octet(date, 1),
          octet(date, 2),
          octet(date, 3),
          octet(time, 0),
          octet(time, 1),
          octet(time, 2)};
}

bool is_unset(const Fields& f) noexcept {
  const bool unspecified_all = f.year == unspecified_year && f.month == unspecified &&
                               f.day == unspecified && f.hour == unspecified &&
                               f.minute == unspecified;
  return unspecified_all || (f.year == 0 && f.month == 0 && f.day == 0);
}

Stamp stamp_of(Fields f) noexcept {
  if (is_unset(f)) return {Stamp::Kind::unset, {}};
  if (f.second == unspecified) f.second = 0;
  const bool real =
      f.year >= 1 && f.year <= last_year &&
      is_date(static_cast<int>(f.year), static_cast<int>(f.month), static_cast<int>(f.day)) &&
      f.hour <= 23 && f.minute <= 59 && f.second <= 59;
  if (!real) return {Stamp::Kind::malformed, {}};
  MeterClock clock;
  clock.year = static_cast<std::int16_t>(f.year);
  clock.month = static_cast<std::uint8_t>(f.month);
  clock.day = static_cast<std::uint8_t>(f.day);
  clock.hour = static_cast<std::uint8_t>(f.hour);
  clock.minute = static_cast<std::uint8_t>(f.minute);
  clock.second = static_cast<std::uint8_t>(f.second);
  return {Stamp::Kind::clock, clock};
}

}  // namespace

Stamp read_clock(std::string_view octets) noexcept {
  constexpr std::size_t date_size = 5;
  if (octets.size() != clock_size) return {Stamp::Kind::malformed, {}};
  Stamp stamp = stamp_of(fields_of(octets, octets.substr(date_size)));
  if (stamp.kind != Stamp::Kind::clock) return stamp;
  const auto deviation = static_cast<std::int16_t>(octet(octets, 9) << 8U | octet(octets, 10));
  if (deviation != unspecified_deviation) {
    if (deviation < -largest_deviation || deviation > largest_deviation) {
      return {Stamp::Kind::malformed, {}};
    }
    stamp.clock.utc_offset = static_cast<std::int16_t>(-deviation);
  }
  return stamp;
}

bool is_doubtful(std::string_view octets) noexcept {
  if (octets.size() != clock_size) return false;
  const unsigned status = octet(octets, clock_size - 1);
  return status != unspecified && (status & (status_invalid | status_doubtful)) != 0;
}

Stamp read_clock(std::string_view date_octets, std::string_view time_octets) noexcept {
  if (date_octets.size() < 4 || time_octets.size() < 3) return {Stamp::Kind::malformed, {}};
  return stamp_of(fields_of(date_octets, time_octets));
}

}  // namespace p1meter::decoding
