// SPDX-License-Identifier: Apache-2.0
// Decoding: the times in DLMS data. Includes values only.
#pragma once

#include <string_view>

#include "decoding/stamp.hpp"

namespace p1meter::decoding {

inline constexpr std::size_t clock_size = 12;  // octets of a date-time

/// Reads a date-time of clock_size octets.
///
///     07E5 09 1B 01 09 2F 0F 00 FF88 80      2021-09-27, Monday, 09:47:15.00, +02:00
///     year month day weekday hour minute second hundredths deviation status
///
/// The deviation is in minutes from local time to UTC, so it is the utc_offset with the other sign;
/// 8000 says nothing. An unspecified second (FF) is the minute's first. Weekday and hundredths are
/// not looked at.
///
/// Output    unset when date and time are all unspecified (FF) or zero; malformed when it is no
///           calendar date
/// Source    Blue Book, date-time
[[nodiscard]] Stamp read_clock(std::string_view octets) noexcept;

/// True when the clock status of these 12 octets calls the time invalid or doubtful.
[[nodiscard]] bool is_doubtful(std::string_view octets) noexcept;

/// Reads a time (hour, minute, second, hundredths; 4 octets) and a date (year, month, day, weekday;
/// 5 octets) that stand in two elements. The same rules, without deviation.
[[nodiscard]] Stamp read_clock(std::string_view date_octets, std::string_view time_octets) noexcept;

}  // namespace p1meter::decoding
