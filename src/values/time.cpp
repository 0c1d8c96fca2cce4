// SPDX-License-Identifier: Apache-2.0
// Values: meter stamps on the time line, and times as text.
#include "p1meter/values/time.hpp"

#include <algorithm>
#include <cstddef>

namespace p1meter {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::int16_t central_european = 60;  // where a letter comes without a zone
constexpr std::int16_t summer_shift = 60;

Instant last_sunday_at_one(std::chrono::year year, std::chrono::month month) noexcept {
  return std::chrono::sys_days{year / month / std::chrono::Sunday[std::chrono::last]} + hours{1};
}

/// The stamp's fields as if they were UTC.
Instant wall_time(const MeterClock& clock) noexcept {
  const std::chrono::year_month_day date{
      std::chrono::year{clock.year}, std::chrono::month{clock.month}, std::chrono::day{clock.day}};
  return std::chrono::sys_days{date} + hours{clock.hour} + minutes{clock.minute} +
         seconds{clock.second};
}

MeterTime at_offset(Instant wall, std::int16_t offset,
                    TimeCertainty certainty = TimeCertainty::exact) noexcept {
  return {wall - minutes{offset}, offset, certainty};
}

MeterTime by_zone_rule(Instant wall, const Zone& zone,
                       const std::optional<Instant>& previous) noexcept {
  const MeterTime winter = at_offset(wall, zone.standard_offset);
  if (!zone.summer_time) return winter;
  const auto summer_offset = static_cast<std::int16_t>(zone.standard_offset + summer_shift);
  MeterTime summer = at_offset(wall, summer_offset);
  if (utc_offset_at(zone, summer.instant) != summer_offset) return winter;
  if (utc_offset_at(zone, winter.instant) != zone.standard_offset) return summer;
  if (previous && *previous > summer.instant) return winter;  // the doubled hour, second pass
  summer.certainty = TimeCertainty::ambiguous;
  return summer;
}

/// Writes into a TimeBuffer from the front.
class TimeWriter {
 public:
  explicit TimeWriter(TimeBuffer& buffer) noexcept : begin_{buffer.data()}, out_{buffer.data()} {}

  void put(char c) noexcept { *out_++ = c; }
  void put_digits(int value, int width) noexcept {
    for (int i = width - 1; i >= 0; --i, value /= 10) out_[i] = static_cast<char>('0' + value % 10);
    out_ += width;
  }
  void put_date_time(Instant wall) noexcept {
    const auto midnight = std::chrono::floor<days>(wall);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss time{std::chrono::floor<seconds>(wall - midnight)};
    put_digits(std::clamp(static_cast<int>(date.year()), 0, 9999), 4);
    put('-');
    put_digits(static_cast<int>(static_cast<unsigned>(date.month())), 2);
    put('-');
    put_digits(static_cast<int>(static_cast<unsigned>(date.day())), 2);
    put('T');
    put_digits(static_cast<int>(time.hours().count()), 2);
    put(':');
    put_digits(static_cast<int>(time.minutes().count()), 2);
    put(':');
    put_digits(static_cast<int>(time.seconds().count()), 2);
  }
  [[nodiscard]] std::string_view text() const noexcept {
    return {begin_, static_cast<std::size_t>(out_ - begin_)};
  }

 private:
  char* begin_;
  char* out_;
};

}  // namespace

std::int16_t utc_offset_at(const Zone& zone, Instant instant) noexcept {
  if (!zone.summer_time) return zone.standard_offset;
  const auto year = std::chrono::year_month_day{std::chrono::floor<days>(instant)}.year();
  const bool summer = instant >= last_sunday_at_one(year, std::chrono::March) &&
                      instant < last_sunday_at_one(year, std::chrono::October);
  return static_cast<std::int16_t>(zone.standard_offset + (summer ? summer_shift : 0));
}

MeterTime place(const MeterClock& clock, const std::optional<Zone>& zone,
                std::optional<Instant> previous) noexcept {
  const Instant wall = wall_time(clock);
  if (clock.utc_offset) return at_offset(wall, *clock.utc_offset);
  if (clock.season != SeasonLetter::none) {
    const std::int16_t standard = zone ? zone->standard_offset : central_european;
    const int shift = clock.season == SeasonLetter::summer ? summer_shift : 0;
    return at_offset(wall, static_cast<std::int16_t>(standard + shift));
  }
  if (!zone) return at_offset(wall, 0, TimeCertainty::zone_unknown);
  return by_zone_rule(wall, *zone, previous);
}

std::string_view write_time(const MeterTime& time, TimeBuffer& buffer) noexcept {
  TimeWriter writer{buffer};
  writer.put_date_time(time.instant + minutes{time.utc_offset});
  if (time.certainty != TimeCertainty::zone_unknown) {
    const int offset = time.utc_offset < 0 ? -time.utc_offset : time.utc_offset;
    writer.put(time.utc_offset < 0 ? '-' : '+');
    writer.put_digits(offset / 60, 2);
    writer.put(':');
    writer.put_digits(offset % 60, 2);
  }
  return writer.text();
}

std::string_view write_time(Instant instant, TimeBuffer& buffer) noexcept {
  TimeWriter writer{buffer};
  writer.put_date_time(instant);
  writer.put('.');
  const auto rest = instant - std::chrono::floor<seconds>(instant);
  writer.put_digits(static_cast<int>(rest.count()), 3);
  writer.put('Z');
  return writer.text();
}

std::string to_string(const MeterTime& time) {
  TimeBuffer buffer;
  return std::string{write_time(time, buffer)};
}

std::string to_string(Instant instant) {
  TimeBuffer buffer;
  return std::string{write_time(instant, buffer)};
}

}  // namespace p1meter
