// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of a meter's keys.
#include <algorithm>
#include <array>
#include <utility>

#include "settings/definition.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<std::string_view, 5> reserved{"status", "statistics", "set", "log",
                                                   "response"};
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

std::vector<Key> line_keys() {
  return {
      {.path = "meters[].serial.baud",
       .type = number(300, 921600, "auto"),
       .meaning = "Line speed. Most meters use 115200; Dutch meters of version 2 and 3 use 9600.",
       .example = "115200",
       .read =
           [](const Cursor& at, const Given& given) {
             if (!given.word) at.meter->serial.baud = static_cast<std::uint32_t>(given.number);
             return accepted();
           },
       .show = [](const Cursor& at) { return show_or_auto(at.meter->serial.baud); }},
      {.path = "meters[].serial.parity",
       .type = choice("auto|none|even|odd"),
       .meaning = "Parity bit. auto follows the baud rate: none at 115200, even at 9600.",
       .example = "even",
       .read = read_parity,
       .show = show_parity},
      {.path = "meters[].serial.data_bits",
       .type = number(7, 8, "auto"),
       .meaning = "Data bits: 8 at 115200 baud, 7 at 9600.",
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
      {.path = "meters[].zone",
       .type = with_words(
           "auto",
           text("a European time zone like Europe/Brussels, UTC, or an offset like +01:00", 64)),
       .meaning = "Where the meter's clock is set, for stamps that do not say it. auto: Central "
                  "European time for stamps that tell summer from winter, unknown for others.",
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
       .meaning = "Name of the meter: its topic level and its device name. Each meter needs its "
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
  for (auto* more : {&line_keys, &belief_keys}) {
    for (auto& row : (*more)()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace p1meter::settings
