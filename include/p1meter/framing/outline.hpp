// SPDX-License-Identifier: Apache-2.0
// Framing: what each byte of a frame is. Includes values only.
#pragma once

#include <string_view>

#include "p1meter/framing/framer.hpp"
#include "p1meter/values/outline.hpp"

namespace p1meter {

/// The text of the line that stands for all lines of a text telegram.
inline constexpr std::string_view undescribed_lines = "lines";

/// Describes what framing knows of a frame.
///
/// - text: the header, what lies between (one line, which decoding knows better), and the end line
///   with its checksum
/// - APDU: each link frame with its fields and checks, and within it, where it carries a block of a
///   general-block-transfer, that block's. The APDU itself is one line, `frame.apdu.size()` bytes
///   at the place of its piece, where it lies in one piece
/// - without link layer: one line
///
/// Damaged and cut frames are described as far as they go; the lines of depth 0 cover every byte.
///
/// Owns      the lines' octets are borrowed from the frame
/// Source    Green Book 8.4 (HDLC), figure 40 (blocks); EN 13757-2
[[nodiscard]] Outline outline_frame(const Frame& frame);

}  // namespace p1meter
