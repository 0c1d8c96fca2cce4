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
///
/// Owns      bytes are borrowed from the framer: valid until its next push, next, finish or reset
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

inline constexpr std::size_t default_frame_limit = std::size_t{16} * 1024;

/// Cuts a byte stream into mode D telegrams. Any chunking gives the same frames; after noise or a
/// broken telegram the next whole one is found.
///
///     /ISK5\2M550T-1012 CR LF        header: at the start of a line
///     CR LF
///     1-0:1.7.0(00.193*kW) CR LF     '/' and '!' may stand inside values
///     !E47C CR LF                    '!' at the start of a line, or straight after ')'
///
/// Rules that the standards leave open, and what noise teaches:
/// - a header is at most 128 bytes; inside a telegram a new one is believed only with three letters
///   after the '/' and without parentheses, for wrapped text may begin a line with '/'
/// - between telegrams such a header also counts in the middle of a line, after lost line ends
/// - where the checksum fits only from such a header on, a telegram broke off before it: that one
/// is
///   truncated, the later one whole
/// - what follows '!' must be 0..4 hex digits of any case, NULs or spaces, CR, LF. Anything else
///   that shows a hex digit is a damaged checksum: integrity bad, never absent
/// - a telegram whose every byte has even (or odd) parity in bit 7 is 7E1 (7O1) read as 8N1: the
///   bit is cleared. A single wrong parity makes integrity bad
///
/// Integrity is judged by CRC-16/ARC, then by CRC-16/X-25; which one a meter uses is for the caller
/// to pin, since a second rule doubles the chance that a damaged telegram fits.
///
/// Use       push what arrived, then call next until it gives nothing
/// Cost      amortised linear in the bytes; allocates only until its buffer has grown to the
///           largest frame and chunk
/// Source    IEC 62056-21 mode D; meters.md a.0
class Framer {
 public:
  /// frame_limit: bytes from '/' to the end of the checksum line.
  explicit Framer(std::size_t frame_limit = default_frame_limit);

  void push(std::string_view bytes);
  [[nodiscard]] std::optional<Frame> next();

  /// The input has ended (end of file): gives a last telegram that lacks its end, or that ended
  /// without a line feed. Call next to exhaustion before.
  [[nodiscard]] std::optional<Frame> finish();

  /// Forgets a half telegram: the line was silent or the device was opened anew. It counts as
  /// truncated.
  void reset();

  /// True while a telegram has begun and not ended. Ask after next has given nothing.
  [[nodiscard]] bool inside_frame() const noexcept;
  [[nodiscard]] const FramingCounters& counters() const noexcept { return counters_; }

 private:
  struct Hidden;

  [[nodiscard]] std::optional<Frame> take_frame(bool at_end);
  [[nodiscard]] bool find_start();
  [[nodiscard]] std::size_t certain_header_within(std::size_t from, std::size_t to) const noexcept;
  void start_at(std::size_t position) noexcept;
  void go_to_line(std::size_t position) noexcept;
  [[nodiscard]] bool pass_plain_lines(bool at_end) noexcept;
  [[nodiscard]] std::optional<std::size_t> next_line_end(bool at_end) noexcept;
  [[nodiscard]] std::optional<Frame> close_if_ended(std::size_t line_end);
  [[nodiscard]] Frame close_without_end() noexcept;
  [[nodiscard]] std::optional<Hidden> whole_telegram_within(std::size_t body_end,
                                                            std::uint16_t sent) const noexcept;
  [[nodiscard]] Frame give_away(std::size_t end, std::size_t body_end) noexcept;
  [[nodiscard]] bool begins_anew() const noexcept;
  [[nodiscard]] bool inside_parentheses(std::size_t position) noexcept;
  [[nodiscard]] bool has_lines() const noexcept;
  void drop_oversized() noexcept;
  void skip_to(std::size_t position) noexcept;
  void forget() noexcept;
  [[nodiscard]] std::string_view view(std::size_t from, std::size_t to) const noexcept {
    return std::string_view{buffer_.data(), buffer_.size()}.substr(from, to - from);
  }

  std::size_t frame_limit_;
  FramingCounters counters_{};
  std::vector<char> buffer_{};
  std::uint64_t buffer_offset_{};  // of buffer_[0] in the stream

  // Positions in buffer_. What lies before begin_ has been given away or skipped.
  std::size_t begin_{};  // inside: the telegram's '/'
  std::size_t line_{};   // inside: start of the line whose end is being looked for
  std::size_t
      searched_{};  // inside: no line end (or, not marked_, no '!' and '/') from line_ to here
  bool marked_{};   // inside: line_ may hold a '!' or '/' and is looked at by itself
  std::size_t counted_{};   // inside: parentheses are counted up to here
  int open_parentheses_{};  // there
  bool inside_{};
  bool line_start_{true};              // outside: begin_ is where a line may start
  unsigned char mask_{0xFF};           // 0x7F while a telegram carries parity in bit 7
  std::string_view line_feeds_{"\n"};  // as they look in this telegram
};

}  // namespace p1meter
