// SPDX-License-Identifier: Apache-2.0
// Decoding: what each octet of a text or an APDU is. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/decoding/decipher.hpp"
#include "p1meter/values/outline.hpp"

namespace p1meter {

/// The lines of one mode D telegram, from '/' to '!' as for decode_text, without the header and
/// without the '!': an object with all its value groups is one line, however often it is wrapped.
///
/// ended     its last byte is the '!'
/// Offsets   from the first byte of `text`
[[nodiscard]] Outline outline_text_lines(std::string_view text, bool ended);

/// An envelope and what `opened` says of it. The line that holds the ciphertext begins at
/// opened.content; what is in it is not described here.
///
/// Offsets   from the first byte of `apdu`
/// Source    Green Book, general-glo-ciphering
[[nodiscard]] Outline outline_envelope(std::string_view apdu, const Deciphered& opened);

/// A data-notification with all elements of its list, as far as they can be read.
///
/// Offsets   from the first byte of `apdu`
/// Source    Green Book, data-notification; Blue Book, data types
[[nodiscard]] Outline outline_notification(std::string_view apdu);

}  // namespace p1meter
