// SPDX-License-Identifier: Apache-2.0
// Values: OBIS codes as text.
#include "p1meter/values/obis.hpp"

#include "p1meter/values/scan.hpp"

namespace p1meter {

std::optional<Obis> parse_obis(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const auto [behind, obis] = scan::take_obis(text.data(), end);
  if (behind != end) return std::nullopt;
  return obis;
}

std::string to_string(const Obis& obis) {
  std::string text = std::to_string(obis.a()) + '-' + std::to_string(obis.b()) + ':' +
                     std::to_string(obis.c()) + '.' + std::to_string(obis.d()) + '.' +
                     std::to_string(obis.e());
  if (obis.f() != 255) text += '*' + std::to_string(obis.f());
  return text;
}

}  // namespace p1meter
