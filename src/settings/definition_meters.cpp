// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of a meter's keys.
#include <algorithm>
#include <array>
#include <utility>

#include "p1meter/mapping/meter_profile.hpp"
#include "p1meter/values/decimal.hpp"
#include "settings/definition.hpp"
#include "settings/own_topics.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<std::string_view, 5> reserved{"status", "statistics", own_level::set,
                                                   own_level::log, own_level::response};
constexpr std::int64_t least_limit = 1024;                      // bytes
constexpr std::int64_t most_limit = std::int64_t{1024} * 1024;  // bytes

std::string read_name(const Cursor& at, const Given& given) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  if (given.text.find_first_not_of(allowed) != std::string_view::npos) {
    return "1 to 32 of the characters a-z, 0-9, _ and -";
  }
  if (std::find(reserved.begin(), reserved.end(), given.text) != reserved.end()) {
    return "another name: " + join_words({reserved.begin(), reserved.end()}) +
           " are topics of p1meter itself";
  }
  at.meter->name = given.text;
  return accepted();
}

std::string read_source(const Cursor& at, const Given& given) {
  auto source = parse_source(given.text, at.directory);
  if (!source) return source.error();
  at.meter->source = std::move(*source);
  return accepted();
}

std::string read_zone(const Cursor& at, const Given& given) {
  if (given.word) return accepted();
  at.meter->zone = parse_zone(given.text);
  if (!at.meter->zone)
    return "a European time zone like Europe/Brussels, UTC, or an offset like +01:00";
  at.meter->zone_name = given.text;
  return accepted();
}

template <class Number>
std::string show_or_auto(const std::optional<Number>& number) {
  return number ? std::to_string(*number) : "auto";
}

std::string read_parity(const Cursor& at, const Given& given) {
  auto& parity = at.meter->serial.parity;
  if (given.text == "none") parity = link::Parity::none;
  if (given.text == "even") parity = link::Parity::even;
  if (given.text == "odd") parity = link::Parity::odd;
  return accepted();
}

std::string show_parity(const Cursor& at) {
  const auto& parity = at.meter->serial.parity;
  if (!parity) return "auto";
  if (*parity == link::Parity::none) return "none";
  return *parity == link::Parity::even ? "even" : "odd";
}

std::string read_crc(const Cursor& at, const Given& given) {
  at.meter->crc = CrcMode::automatic;
  if (given.text == "strict") at.meter->crc = CrcMode::strict;
  if (given.text == "off") at.meter->crc = CrcMode::off;
  return accepted();
}

std::string show_crc(const Cursor& at) {
  if (at.meter->crc == CrcMode::strict) return "strict";
  return at.meter->crc == CrcMode::off ? "off" : "auto";
}

template <std::optional<CipherKey> CipherSettings::*key>
std::string read_cipher_key(const Cursor& at, const Given& given) {
  if (given.text.empty()) {
    return "32 hex digits or 16 ASCII characters, or no such line";
  }
  auto parsed = parse_cipher_key(given.text);
  if (!parsed) return std::move(parsed).error();
  at.meter->cipher.*key = *std::move(parsed);
  return accepted();
}

template <std::optional<CipherKey> CipherSettings::*key>
std::string show_cipher_key(const Cursor& at) {
  return at.meter->cipher.*key ? std::string{masked} : std::string{};
}

std::string show_no_file(const Cursor& /*at*/) { return yaml_text(""); }

ValueType cipher_key_type() {
  return text("32 hex digits or 16 ASCII characters", 256,
              "^[ :-]*(0[xX])?[ :-]*[0-9A-Fa-f](([ :-]+0[xX])?[ :-]*[0-9A-Fa-f]){31}[ :-]*$|"
              "^ *[!-~][ -~]{14}[!-~] *$");
}

constexpr std::string_view ratio_expected =
    "a ratio like 200/5 or 40, each number greater than 0 and at most 1000000 with at most 6 "
    "decimals";
constexpr std::string_view ratio_pattern =
    "^[0-9]{1,7}([.][0-9]{1,6})?(/[0-9]{1,7}([.][0-9]{1,6})?)?$";

std::string read_ratio(const Given& given, Ratio& ratio, bool& from_meter) {
  from_meter = given.word;
  if (given.word) return accepted();
  const auto parsed = parse_ratio(given.text);
  if (!parsed) return std::string{ratio_expected} + ", or meter";
  ratio = *parsed;
  return accepted();
}

std::string show_ratio(const Ratio& ratio, bool from_meter) {
  if (from_meter) return "meter";
  const std::string primary = std::to_string(ratio.primary);
  return ratio.secondary == 1 ? primary : primary + '/' + std::to_string(ratio.secondary);
}

std::string read_energy_scale(const Cursor& at, const Given& given) {
  const auto scale = parse_decimal(given.text);
  if (!scale || scale->mantissa <= 0) return "an exact decimal number greater than 0, like 10";
  at.meter->energy_scale = scale;
  return accepted();
}

std::vector<Key> scale_keys() {
  return {
      {.path = "meters[].transformer.current",
       .type = with_words("meter", amount(ratio_expected, ratio_pattern)),
       .meaning = "Ratio of the current transformers. meter: the one that the meter sends "
                  "(ct_ratio), which is never applied by itself.",
       .example = "200/5",
       .read =
           [](const Cursor& at, const Given& given) {
             auto& transformer = at.meter->transformer;
             return read_ratio(given, transformer.current, transformer.current_from_meter);
           },
       .show =
           [](const Cursor& at) {
             const auto& transformer = at.meter->transformer;
             return show_ratio(transformer.current, transformer.current_from_meter);
           }},
      {.path = "meters[].transformer.voltage",
       .type = with_words("meter", amount(ratio_expected, ratio_pattern)),
       .meaning = "Ratio of the voltage transformers. meter: the one that the meter sends "
                  "(vt_ratio), which is never applied by itself.",
       .example = "10000/100",
       .read =
           [](const Cursor& at, const Given& given) {
             auto& transformer = at.meter->transformer;
             return read_ratio(given, transformer.voltage, transformer.voltage_from_meter);
           },
       .show =
           [](const Cursor& at) {
             const auto& transformer = at.meter->transformer;
             return show_ratio(transformer.voltage, transformer.voltage_from_meter);
           }},
      {.path = "meters[].energy_scale",
       .type = amount("an exact decimal number greater than 0, like 10",
                      "^[0-9]{1,9}([.][0-9]{1,6})?$"),
       .meaning = "Only for binary (DLMS) meters whose lists do not say in which power of ten they "
                  "count: how many Wh (varh) one count of their registers is. Kamstrup in Norway: "
                  "10. Without it such registers are not published (problem scale_unknown).",
       .example = "10",
       .read = read_energy_scale,
       .show =
           [](const Cursor& at) {
             return at.meter->energy_scale ? to_string(*at.meter->energy_scale) : std::string{};
           }},
      {.path = "meters[].unscaled",
       .type = choice("drop|publish"),
       .meaning = "What becomes of other numbers of such meters. drop: they are reported (problem "
                  "scale_unknown) and shown as unknown objects. publish: they count as W, V, A "
                  "and so on, and can be wrong by powers of ten.",
       .example = "publish",
       .read =
           [](const Cursor& at, const Given& given) {
             at.meter->publish_unscaled = given.text == "publish";
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return std::string{at.meter->publish_unscaled ? "publish" : "drop"};
           }},
  };
}

std::vector<Key> line_keys() {
  return {
      {.path = "meters[].serial.baud",
       .type = number(300, 921600, "auto"),
       .meaning =
           "Line speed. P1 ports use 115200, Dutch meters of version 2 and 3 9600, wired HAN and "
           "M-Bus ports 2400.",
       .example = "115200",
       .read =
           [](const Cursor& at, const Given& given) {
             if (!given.word) at.meter->serial.baud = static_cast<std::uint32_t>(given.number);
             return accepted();
           },
       .show = [](const Cursor& at) { return show_or_auto(at.meter->serial.baud); }},
      {.path = "meters[].serial.parity",
       .type = choice("auto|none|even|odd"),
       .meaning = "Parity bit.",
       .example = "even",
       .read = read_parity,
       .show = show_parity},
      {.path = "meters[].serial.data_bits",
       .type = number(7, 8, "auto"),
       .meaning = "Data bits: 7 only in Dutch meters of version 2 and 3 and a few others.",
       .example = "7",
       .read =
           [](const Cursor& at, const Given& given) {
             if (!given.word) at.meter->serial.data_bits = static_cast<std::uint8_t>(given.number);
             return accepted();
           },
       .show = [](const Cursor& at) { return show_or_auto(at.meter->serial.data_bits); }},
      {.path = "meters[].serial.stop_bits",
       .type = number(1, 2, "auto"),
       .meaning = "Stop bits.",
       .example = "1",
       .read =
           [](const Cursor& at, const Given& given) {
             if (!given.word) at.meter->serial.stop_bits = static_cast<std::uint8_t>(given.number);
             return accepted();
           },
       .show = [](const Cursor& at) { return show_or_auto(at.meter->serial.stop_bits); }},
  };
}

std::vector<Key> cipher_keys() {
  return {
      {.path = "meters[].decryption_key",
       .type = cipher_key_type(),
       .meaning = "Key of a meter that encrypts, from the grid operator (EK, GUEK): 32 hex digits, "
                  "spaces, colons and dashes as one likes, in quotes; or 16 ASCII characters. "
                  "Better: decryption_key_file.",
       .example = "\"00112233 44556677 8899AABB CCDDEEFF\"",
       .read = read_cipher_key<&CipherSettings::decryption_key>,
       .show = show_cipher_key<&CipherSettings::decryption_key>,
       .secret = true},
      {.path = "meters[].decryption_key_file",
       .type = text("the path of a file", 4096),
       .meaning = "A file with the key on its only line, instead of decryption_key. \"%d/NAME\" in "
                  "quotes is a systemd credential (LoadCredential=NAME:...). A relative path "
                  "begins at this file's directory.",
       .example = "/etc/p1meter.key",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rest->decryption_key = given.text;
             return accepted();
           },
       .show = show_no_file,
       .secret = true},
      {.path = "meters[].authentication_key",
       .type = cipher_key_type(),
       .meaning = "Key that proves telegrams genuine (AK, GAK), where the operator gives one, "
                  "written like decryption_key. Not set: the public one of Luxembourg.",
       .example = "\"FFEEDDCC BBAA9988 77665544 33221100\"",
       .read = read_cipher_key<&CipherSettings::authentication_key>,
       .show = show_cipher_key<&CipherSettings::authentication_key>,
       .secret = true},
      {.path = "meters[].authentication_key_file",
       .type = text("the path of a file", 4096),
       .meaning = "A file with the key on its only line, instead of authentication_key; as with "
                  "decryption_key_file.",
       .example = "\"%d/home.authentication\"",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rest->authentication_key = given.text;
             return accepted();
           },
       .show = show_no_file,
       .secret = true},
      {.path = "meters[].verify_tag",
       .type = flag(),
       .meaning = "false: a wrong authentication tag is no reason to refuse a telegram, for meters "
                  "whose authentication key nobody knows. Forged ones are then not noticed, "
                  "damaged ones only by a checksum; those without are refused unless crc is off.",
       .example = "false",
       .read =
           [](const Cursor& at, const Given& given) {
             at.meter->cipher.verify_tag = given.flag;
             return accepted();
           },
       .show = [](const Cursor& at) { return show_flag(at.meter->cipher.verify_tag); }},
  };
}

std::string_view profile_choices() {
  static const std::string names = [] {
    std::string text = "auto";
    for (const MeterProfile& profile : meter_profiles()) text.append("|").append(profile.name);
    return text;
  }();
  return names;
}

std::vector<Key> belief_keys() {
  return {
      {.path = "meters[].crc",
       .type = choice("auto|strict|off"),
       .meaning = "Which telegrams are believed. auto: those whose checksum is right; without a "
                  "checksum only from meters whose kind sends none. strict: never without. off: "
                  "wrong ones too (counted as unchecked; values can be wrong).",
       .example = "strict",
       .read = read_crc,
       .show = show_crc},
      {.path = "meters[].profile",
       .type = choice(profile_choices()),
       .meaning =
           "Whose dialect the meter speaks: how its clock is set when it does not say so. auto: "
           "what identification, version and objects show.",
       .example = "finland",
       .read =
           [](const Cursor& at, const Given& given) {
             at.meter->profile = given.text == "auto" ? std::string{} : std::string{given.text};
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.meter->profile.empty() ? std::string{"auto"} : at.meter->profile;
           }},
      {.path = "meters[].zone",
       .type = with_words(
           "auto",
           text("a European time zone like Europe/Brussels, UTC, or an offset like +01:00", 64)),
       .meaning = "Where the meter's clock is set, for stamps that do not say it. auto: "
                  "as meters of its country are, where identification and objects show which that "
                  "is; else Central European time for stamps that tell summer from winter, unknown "
                  "for others. Meters in Finland need it.",
       .example = "Europe/Brussels",
       .read = read_zone,
       .show =
           [](const Cursor& at) {
             return at.meter->zone ? yaml_text(at.meter->zone_name) : std::string{"auto"};
           }},
      {.path = "meters[].telegram_limit",
       .type = size(least_limit, most_limit),
       .meaning = "The longest telegram that is accepted; longer ones are counted as oversized.",
       .example = "64KiB",
       .read =
           [](const Cursor& at, const Given& given) {
             at.meter->telegram_limit = static_cast<std::size_t>(given.number);
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return write_size(static_cast<std::int64_t>(at.meter->telegram_limit));
           }},
      {.path = "meters[].live",
       .type = flag(),
       .meaning = "Only for simulator: sources. true publishes under base_topic; false under "
                  "<base_topic>-test, so that simulated values never mix with real ones.",
       .example = "true",
       .read =
           [](const Cursor& at, const Given& given) {
             at.meter->live = given.flag;
             return accepted();
           },
       .show = [](const Cursor& at) { return show_flag(at.meter->live); }},
  };
}

}  // namespace

std::vector<Key> meter_keys() {
  std::vector<Key> rows{
      {.path = "meters[].name",
       .type = text("1 to 32 of the characters a-z, 0-9, _ and -", 32, "^[a-z0-9_-]{1,32}$", 1),
       .meaning = "Name of the meter: its topic level, and a part of its name in Home Assistant. "
                  "Each meter needs its "
                  "own; the first is called home when nothing is said.",
       .example = "garage",
       .read = read_name,
       .show = [](const Cursor& at) { return yaml_text(at.meter->name); }},
      {.path = "meters[].source",
       .type = text("auto, serial:/dev/..., tcp://host:port, file:PATH, - (standard input) or "
                    "simulator:PROFILE",
                    1024,
                    "^(auto|-|(serial:)?/dev/.+|tcp://.+:[0-9]+|file:.+|simulator:[a-z0-9-]+)$", 1),
       .meaning =
           "Where telegrams come from. auto: the one /dev/p1meter*, else the only serial port; "
           "with several none is opened and the log says which there are. serial:/dev/ttyUSB0 "
           "(better: a name in /dev/serial/by-id), tcp://host:port (ser2net and network dongles), "
           "file:PATH, - for standard input, simulator:PROFILE ('p1meter show profiles' lists "
           "them).",
       .example = "serial:/dev/ttyUSB0",
       .read = read_source,
       .show = [](const Cursor& at) { return yaml_text(to_string(at.meter->source)); }},
  };
  for (auto* more : {&line_keys, &cipher_keys, &scale_keys, &belief_keys}) {
    for (auto& row : (*more)()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace p1meter::settings
