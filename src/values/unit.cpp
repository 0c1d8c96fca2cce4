// SPDX-License-Identifier: Apache-2.0
// Values: units, their families and spellings.
#include "p1meter/values/unit.hpp"

#include <array>

using namespace std::string_view_literals;

namespace p1meter {
namespace {

struct UnitFacts {
  Unit unit;
  UnitFamily family;
  int power_of_ten;
  std::string_view text;
};

constexpr std::array all_units{
    UnitFacts{Unit::none, UnitFamily::none, 0, ""},
    UnitFacts{Unit::watt, UnitFamily::power, 0, "W"},
    UnitFacts{Unit::kilowatt, UnitFamily::power, 3, "kW"},
    UnitFacts{Unit::megawatt, UnitFamily::power, 6, "MW"},
    UnitFacts{Unit::watt_hour, UnitFamily::energy, 0, "Wh"},
    UnitFacts{Unit::kilowatt_hour, UnitFamily::energy, 3, "kWh"},
    UnitFacts{Unit::megawatt_hour, UnitFamily::energy, 6, "MWh"},
    UnitFacts{Unit::var, UnitFamily::reactive_power, 0, "var"},
    UnitFacts{Unit::kilovar, UnitFamily::reactive_power, 3, "kvar"},
    UnitFacts{Unit::var_hour, UnitFamily::reactive_energy, 0, "varh"},
    UnitFacts{Unit::kilovar_hour, UnitFamily::reactive_energy, 3, "kvarh"},
    UnitFacts{Unit::volt_ampere, UnitFamily::apparent_power, 0, "VA"},
    UnitFacts{Unit::kilovolt_ampere, UnitFamily::apparent_power, 3, "kVA"},
    UnitFacts{Unit::volt_ampere_hour, UnitFamily::apparent_energy, 0, "VAh"},
    UnitFacts{Unit::kilovolt_ampere_hour, UnitFamily::apparent_energy, 3, "kVAh"},
    UnitFacts{Unit::ampere, UnitFamily::current, 0, "A"},
    UnitFacts{Unit::kiloampere, UnitFamily::current, 3, "kA"},
    UnitFacts{Unit::milliampere, UnitFamily::current, -3, "mA"},
    UnitFacts{Unit::volt, UnitFamily::voltage, 0, "V"},
    UnitFacts{Unit::kilovolt, UnitFamily::voltage, 3, "kV"},
    UnitFacts{Unit::hertz, UnitFamily::frequency, 0, "Hz"},
    UnitFacts{Unit::kilohertz, UnitFamily::frequency, 3, "kHz"},
    UnitFacts{Unit::cubic_metre, UnitFamily::volume, 0, "m³"},
    UnitFacts{Unit::litre, UnitFamily::volume, -3, "L"},
    UnitFacts{Unit::joule, UnitFamily::heat, 0, "J"},
    UnitFacts{Unit::megajoule, UnitFamily::heat, 6, "MJ"},
    UnitFacts{Unit::gigajoule, UnitFamily::heat, 9, "GJ"},
    UnitFacts{Unit::second, UnitFamily::second, 0, "s"},
    UnitFacts{Unit::minute, UnitFamily::minute, 0, "min"},
    UnitFacts{Unit::hour, UnitFamily::hour, 0, "h"},
    UnitFacts{Unit::degree, UnitFamily::angle, 0, "deg"},
    UnitFacts{Unit::celsius, UnitFamily::temperature, 0, "°C"},
    UnitFacts{Unit::percent, UnitFamily::ratio, 0, "%"},
};

constexpr const UnitFacts& facts(Unit unit) noexcept {
  const auto index = static_cast<std::size_t>(unit);
  return all_units[index < all_units.size() ? index : 0];
}

constexpr bool indexed_by_unit() noexcept {
  for (std::size_t i = 0; i < all_units.size(); ++i) {
    if (static_cast<std::size_t>(all_units[i].unit) != i) return false;
  }
  return all_units.back().unit == Unit::percent;
}
static_assert(indexed_by_unit(), "all_units lists every Unit in its own order");

constexpr std::size_t longest_spelling = 7;

/// Up to seven characters in one integer, ASCII capitals made small: comparing a unit is then one
/// instruction. The leading 1 keeps zero bytes from vanishing.
constexpr std::uint64_t packed(std::string_view text) noexcept {
  std::uint64_t word = 1;
  for (const char c : text) {
    const bool capital = c >= 'A' && c <= 'Z';
    word = word << 8U | static_cast<unsigned char>(capital ? c - 'A' + 'a' : c);
  }
  return word;
}

constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

UnitFamily family_of(Unit unit) noexcept { return facts(unit).family; }
int power_of_ten(Unit unit) noexcept { return facts(unit).power_of_ten; }
std::string_view unit_text(Unit unit) noexcept { return facts(unit).text; }

std::optional<Unit> parse_unit(std::string_view text) noexcept {
  // What nearly every line ends with, in the spelling of IEC 62056-61.
  if (text == "kWh"sv) return Unit::kilowatt_hour;
  if (text == "kW"sv) return Unit::kilowatt;
  if (text == "V"sv) return Unit::volt;
  if (text == "A"sv) return Unit::ampere;
  text = trimmed(text);
  if (text.size() > longest_spelling) return std::nullopt;
  switch (packed(text)) {
    case packed(""):
      return Unit::none;
    case packed("W"):
      return Unit::watt;
    case packed("kW"):
      return Unit::kilowatt;
    case packed("MW"):
      return Unit::megawatt;
    case packed("Wh"):
      return Unit::watt_hour;
    case packed("kWh"):
      return Unit::kilowatt_hour;
    case packed("MWh"):
      return Unit::megawatt_hour;
    case packed("var"):
      return Unit::var;
    case packed("kvar"):
      return Unit::kilovar;
    case packed("varh"):
      return Unit::var_hour;
    case packed("kvarh"):
      return Unit::kilovar_hour;
    case packed("VA"):
      return Unit::volt_ampere;
    case packed("kVA"):
      return Unit::kilovolt_ampere;
    case packed("VAh"):
      return Unit::volt_ampere_hour;
    case packed("kVAh"):
      return Unit::kilovolt_ampere_hour;
    case packed("A"):
      return Unit::ampere;
    case packed("kA"):
      return Unit::kiloampere;
    case packed("mA"):
      return Unit::milliampere;
    case packed("V"):
      return Unit::volt;
    case packed("kV"):
      return Unit::kilovolt;
    case packed("Hz"):
      return Unit::hertz;
    case packed("kHz"):
      return Unit::kilohertz;
    case packed("m3"):
    case packed("m^3"):
    case packed("m\xC2\xB3"):  // UTF-8
    case packed("m\xB3"):      // Latin-1
      return Unit::cubic_metre;
    case packed("l"):
    case packed("dm3"):
      return Unit::litre;
    case packed("J"):
      return Unit::joule;
    case packed("MJ"):
      return Unit::megajoule;
    case packed("GJ"):
      return Unit::gigajoule;
    case packed("s"):
      return Unit::second;
    case packed("min"):
      return Unit::minute;
    case packed("h"):
      return Unit::hour;
    case packed("deg"):
    case packed("\xC2\xB0"):
      return Unit::degree;
    case packed("\xC2\xB0\x43"):  // degree sign and C
    case packed("C"):
      return Unit::celsius;
    case packed("%"):
      return Unit::percent;
    default:
      return std::nullopt;
  }
}

}  // namespace p1meter
