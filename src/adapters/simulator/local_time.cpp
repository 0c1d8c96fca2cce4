// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the clock of a meter.
#include "adapters/simulator/local_time.hpp"

#include <chrono>

namespace p1meter::simulator {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::last;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::year_month_day;

bool is_summer(Instant instant) noexcept {
  const auto year = year_month_day{floor<days>(instant)}.year();
  const Instant begin = sys_days{year / std::chrono::March / Sunday[last]} + hours{1};
  const Instant end = sys_days{year / std::chrono::October / Sunday[last]} + hours{1};
  return instant >= begin && instant < end;
}

void append_two(std::string& text, unsigned value) {
  text += static_cast<char>('0' + value / 10 % 10);
  text += static_cast<char>('0' + value % 10);
}

void append_date_of(std::string& text, const LocalTime& time) {
  append_two(text, static_cast<unsigned>(time.year) % 100);
  append_two(text, time.month);
  append_two(text, time.day);
}

void append_time_of(std::string& text, const LocalTime& time) {
  append_two(text, time.hour);
  append_two(text, time.minute);
  append_two(text, time.second);
}

}  // namespace

LocalTime local_time(Instant instant, const Zone& zone) noexcept {
  LocalTime time;
  time.summer = zone.summer_time && is_summer(instant);
  time.utc_offset = zone.standard_offset + (time.summer ? 60 : 0);
  const Instant wall = instant + std::chrono::minutes{time.utc_offset};
  const sys_days midnight = floor<days>(wall);
  const year_month_day date{midnight};
  const auto second = floor<seconds>(wall - midnight).count();
  time.year = int{date.year()};
  time.month = unsigned{date.month()};
  time.day = unsigned{date.day()};
  time.second_of_day = static_cast<int>(second);
  time.hour = static_cast<unsigned>(second / 3600);
  time.minute = static_cast<unsigned>(second / 60 % 60);
  time.second = static_cast<unsigned>(second % 60);
  time.weekday = std::chrono::weekday{midnight}.c_encoding();
  time.day_of_year =
      static_cast<int>((midnight - sys_days{date.year() / std::chrono::January / 1}).count());
  return time;
}

Instant month_start(int year, unsigned month, const Zone& zone) noexcept {
  const sys_days first = std::chrono::year{year} / std::chrono::month{month} / 1;
  const Instant winter = Instant{first} - std::chrono::minutes{zone.standard_offset};
  return zone.summer_time && is_summer(winter) ? winter - hours{1} : winter;
}

void append_stamp(std::string& text, Instant instant, const Zone& zone) {
  append_stamp_without_letter(text, instant, zone);
  text += local_time(instant, zone).summer ? 'S' : 'W';
}

void append_stamp_without_letter(std::string& text, Instant instant, const Zone& zone) {
  append_date(text, instant, zone);
  append_time_of_day(text, instant, zone);
}

void append_date(std::string& text, Instant instant, const Zone& zone) {
  append_date_of(text, local_time(instant, zone));
}

void append_time_of_day(std::string& text, Instant instant, const Zone& zone) {
  append_time_of(text, local_time(instant, zone));
}

void append_long_stamp(std::string& text, Instant instant, const Zone& zone) {
  const LocalTime time = local_time(instant, zone);
  append_two(text, static_cast<unsigned>(time.year) / 100);
  append_date_of(text, time);
  text += ' ';
  append_two(text, time.hour);
  text += ':';
  append_two(text, time.minute);
  text += ':';
  append_two(text, time.second);
}

}  // namespace p1meter::simulator
