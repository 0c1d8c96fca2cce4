// SPDX-License-Identifier: Apache-2.0
// Decoding: a frame to a telegram. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Decodes the text of one mode D telegram, from '/' to '!', into `telegram` (cleared first). Never
/// fails: a bad line is a Problem with its offset and costs only that line.
///
///     0-1:24.2.1(240612093000S)(07654.321*m3)
///     |code      |value's time |number   |unit
///
/// What the value groups of one object can be, and where they go:
/// - one value: text, number, unit
/// - time and value, or value and time (ACE4000): also `time`, `time_unset` or `time_malformed`
/// - a DSMR 3.0 M-Bus profile, 24.3.x: time and value of its first channel
/// - the failure log 99.97.0: its count as text and number, a row (stamp, number) per outage
/// - the peak history 98.1.0: its count, a row (stamp = month, time, number) per month. Hungary's
///   record under the same code has a time and bare values: rows with numbers only, no count
/// - several values (Luxembourg's two limits): the first one, and all of them as rows
///
/// Of objects with the same code the first counts, of hourly gas lines (7-0:23.x) the newest.
///
/// Problems  line_malformed, value_unclosed, value_missing: the line is lost. duplicate_object: a
///           second value that differs is lost. rows_malformed: a row is lost. What a value should
///           have been (number_*, unit_*, time_*) is for the mapping to judge, which knows the
///           object: the flags of CosemObject say what was found
///
/// Does not look at integrity, protocol, link or encryption: the caller copies these from the
/// frame.
///
/// Owns      the telegram's views are into text
/// Cost      linear; allocates only until the telegram's vectors have grown
/// Grammar   telegram = "/" ident CRLF { line } ; line = code { "(" value ")" } CRLF ; a line that
///           begins with "(" belongs to the line before; a value may run over line ends until ")"
/// Source    meters.md a.0, a.1, a.2, a.7, e, g
void decode_text(std::string_view text, Telegram& telegram);

}  // namespace p1meter
