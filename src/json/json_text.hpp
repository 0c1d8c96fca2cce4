// SPDX-License-Identifier: Apache-2.0
// JSON: values as JSON text, appended to a string that its owner reuses. Includes values only.
//
// A writer of our own, because a JSON library that holds doubles cannot carry a meter's digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter::json {

/// Appends `text` without quotes: quotes, backslashes and control characters escaped, what is not
/// UTF-8 replaced by U+FFFD (one per maximal broken part), so that any bytes give valid JSON.
/// Source    RFC 8259 section 7; Unicode 3.9, "substitution of maximal subparts"
void append_escaped(std::string& out, std::string_view text);

/// Appends `text` as it is, but valid UTF-8: what is not is replaced in the same way.
void append_utf8(std::string& out, std::string_view text);

/// `text` escaped and in quotes.
void append_string(std::string& out, std::string_view text);

/// A member's name and its colon: "key":
void append_name(std::string& out, std::string_view name);

/// The decimal's own digits; never through a double.
void append_number(std::string& out, const Decimal& number);
void append_number(std::string& out, std::uint64_t number);

/// RFC 3339 in quotes. A time of unknown zone is written as local time without offset.
void append_time(std::string& out, const MeterTime& time);
/// UTC with milliseconds in quotes.
void append_time(std::string& out, Instant time);

/// A reading's value: null, number, string, or a list.
///
/// Output    failure_log: [{"end":TIME,"duration":SECONDS}]; peak_history:
///           [{"month":"2024-09","time":TIME,"value":NUMBER}]; what a row lacks is null
void append_value(std::string& out, const Value& value, ReadingKind kind);

}  // namespace p1meter::json
