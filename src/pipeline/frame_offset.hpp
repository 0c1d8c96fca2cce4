// SPDX-License-Identifier: Apache-2.0
// Pipeline: from places in an APDU to places in its frame. Includes the pure rooms only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "p1meter/framing/framer.hpp"

namespace p1meter {

/// Where an octet of the APDU lies in the frame.
[[nodiscard]] inline std::uint32_t frame_offset(std::span<const Piece> pieces,
                                                std::uint32_t apdu_offset) noexcept {
  auto behind = std::ranges::upper_bound(pieces, apdu_offset, {}, &Piece::apdu_offset);
  if (behind == pieces.begin()) return apdu_offset;
  const Piece& piece = *--behind;
  return piece.frame_offset + (apdu_offset - piece.apdu_offset);
}

}  // namespace p1meter
