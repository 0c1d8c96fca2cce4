// SPDX-License-Identifier: Apache-2.0
// Framing: bytes to frames. Includes values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Where a part of an APDU lies in the bytes of its frame.
struct Piece {
  std::uint32_t apdu_offset{};  // of the part's first byte
  std::uint32_t frame_offset{};

  friend bool operator==(const Piece&, const Piece&) = default;
};

/// A complete telegram with the verdict of its checks: mode D text, or the APDU (application layer
/// message) that one or several link frames carried.
///
/// Owns      everything is borrowed from the framer: valid until its next push, next, finish, reset
struct Frame {
  enum class Kind : std::uint8_t { text, apdu };
  Kind kind{Kind::text};
  Link link{Link::none};
  Integrity integrity{Integrity::absent};
  ChecksumRule checksum{ChecksumRule::none};  // text: the rule that fitted, when integrity is ok
  bool ended{true};                           // false: the input ended before the frame did
  bool line_ends_changed{};  // the checksum fits only with CR LF restored (integrity stays bad)
  std::string_view bytes{};  // text: from '/' to the end of the checksum line. APDU: its link
                             // frames, one after the other, without what came between them
  std::size_t
      body_size{};  // text: bytes from '/' to '!' inclusive (without '!' when ended is false)
  std::string_view apdu{};          // empty when nothing of it can be read. Text: its ciphered
                                    // body, if it has one (Stoen)
  std::span<const Piece> pieces{};  // of the APDU, by offset
  std::optional<Problem> fault{};   // APDU: the first link frame that failed a check, and where
  std::uint64_t stream_offset{};    // of the first byte, counted from the framer's start
  std::uint64_t stream_end{};       // behind the last byte
};

/// Something that began like a telegram and was not passed on.
struct Dropped {
  ProblemCode code{};
  std::uint64_t stream_offset{};
};

/// What the framer did not pass on, since its start.
struct FramingCounters {
  std::uint64_t frames{};
  std::uint64_t skipped_bytes{};  // noise between frames
  std::uint64_t truncated{};      // began and broke off: where another began, in the silence of the
                                  // line, for want of a part, or at the end of input before the
                                  // first line
  std::uint64_t oversized{};      // longer than the limit
};

inline constexpr std::size_t default_frame_limit = std::size_t{16} * 1024;

class Assembly;
struct LinkFrame;

/// Framer's knowledge of the text telegram that it is inside of. Positions are in its buffer.
struct TextProgress {
  std::size_t line{};        // start of the line whose end is being looked for
  std::size_t searched{};    // no line end (or, not marked, no '!' and '/') from line to here
  bool marked{};             // line may hold something that counts and is looked at by itself
  std::size_t hunted{};      // no binary frame begins before
  bool undecided{};          // one may begin there
  std::size_t counted{};     // parentheses are counted up to here
  int open_parentheses{};    // there
  std::size_t body_at{};     // what is ciphered, from the '/' on
  std::size_t body_size{};   // 0: nothing
  unsigned char mask{0xFF};  // 0x7F while a telegram carries parity in bit 7
  std::string_view line_feeds{"\n"};  // as they look in this telegram
};

/// Cuts a byte stream into telegrams of every kind that meters send. Any chunking gives the same
/// frames; after noise or a broken telegram the next whole one is found.
///
///     /ISK5\2M550T-1012 CR LF        text: header at the start of a line
///     CR LF
///     1-0:1.7.0(00.193*kW) CR LF     '/' and '!' may stand inside values
///     !E47C CR LF                    '!' at the start of a line, or straight after ')'
///
///     7E A0 2A ..address, control.. HCS HCS ..information.. FCS FCS 7E     HDLC, by its length
///     68 L L 68 C A CI STSAP DTSAP ..data.. checksum 16                    wired M-Bus
///     DB 08 ..system title.. length ..ciphered..                           bare
///     general-glo-ciphering
///
/// HDLC segments, M-Bus frames in several parts and blocks of a general-block-transfer are joined:
/// what comes out is one APDU.
///
/// Rules that the standards leave open, and what noise teaches:
/// - a header is at most 128 bytes; inside a telegram a new one is believed only with three letters
///   after the '/' and without parentheses, for wrapped text may begin a line with '/'
/// - between telegrams such a header also counts in the middle of a line, after lost line ends
/// - where the checksum fits only from such a header on, a telegram broke off before it: that one
///   is truncated, the later one whole
/// - what follows '!' must be 0..4 hex digits of any case, NULs or spaces, CR, LF. Anything else
///   that shows a hex digit is a damaged checksum: integrity bad, never absent
/// - a telegram whose every byte has even (or odd) parity in bit 7 is 7E1 (7O1) read as 8N1: the
///   bit is cleared. A single wrong parity makes integrity bad
/// - a binary frame whose header check is right claims its bytes. One that then fails a check is
///   given once as bad, and what lies behind its first byte is searched for sound frames
/// - inside a text telegram only a sound binary frame counts: the text broke off before it
///
/// The text's integrity is judged by CRC-16/ARC, then by CRC-16/X-25; which one a meter uses is for
/// the caller to pin, since a second rule doubles the chance that a damaged telegram fits.
///
/// Use       push what arrived, then call next until it gives nothing
/// Cost      amortised linear in the bytes; allocates only until its buffer has grown to the
///           largest frame and chunk
/// Source    IEC 62056-21 mode D; Green Book 8.4 (HDLC); EN 13757-2
class Framer {
 public:
  /// frame_limit: bytes from '/' to the end of the checksum line.
  explicit Framer(std::size_t frame_limit = default_frame_limit);
  ~Framer();
  Framer(Framer&&) noexcept;
  Framer& operator=(Framer&&) noexcept;
  Framer(const Framer&) = delete;
  Framer& operator=(const Framer&) = delete;

  void push(std::string_view bytes);
  [[nodiscard]] std::optional<Frame> next();

  /// The input has ended (end of file): gives what lacks its end. Call next to exhaustion before,
  /// then finish to exhaustion.
  [[nodiscard]] std::optional<Frame> finish();

  /// Forgets a half telegram: the device was opened anew. It counts as truncated.
  void reset();

  /// True while a telegram has begun and not ended. Ask after next has given nothing.
  [[nodiscard]] bool inside_frame() const noexcept;
  /// True while bytes are kept for a binary frame, or for a part of one, that may never come.
  [[nodiscard]] bool awaits_binary() const noexcept;
  /// The line was silent for a second while awaits_binary(): what was awaited is given up. Call
  /// next to exhaustion after it.
  /// Source    recordings of meters
  void stop_waiting();

  [[nodiscard]] const FramingCounters& counters() const noexcept { return counters_; }
  /// What was dropped since the last call; the first 32.
  [[nodiscard]] std::vector<Dropped> take_dropped();

 private:
  struct Hidden;
  enum class Found : std::uint8_t { nothing, text, binary };

  [[nodiscard]] std::optional<Frame> take_frame(bool at_end);

  // between telegrams
  [[nodiscard]] Found find_start(bool at_end);
  [[nodiscard]] Found find_binary_in_header(std::size_t begin, std::size_t size,
                                            bool at_end) const noexcept;
  [[nodiscard]] Found judge_binary(std::size_t position, bool at_end);
  [[nodiscard]] std::size_t certain_header_within(std::size_t from, std::size_t to) const noexcept;
  void suspect(std::size_t position, const LinkFrame& frame) noexcept;
  [[nodiscard]] std::optional<Frame> take_link_frame();

  // inside a text
  void start_at(std::size_t position) noexcept;
  void go_to_line(std::size_t position) noexcept;
  [[nodiscard]] bool pass_plain_lines(bool at_end) noexcept;
  [[nodiscard]] std::optional<std::size_t> next_line_end(bool at_end) noexcept;
  [[nodiscard]] bool begins_ciphered_body() const noexcept;
  [[nodiscard]] bool pass_ciphered_body(bool at_end);
  [[nodiscard]] Found find_binary_within(std::size_t end, bool at_end);
  [[nodiscard]] std::optional<Frame> close_if_ended(std::size_t line_end);
  [[nodiscard]] Frame close_without_end() noexcept;
  [[nodiscard]] std::optional<Hidden> whole_telegram_within(std::size_t body_end,
                                                            std::uint16_t sent) const noexcept;
  [[nodiscard]] Frame give_away(std::size_t end, std::size_t body_end) noexcept;
  [[nodiscard]] bool begins_anew() const noexcept;
  [[nodiscard]] bool inside_parentheses(std::size_t position) noexcept;
  [[nodiscard]] bool has_lines() const noexcept;
  void drop_oversized() noexcept;

  void truncate(ProblemCode code, std::uint64_t stream_offset) noexcept;
  void skip_to(std::size_t position) noexcept;
  void forget() noexcept;
  void drop_parts() noexcept;
  [[nodiscard]] std::string_view view(std::size_t from, std::size_t to) const noexcept {
    return std::string_view{buffer_.data(), buffer_.size()}.substr(from, to - from);
  }

  std::size_t frame_limit_;
  FramingCounters counters_{};
  std::vector<Dropped> dropped_{};
  std::vector<char> buffer_{};
  std::uint64_t buffer_offset_{};  // of buffer_[0] in the stream
  bool patient_{true};             // false: the line is silent, nothing binary is waited for

  // Positions in buffer_. What lies before begin_ has been given away or skipped.
  std::size_t begin_{};                 // inside a text: its '/'
  std::optional<TextProgress> text_{};  // none: between telegrams
  Piece body_piece_{};                  // of the text that was given away last
  bool line_start_{true};               // outside: begin_ is where a line may start

  std::unique_ptr<Assembly> assembly_{};  // there since the first link frame
  std::unique_ptr<LinkFrame> link_{};     // the one that begins at begin_
  std::size_t claimed_{};        // bytes up to here belong to a link frame: they are not skipped
  std::uint64_t suspect_end_{};  // in the stream: the end flag of what suspect() saw; 0: nothing
  std::uint64_t suspect_at_{};   // its header check, in the stream
  std::size_t damaged_{};  // bytes up to here belong to a damaged one: only sound ones count there
};

}  // namespace p1meter
