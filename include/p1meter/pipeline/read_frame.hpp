// SPDX-License-Identifier: Apache-2.0
// Pipeline: a frame with its verdict becomes a telegram. Includes the pure rooms only.
#pragma once

#include "p1meter/framing/framer.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Decodes a frame and joins what its checks found: integrity, checksum rule, and the problems
/// crc_mismatch, line_ends_changed and no_end at the place of the '!'. Judges nothing.
///
/// Owns      the telegram's views are into the frame's bytes
/// Cost      linear; allocates only until the telegram's vectors have grown
void read_frame(const Frame& frame, Telegram& telegram);

}  // namespace p1meter
