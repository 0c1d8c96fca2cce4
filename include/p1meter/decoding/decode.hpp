// SPDX-License-Identifier: Apache-2.0
// Decoding: a frame to a telegram. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Decodes the text of one mode D telegram, from '/' to '!', into `telegram` (cleared first). Never
/// fails: a bad line is a Problem with its offset and costs only that line.
///
/// Does not look at integrity, protocol, link or encryption: the caller copies these from the
/// frame. Owns      the telegram's views are into text Cost      linear; allocates only until the
/// telegram's vectors have grown Grammar   telegram = "/" ident CRLF { line } ; line = code { "("
/// value ")" } CRLF ; a line that begins with "(" belongs to
///           the line before; a value may run over line ends until ")"
/// Source    meters.md a.0, a.1, a.2
void decode_text(std::string_view text, Telegram& telegram);

}  // namespace p1meter
