// SPDX-License-Identifier: Apache-2.0
// Framing: bytes to frames. Includes values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// A complete frame with the verdict of its checks.
/// Owns      bytes are borrowed from the framer: valid until its next push, next or finish
struct Frame {
  std::string_view bytes{};  // text: from '/' to the end of the checksum line
  std::size_t
      body_size{};  // text: bytes from '/' to '!' inclusive (without '!' when ended is false)
  Integrity integrity{Integrity::absent};
  ChecksumRule checksum{ChecksumRule::none};  // the rule that fitted, when integrity is ok
  bool ended{true};                           // false: the input ended before '!'
  bool line_ends_changed{};  // the checksum fits only with CR LF restored (integrity stays bad)
  std::uint64_t stream_offset{};  // of the first byte, counted from the framer's start
};

/// What the framer did not pass on, since its start.
struct FramingCounters {
  std::uint64_t frames{};
  std::uint64_t skipped_bytes{};  // noise between frames
  std::uint64_t truncated{};  // began and broke off where another began (or at the end of input,
                              // before the first line)
  std::uint64_t oversized{};  // longer than the limit
};

inline constexpr std::size_t default_frame_limit = 16 * 1024;

/// Cuts a byte stream into mode D telegrams. Any chunking gives the same frames; after noise or a
/// broken telegram the next whole one is found.
///
/// Use       push what arrived, then call next until it gives nothing
/// Cost      amortised linear in the bytes; allocates only until its buffer has grown to the
/// largest frame Source    IEC 62056-21 mode D; meters.md a.0 (start at '/' at line start, end at
/// '!' at line start or straight after
///           ')' outside parentheses, 0..4 hex digits of any case, optional NUL, optional CR, LF)
class Framer {
 public:
  explicit Framer(std::size_t frame_limit = default_frame_limit);

  void push(std::string_view bytes);
  [[nodiscard]] std::optional<Frame> next();

  /// The input has ended (end of file): gives a last telegram that lacks its end, or that ended
  /// without a line feed.
  [[nodiscard]] std::optional<Frame> finish();

  /// Forgets a half telegram: the line was silent or the device was opened anew. Its bytes count as
  /// truncated.
  void reset();

  /// True while a telegram has begun and not ended.
  [[nodiscard]] bool inside_frame() const noexcept;
  [[nodiscard]] const FramingCounters& counters() const noexcept { return counters_; }

 private:
  std::size_t frame_limit_;
  FramingCounters counters_{};
  std::vector<char> buffer_{};
};

}  // namespace p1meter
