// SPDX-License-Identifier: Apache-2.0
// Values: the zones in which European meters stand, by their names in the tz database.
#include <algorithm>
#include <array>

#include "p1meter/values/time.hpp"

namespace p1meter {
namespace {

struct NamedZone {
  std::string_view name;
  Zone zone;
};

constexpr Zone azores{-60, true};
constexpr Zone western{0, true};
constexpr Zone central{60, true};
constexpr Zone eastern{120, true};
constexpr Zone utc{0, false};
constexpr Zone utc2{120, false};
constexpr Zone utc3{180, false};
constexpr Zone utc4{240, false};

constexpr std::array named_zones{
    NamedZone{"Africa/Ceuta", central},
    NamedZone{"Arctic/Longyearbyen", central},
    NamedZone{"Asia/Famagusta", eastern},
    NamedZone{"Asia/Istanbul", utc3},
    NamedZone{"Asia/Nicosia", eastern},
    NamedZone{"Atlantic/Azores", azores},
    NamedZone{"Atlantic/Canary", western},
    NamedZone{"Atlantic/Faeroe", western},
    NamedZone{"Atlantic/Faroe", western},
    NamedZone{"Atlantic/Jan_Mayen", central},
    NamedZone{"Atlantic/Madeira", western},
    NamedZone{"Atlantic/Reykjavik", utc},
    NamedZone{"CET", central},
    NamedZone{"EET", eastern},
    NamedZone{"Eire", western},
    NamedZone{"Etc/UTC", utc},
    NamedZone{"Europe/Amsterdam", central},
    NamedZone{"Europe/Andorra", central},
    NamedZone{"Europe/Astrakhan", utc4},
    NamedZone{"Europe/Athens", eastern},
    NamedZone{"Europe/Belfast", western},
    NamedZone{"Europe/Belgrade", central},
    NamedZone{"Europe/Berlin", central},
    NamedZone{"Europe/Bratislava", central},
    NamedZone{"Europe/Brussels", central},
    NamedZone{"Europe/Bucharest", eastern},
    NamedZone{"Europe/Budapest", central},
    NamedZone{"Europe/Busingen", central},
    NamedZone{"Europe/Chisinau", eastern},
    NamedZone{"Europe/Copenhagen", central},
    NamedZone{"Europe/Dublin", western},
    NamedZone{"Europe/Gibraltar", central},
    NamedZone{"Europe/Guernsey", western},
    NamedZone{"Europe/Helsinki", eastern},
    NamedZone{"Europe/Isle_of_Man", western},
    NamedZone{"Europe/Istanbul", utc3},
    NamedZone{"Europe/Jersey", western},
    NamedZone{"Europe/Kaliningrad", utc2},
    NamedZone{"Europe/Kiev", eastern},
    NamedZone{"Europe/Kirov", utc3},
    NamedZone{"Europe/Kyiv", eastern},
    NamedZone{"Europe/Lisbon", western},
    NamedZone{"Europe/Ljubljana", central},
    NamedZone{"Europe/London", western},
    NamedZone{"Europe/Luxembourg", central},
    NamedZone{"Europe/Madrid", central},
    NamedZone{"Europe/Malta", central},
    NamedZone{"Europe/Mariehamn", eastern},
    NamedZone{"Europe/Minsk", utc3},
    NamedZone{"Europe/Monaco", central},
    NamedZone{"Europe/Moscow", utc3},
    NamedZone{"Europe/Nicosia", eastern},
    NamedZone{"Europe/Oslo", central},
    NamedZone{"Europe/Paris", central},
    NamedZone{"Europe/Podgorica", central},
    NamedZone{"Europe/Prague", central},
    NamedZone{"Europe/Riga", eastern},
    NamedZone{"Europe/Rome", central},
    NamedZone{"Europe/Samara", utc4},
    NamedZone{"Europe/San_Marino", central},
    NamedZone{"Europe/Sarajevo", central},
    NamedZone{"Europe/Saratov", utc4},
    NamedZone{"Europe/Simferopol", utc3},
    NamedZone{"Europe/Skopje", central},
    NamedZone{"Europe/Sofia", eastern},
    NamedZone{"Europe/Stockholm", central},
    NamedZone{"Europe/Tallinn", eastern},
    NamedZone{"Europe/Tirane", central},
    NamedZone{"Europe/Tiraspol", eastern},
    NamedZone{"Europe/Ulyanovsk", utc4},
    NamedZone{"Europe/Uzhgorod", eastern},
    NamedZone{"Europe/Vaduz", central},
    NamedZone{"Europe/Vatican", central},
    NamedZone{"Europe/Vienna", central},
    NamedZone{"Europe/Vilnius", eastern},
    NamedZone{"Europe/Volgograd", utc3},
    NamedZone{"Europe/Warsaw", central},
    NamedZone{"Europe/Zagreb", central},
    NamedZone{"Europe/Zaporozhye", eastern},
    NamedZone{"Europe/Zurich", central},
    NamedZone{"GB", western},
    NamedZone{"MET", central},
    NamedZone{"Poland", central},
    NamedZone{"Portugal", western},
    NamedZone{"UTC", utc},
    NamedZone{"WET", western},
};
static_assert(std::ranges::is_sorted(named_zones, {}, &NamedZone::name));

/// "+01:00", "-03:30"
std::optional<Zone> parse_fixed(std::string_view text) noexcept {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  for (const std::size_t digit : {1U, 2U, 4U, 5U}) {
    if (text[digit] < '0' || text[digit] > '9') return std::nullopt;
  }
  const int hours = (text[1] - '0') * 10 + (text[2] - '0');
  const int minutes = (text[4] - '0') * 10 + (text[5] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  const int offset = hours * 60 + minutes;
  return Zone{static_cast<std::int16_t>(text[0] == '-' ? -offset : offset), false};
}

}  // namespace

std::optional<Zone> parse_zone(std::string_view name) noexcept {
  const auto* const found = std::ranges::lower_bound(named_zones, name, {}, &NamedZone::name);
  if (found != named_zones.end() && found->name == name) return found->zone;
  return parse_fixed(name);
}

}  // namespace p1meter
