// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: link layers that carry an APDU, as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter::simulator {

enum class Link : std::uint8_t {
  bare,            // nothing around the APDU
  hdlc,            // one frame
  hdlc_segments,   // as many as it takes, S = 1 in all but the last
  block_transfer,  // general-block-transfer, each block in a frame of its own
  mbus,            // wired M-Bus long frames
};

/// An HDLC address of one octet, or of two (upper and lower), as numbers of 7 bits.
/// Source    Green Book 8.4.2
struct HdlcAddress {
  std::uint8_t upper{};
  std::optional<std::uint8_t> lower{};
};

/// How a meter's link looks. Source    Green Book 8.4; EN 13757-2; recordings (addresses)
struct LinkForm {
  Link link{Link::bare};
  HdlcAddress destination{};
  HdlcAddress source{};
  std::uint8_t control{0x13};
  std::size_t piece{};  // bytes of information (segments) or data (M-Bus) in a frame
};

/// One HDLC frame of type 3 with both flags. Source    Green Book 8.4
[[nodiscard]] std::string hdlc_frame(const LinkForm& form, std::string_view information,
                                     bool segmented = false);
/// An APDU in all its frames. The last two bytes of anything but `bare` are a checksum's last byte
/// and the end of the frame.
[[nodiscard]] std::string link_frames(const LinkForm& form, std::string_view apdu);

}  // namespace p1meter::simulator
