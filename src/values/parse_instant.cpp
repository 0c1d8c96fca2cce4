// SPDX-License-Identifier: Apache-2.0
// Values: RFC 3339 text to an instant.
#include <cstddef>

#include "p1meter/values/time.hpp"

namespace p1meter {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes the parts off the front of a text; `ok` turns false at the first that does not fit.
struct Scanner {
  std::string_view rest;
  bool ok{true};

  int number(std::size_t width, int last) noexcept {
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (i >= rest.size() || !is_digit(rest[i])) {
        ok = false;
        return 0;
      }
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(width);
    ok = ok && value <= last;
    return value;
  }
  bool skip_any_of(std::string_view choices) noexcept {
    if (rest.empty() || choices.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(std::string_view choices) noexcept { ok = skip_any_of(choices) && ok; }
};

/// Any number of decimals, cut to milliseconds.
milliseconds take_fraction(Scanner& scan) noexcept {
  if (!scan.skip_any_of(".,")) return milliseconds{0};
  int value = 0;
  int weight = 100;
  if (scan.rest.empty() || !is_digit(scan.rest.front())) scan.ok = false;
  while (!scan.rest.empty() && is_digit(scan.rest.front())) {
    value += (scan.rest.front() - '0') * weight;
    weight /= 10;
    scan.rest.remove_prefix(1);
  }
  return milliseconds{value};
}

minutes take_offset(Scanner& scan) noexcept {
  if (scan.skip_any_of("Zz")) return minutes{0};
  const bool west = !scan.rest.empty() && scan.rest.front() == '-';
  scan.expect("+-");
  const int hour = scan.number(2, 23);
  scan.expect(":");
  const int minute = scan.number(2, 59);
  const minutes offset{hour * 60 + minute};
  return west ? -offset : offset;
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) noexcept {
  Scanner scan{text};
  const int year = scan.number(4, 9999);
  scan.expect("-");
  const int month = scan.number(2, 12);
  scan.expect("-");
  const int day = scan.number(2, 31);
  scan.expect("Tt ");
  const int hour = scan.number(2, 23);
  scan.expect(":");
  const int minute = scan.number(2, 59);
  scan.expect(":");
  const int second = scan.number(2, 60);
  const milliseconds fraction = take_fraction(scan);
  const minutes offset = take_offset(scan);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!scan.ok || !scan.rest.empty() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + fraction -
         offset;
}

}  // namespace p1meter
