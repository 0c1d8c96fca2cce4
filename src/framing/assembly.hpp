// SPDX-License-Identifier: Apache-2.0
// Framing: link frames to APDUs: HDLC segments, M-Bus parts and transferred blocks are joined.
// Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "framing/link_frame.hpp"
#include "p1meter/framing/framer.hpp"

namespace p1meter {

/// Joins what several link frames carry.
///
///     HDLC     segmentation bit: parts follow until a frame without it; LLC only in the first
///     M-Bus    CI: part number from 0, bit 4 in the last
///     E0 ..    general-block-transfer: blocks 1, 2, ... until one is marked as the last
///
/// A set whose part is missing, repeated or out of order is dropped.
/// Source    Green Book 8.4, figure 40; EN 13757-2
class Assembly {
 public:
  explicit Assembly(std::size_t size_limit) : size_limit_{size_limit} {}

  /// The APDU that this frame completes. Its views are into `bytes` where the frame carries all of
  /// it, else into the assembly: valid until the next call.
  /// bytes    of the link frame; stream_offset: of its first
  [[nodiscard]] std::optional<Frame> add(const LinkFrame& link, std::string_view bytes,
                                         std::uint64_t stream_offset);

  /// True while parts are kept.
  [[nodiscard]] bool pending() const noexcept {
    return !finished_ && (!unit_.empty() || !blocks_.empty());
  }
  /// Forgets the parts.
  void give_up(ProblemCode code = ProblemCode::part_missing);
  /// The parts as a frame that lacks its end; nothing when there are none. They stay pending.
  [[nodiscard]] std::optional<Frame> unfinished() const;
  /// What was dropped since the last call.
  [[nodiscard]] std::optional<Dropped> take_dropped() noexcept;
  [[nodiscard]] bool take_oversized() noexcept;

 private:
  /// Parts one after the other, and where in the raw bytes each came from.
  struct Joined {
    std::vector<char> bytes{};
    std::vector<Piece> pieces{};

    [[nodiscard]] bool empty() const noexcept { return pieces.empty(); }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
    void clear() noexcept;
    void append(std::string_view part, std::uint32_t frame_offset);
    void append(const Joined& other, std::size_t begin, std::size_t size);
  };

  [[nodiscard]] bool expects(const LinkFrame& link) const noexcept;
  [[nodiscard]] bool breaks_off_segments(const LinkFrame& link, std::string_view part,
                                         std::uint64_t stream_offset) const noexcept;
  void keep(const LinkFrame& link, std::string_view bytes, std::string_view part,
            std::uint64_t stream_offset);
  [[nodiscard]] std::optional<Frame> take_block();
  void drop_blocks();
  [[nodiscard]] Frame joined(const Joined& apdu) const;
  void forget() noexcept;

  std::size_t size_limit_;
  std::vector<char> raw_{};      // the link frames of the pending APDU
  Joined unit_{};                // parts joined so far
  Joined blocks_{};              // blocks joined so far
  std::uint8_t parts_{};         // in unit_
  std::uint32_t unit_at_{};      // in raw_: the first frame of unit_
  std::uint64_t unit_offset_{};  // in the stream
  std::uint16_t block_{};        // the newest in blocks_
  bool finished_{};              // given away: forgotten at the next call
  Link link_{Link::none};
  std::optional<Problem> fault_{};       // of the first damaged frame
  std::optional<Problem> unit_fault_{};  // of the first in unit_
  std::uint64_t stream_offset_{};
  std::uint64_t stream_end_{};
  Piece single_{};
  std::optional<Dropped> dropped_{};
  bool oversized_{};
};

}  // namespace p1meter
