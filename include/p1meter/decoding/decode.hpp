// SPDX-License-Identifier: Apache-2.0
// Decoding: a frame or an APDU to a telegram. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/decoding/list_layout.hpp"
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
/// Source    IEC 62056-21 mode D; DSMR P1 2.2 to 5.0.2; recordings of meters
void decode_text(std::string_view text, Telegram& telegram);

/// Decodes a DLMS push list, a whole data-notification that has been joined and deciphered, into
/// `telegram`. Never fails: bad data is a Problem with its offset, and the objects that stand
/// before it stay.
///
///     0F | 40000000    | 00 or 0C and 12 octets .. | 01 01 02 03 09 06 ..
///     tag| invoke-id   | date-time                 | one A-XDR element: the list
///
/// The telegram must have been cleared by the caller (Telegram::clear()): it is not cleared here,
/// for `apdu` may be its own `plain`. Filled in are protocol, identification (the list's name),
/// layout (empty for a list that cannot be read to its end), profile (what the layouts say of it),
/// time (the list's clock, else the notification's date-time), objects, items and problems; what
/// belongs to frame and cipher is the caller's.
///
/// The form of a list is found in this order: a positional layout whose list name stands in the
/// first element; descriptors in front; structures; pairs; a positional layout without a name. What
/// a value is:
/// - a number: its mantissa with the scaler as exponent, exactly; text is empty, raw the value's
///   own octets. The scaler and unit come from the list, else from a layout; where nobody says
///   them, scale_unknown is set: they are never guessed, and the mapping reports it where it costs
///   a reading. Booleans and enums have none
/// - an octet-string: text, in capital hex where it is not printable (in telegram.text_memory)
/// - a clock: time, time_unset or time_malformed
/// - a binary floating-point number: its octets as hex. It is no exact decimal
///
/// Elements that nothing describes are in telegram.items; so are all of a list that is not known.
///
/// Problems  apdu_unknown, apdu_malformed, data_cut, length_malformed, count_impossible,
///           type_unknown, nested_too_deep: the first of these ends the list. list_unknown.
///           object_malformed, duplicate_object, number_too_long: cost the object's value.
///           time_malformed: the notification's date-time. time_doubtful: the clock says that it is
///           invalid or doubtful; the time is kept. Offsets, here and of objects and
///           items, are from the first byte of `apdu`
///
/// Owns      the telegram's views are into apdu, telegram.text_memory and the layouts
/// Cost      linear; allocates only until the telegram's vectors have grown, and never more than
///           the data's size justifies
/// Source    Green Book, data-notification; Blue Book, data types; recordings of meters
void decode_notification(std::string_view apdu, const ListLayouts& layouts, Telegram& telegram);

}  // namespace p1meter
