// SPDX-License-Identifier: Apache-2.0
// Values: how bytes were understood, as a tree for people. Includes the standard library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter {

/// One part of some bytes and what it is. The lines behind it that are deeper lie within it.
///
/// Owns      octets are borrowed from what was described
struct OutlineLine {
  std::uint32_t offset{};  // of its first byte
  std::uint32_t size{};    // up to behind its last byte; 0: a remark on the place. An element that
                           // two link frames share has their ends and beginnings in between
  std::uint16_t depth{};
  bool again{};               // lines before have explained these bytes as what carries them
  std::string text{};         // printable ASCII, but for units
  std::string_view octets{};  // as they were understood: joined, deciphered
};
using Outline = std::vector<OutlineLine>;

/// Writes the lines of some octets from the first one to the last. What lacks its end is described
/// as far as it goes: nothing is read that is not there.
class OutlineWriter {
 public:
  /// base    the offset of octets' first byte
  OutlineWriter(std::string_view octets, Outline& outline, std::size_t base = 0,
                std::uint16_t depth = 0) noexcept
      : octets_{octets}, outline_{outline}, base_{base}, depth_{depth} {}

  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  [[nodiscard]] std::string_view left() const noexcept { return octets_.substr(at_); }

  /// The next octets are this. Where fewer are left the line says so; where none are, there is no
  /// line.
  void take(std::size_t size, std::string text);
  /// The next octets belong to the open line itself.
  void pass(std::size_t size) noexcept;
  /// What comes next, up to close(), lies within this line.
  [[nodiscard]] std::size_t open(std::string text);
  void close(std::size_t line) noexcept;
  /// The next octets are described by `lines`, whose offsets count from the first of them.
  void append(Outline lines, std::size_t size);

 private:
  std::string_view octets_;
  Outline& outline_;
  std::size_t base_;
  std::uint16_t depth_;
  std::size_t at_{};
};

/// Whether any byte is left out or explained twice: lines of depth 0 that do not explain `again`
/// cover all bytes one after the other, and deeper lines lie within the one above them without
/// overlap.
[[nodiscard]] bool is_sound(const Outline& outline, std::size_t size) noexcept;

/// Bytes of the first line with its line end: CR LF, or one of them.
[[nodiscard]] std::size_t line_size(std::string_view text) noexcept;

/// Capital hex digits without spaces, of at most so many octets, then "..".
[[nodiscard]] std::string outline_hex(std::string_view octets, std::size_t most = 16);
/// Foreign text that steers no terminal: what is not printable ASCII as \x1B.
[[nodiscard]] std::string outline_text(std::string_view text);
/// "1 byte", "2 bytes"
[[nodiscard]] std::string counted(std::size_t number, std::string_view noun);

}  // namespace p1meter
