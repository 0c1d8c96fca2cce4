// SPDX-License-Identifier: Apache-2.0
// Framing: one binary frame of a link layer: where it ends, and what its checks say. Includes
// values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "p1meter/values/apdu.hpp"
#include "p1meter/values/octets.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// A whole link frame, by positions from its first byte.
struct LinkFrame {
  Link link{Link::none};     // none: a bare general-glo-ciphering APDU
  std::size_t size{};        // of the frame, flags included
  std::size_t part_begin{};  // what it carries: a whole APDU, or a part of one
  std::size_t part_end{};
  std::uint8_t number{};               // M-Bus: of the part, from 0
  bool last{true};                     // no part follows
  bool cut{};                          // the input ended before the frame did
  std::optional<ProblemCode> fault{};  // none: every check that the frame has was right
  std::size_t fault_at{};
};

struct LinkVerdict {
  enum class Kind : std::uint8_t {
    none,        // no frame begins here
    incomplete,  // more bytes are needed to tell
    awaited,     // it is one; its bytes are not all here
    broken,      // it was one, and does not end where it said
    doubtful,    // HDLC: its header check is wrong
    whole,
  };
  Kind kind{Kind::none};
  LinkFrame frame{};  // whole; doubtful: size and fault; broken: fault
};

/// True for the first byte of a frame of any of the three kinds.
[[nodiscard]] constexpr bool is_link_start(char c) noexcept {
  return c == '\x7E' || c == '\x68' || c == apdu_tag::ciphering;
}

/// The link layer of a frame with this first byte.
[[nodiscard]] constexpr Link link_of(char first) noexcept {
  if (first == '\x7E') return Link::hdlc;
  return first == '\x68' ? Link::mbus : Link::none;
}

/// An unbroken frame shows a byte of 0x80 or more among this many first ones.
inline constexpr std::size_t telling_bytes = 6;

/// A byte that no plain text has: a binary frame may begin near it.
[[nodiscard]] constexpr bool is_strange(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// What begins with the first byte of `bytes`?
///
/// limit     of the frame's size
/// last_chance    no more bytes will come: what can be judged without them is
/// Source    Green Book 8.4 (HDLC format type 3), EN 13757-2 (long frame), Green Book
///           general-glo-ciphering
[[nodiscard]] LinkVerdict judge_link_frame(std::string_view bytes, std::size_t limit,
                                           bool last_chance) noexcept;

[[nodiscard]] LinkVerdict judge_hdlc(std::string_view bytes) noexcept;
[[nodiscard]] LinkVerdict judge_mbus(std::string_view bytes, bool last_chance) noexcept;
[[nodiscard]] LinkVerdict judge_glo(std::string_view bytes, std::size_t limit) noexcept;

/// The ciphered body of a text telegram, between its header and '!': an envelope whose system title
/// has no octets (00 82 hh ll, security control, counter, ciphertext, tag).
///
/// Output    whole: frame.size is that of the body; the rest as judge_link_frame
/// Source    recordings of meters: Stoen, Warsaw
[[nodiscard]] LinkVerdict judge_ciphered_body(std::string_view bytes, std::size_t limit) noexcept;

}  // namespace p1meter
