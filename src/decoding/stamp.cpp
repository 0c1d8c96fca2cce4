// SPDX-License-Identifier: Apache-2.0
// Decoding: the times that meters print.
#include "decoding/stamp.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "decoding/calendar.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter::decoding {
namespace {

constexpr std::size_t digits_in_stamp = 12;
using DigitBuffer = std::array<char, digits_in_stamp>;

/// A leap second is no point of its own on the time line: it becomes the next second.
MeterClock second_after(const MeterClock& clock) noexcept {
  using namespace std::chrono;
  const year_month_day date{year{clock.year}, month{clock.month}, day{clock.day}};
  const auto next = sys_days{date} + hours{clock.hour} + minutes{clock.minute} +
                    seconds{clock.second} + seconds{1};
  const auto midnight = floor<days>(next);
  const year_month_day next_date{midnight};
  const hh_mm_ss time{next - midnight};
  MeterClock result = clock;
  result.year = static_cast<std::int16_t>(static_cast<int>(next_date.year()));
  result.month = static_cast<std::uint8_t>(static_cast<unsigned>(next_date.month()));
  result.day = static_cast<std::uint8_t>(static_cast<unsigned>(next_date.day()));
  result.hour = static_cast<std::uint8_t>(time.hours().count());
  result.minute = static_cast<std::uint8_t>(time.minutes().count());
  result.second = static_cast<std::uint8_t>(time.seconds().count());
  return result;
}

bool is_unset(std::string_view digits) noexcept {
  return digits.starts_with("700101") || digits.starts_with("000101") ||
         digits.starts_with("000000") || digits == "632525252525";
}

/// From YYMMDDhhmmss.
Stamp::Kind from_digits(std::string_view digits, SeasonLetter season, MeterClock& clock) noexcept {
  const bool unset = is_unset(digits);
  const auto pair = [&](std::size_t i) { return (digits[i] - '0') * 10 + (digits[i + 1] - '0'); };
  const int year = 2000 + pair(0);
  const int month = pair(2);
  const int day = pair(4);
  const int hour = pair(6);
  const int minute = pair(8);
  const int second = pair(10);
  if (!is_date(year, month, day) || hour > 23 || minute > 59 || second > 60) {
    return unset ? Stamp::Kind::unset : Stamp::Kind::malformed;
  }
  clock = {static_cast<std::int16_t>(year),
           static_cast<std::uint8_t>(month),
           static_cast<std::uint8_t>(day),
           static_cast<std::uint8_t>(hour),
           static_cast<std::uint8_t>(minute),
           static_cast<std::uint8_t>(std::min(second, 59)),
           season,
           std::nullopt};
  if (second == 60) clock = second_after(clock);
  return unset ? Stamp::Kind::unset : Stamp::Kind::clock;
}

/// Copies the digits of `text` where `form` has a '9'; the other characters must be equal. Gives no
/// digits when it does not match.
std::string_view match(std::string_view text, std::string_view form, DigitBuffer& digits) noexcept {
  if (text.size() != form.size()) return {};
  std::size_t count = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '9') {
      if (text[i] != form[i]) return {};
    } else if (scan::is_digit(text[i])) {
      digits[count++] = text[i];
    } else {
      return {};
    }
  }
  return {digits.data(), count};
}

Stamp::Kind read_twelve_digits(std::string_view text, MeterClock& clock) noexcept {
  auto season = SeasonLetter::none;
  if (text.size() > digits_in_stamp) {
    const char letter = static_cast<char>(text.back() | 0x20);
    if (letter != 's' && letter != 'w') return Stamp::Kind::malformed;
    season = letter == 's' ? SeasonLetter::summer : SeasonLetter::winter;
    text.remove_suffix(1);
  }
  if (!std::ranges::all_of(text, scan::is_digit)) return Stamp::Kind::malformed;
  return from_digits(text, season, clock);
}

}  // namespace

Stamp::Kind read_stamp(std::string_view text, MeterClock& clock) noexcept {
  if (text.empty() || !scan::is_digit(text.front())) return Stamp::Kind::none;
  if (text.size() == digits_in_stamp || text.size() == digits_in_stamp + 1) {
    const bool plain_number = text.find('.') != std::string_view::npos;
    return plain_number ? Stamp::Kind::none : read_twelve_digits(text, clock);
  }
  DigitBuffer buffer{};
  std::string_view digits;
  if (text.starts_with("20")) digits = match(text.substr(2), "999999 99:99:99", buffer);
  if (digits.empty()) digits = match(text, "99-99-99 99:99:99", buffer);
  return digits.empty() ? Stamp::Kind::none : from_digits(digits, SeasonLetter::none, clock);
}

}  // namespace p1meter::decoding
