// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the clock of a meter.
#pragma once

#include <cstdint>
#include <string>

#include "p1meter/values/time.hpp"

namespace p1meter::simulator {

struct LocalTime {
  int year{};
  unsigned month{};  // 1..12
  unsigned day{};
  unsigned hour{};
  unsigned minute{};
  unsigned second{};
  unsigned weekday{};   // 0 = Sunday
  int day_of_year{};    // from 0
  int second_of_day{};  // of the wall clock
  bool summer{};        // an hour ahead of the zone's standard time
  int utc_offset{};     // minutes east of UTC
};

/// Wall time at an instant, by the European rule (Directive 2000/84/EC). Written apart from the
/// decoder's, so that one tests the other.
[[nodiscard]] LocalTime local_time(Instant instant, const Zone& zone) noexcept;

/// The instant of local midnight at the beginning of a month.
[[nodiscard]] Instant month_start(int year, unsigned month, const Zone& zone) noexcept;

/// Appends YYMMDDhhmmss and the letter S or W. Source    DSMR P1 5.0.2 sec 6.4 (TST)
void append_stamp(std::string& text, Instant instant, const Zone& zone);
/// The same without letter, as before DSMR 4.
void append_stamp_without_letter(std::string& text, Instant instant, const Zone& zone);
/// Only YYMMDD, only hhmmss, and YYYYMMDD hh:mm:ss. Source    recordings (AM550, NES)
void append_date(std::string& text, Instant instant, const Zone& zone);
void append_time_of_day(std::string& text, Instant instant, const Zone& zone);
void append_long_stamp(std::string& text, Instant instant, const Zone& zone);

}  // namespace p1meter::simulator
