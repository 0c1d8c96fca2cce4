// SPDX-License-Identifier: Apache-2.0
// Tests: what a framer makes of bytes, as owned values that can be compared.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/framing/framer.hpp"

namespace p1meter::test {

struct OwnedFrame {
  Frame::Kind kind;
  Link link;
  std::string apdu;
  std::size_t pieces;
  std::optional<Piece> piece;  // the first
  std::optional<ProblemCode> fault;
  std::string bytes;
  std::size_t body_size;
  Integrity integrity;
  ChecksumRule checksum;
  bool ended;
  bool line_ends_changed;
  std::uint64_t stream_offset;

  friend bool operator==(const OwnedFrame&, const OwnedFrame&) = default;
  friend std::ostream& operator<<(std::ostream& out, const OwnedFrame& frame) {
    return out << integrity_name(frame.integrity) << " at " << frame.stream_offset << ", "
               << frame.bytes.size() << " bytes: " << frame.bytes.substr(0, 40);
  }
};

inline OwnedFrame own(const Frame& frame) {
  return {frame.kind,
          frame.link,
          std::string{frame.apdu},
          frame.pieces.size(),
          frame.pieces.empty() ? std::nullopt : std::optional{frame.pieces[0]},
          frame.fault ? std::optional{frame.fault->code} : std::nullopt,
          std::string{frame.bytes},
          frame.body_size,
          frame.integrity,
          frame.checksum,
          frame.ended,
          frame.line_ends_changed,
          frame.stream_offset};
}

/// Everything that a stream yields.
struct Framed {
  std::vector<OwnedFrame> frames{};
  std::uint64_t skipped_bytes{};
  std::uint64_t truncated{};
  std::uint64_t oversized{};
  std::vector<ProblemCode> dropped{};

  friend bool operator==(const Framed&, const Framed&) = default;
};

/// A framer whose frames are collected: give it chunks, then ask for the result.
class FrameCollector {
 public:
  explicit FrameCollector(std::size_t frame_limit = default_frame_limit) : framer_{frame_limit} {}

  void push(std::string_view chunk) {
    framer_.push(chunk);
    while (const auto frame = framer_.next()) result_.frames.push_back(own(*frame));
  }
  Framed finish() {
    while (const auto frame = framer_.finish()) result_.frames.push_back(own(*frame));
    result_.skipped_bytes = framer_.counters().skipped_bytes;
    result_.truncated = framer_.counters().truncated;
    result_.oversized = framer_.counters().oversized;
    for (const Dropped& dropped : framer_.take_dropped()) result_.dropped.push_back(dropped.code);
    return result_;
  }

 private:
  Framer framer_;
  Framed result_{};
};

/// The whole stream in one piece.
inline Framed framed(std::string_view stream, std::size_t frame_limit = default_frame_limit) {
  FrameCollector collector{frame_limit};
  collector.push(stream);
  return collector.finish();
}

}  // namespace p1meter::test
