// SPDX-License-Identifier: Apache-2.0
// Console adapter: one decoded telegram as JSON, YAML, CSV or a table.
//
// All append to a string that the caller reuses. Numbers are the decimal's own digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::console {

/// What there is to show of one telegram. Borrowed for the duration of a call.
struct Decoded {
  const Telegram& telegram;
  const MappedTelegram& mapped;
  const KeyCatalogue& keys;
};

/// One JSON object and a line feed.
/// The contract of `decode --format json`, field by field.
void append_json(std::string& out, const Decoded& decoded);

/// One YAML document with the fields of the JSON object, begun by "---".
void append_yaml(std::string& out, const Decoded& decoded);

/// CSV: a line of column names, then one line per reading (RFC 4180, but line feeds alone). What is
/// unknown or a problem has no line.
void append_csv_header(std::string& out);
/// number: of the telegram in the input, from 1
void append_csv(std::string& out, const Decoded& decoded, std::uint64_t number);

struct TableStyle {
  bool colour{};
  std::size_t width{};  // of the terminal in columns; 0: lines are never cut
};
/// For people: a heading, one line per reading, then what is unknown and what is wrong, and an
/// empty line.
void append_table(std::string& out, const Decoded& decoded, const TableStyle& style);

}  // namespace p1meter::console
