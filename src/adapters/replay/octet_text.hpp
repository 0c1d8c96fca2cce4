// SPDX-License-Identifier: Apache-2.0
// Replay adapter: octets as people and tools write them in hex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace p1meter::replay {

/// Reads hex characters to octets: pairs of digits, each octet or run of them perhaps with 0x or \x
/// before it, and blanks , ; : - . " { } between octets. A # comment ends a line's octets, as does
/// a count behind them: "7E.A1 (2)".
///
/// White space may stand within an octet, too: text that was wrapped at any width. The other
/// separators may not, so that numbers of a text telegram are no octets.
class OctetText {
 public:
  /// False: this character cannot stand here; then the reader must not be used on.
  [[nodiscard]] bool take(char character);
  /// False: half an octet is left over.
  [[nodiscard]] bool finish();
  /// What was read and not yet taken away.
  [[nodiscard]] std::string& bytes() noexcept { return bytes_; }
  /// Octets of the line up to here.
  [[nodiscard]] std::size_t line_octets() const noexcept { return line_octets_; }

 private:
  enum class Expected : std::uint8_t { anything, x, digit, end_of_line };
  [[nodiscard]] bool take_expected(char character);
  [[nodiscard]] bool take_anything(char character);
  void take_digit(unsigned digit);
  void push(unsigned octet);
  void end_octet();

  std::string bytes_{};
  std::size_t line_octets_{};
  std::optional<unsigned> high_{};  // the first digit of a pair
  bool prefixed_{};                 // 0x or \x stands before it: 0x7 is an octet, too
  char last_{'\n'};
  Expected expected_{Expected::anything};
};

/// Where a line's octets are: its offset column, characters column, comment or log prefix left out.
struct OctetColumns {
  std::size_t begin{};  // npos: it has none
  std::size_t end{std::string_view::npos};
  bool dump{};  // it is a line of a dump: its offset stands before the octets
};

/// What the lines before were.
enum class LinesBefore : std::uint8_t { none, octets, dump };

/// Finds a line's octets by its shape: behind the offset of xxd, hexdump -C, od and their like and
/// before the characters, or behind whatever a log or a program has before octets. A line that is
/// nothing of this is left as it stands, for OctetText to say where it goes wrong.
/// line: without its line end, or as many of its first characters as show the shape
[[nodiscard]] OctetColumns find_octets(std::string_view line, LinesBefore before);

/// Whether a line's beginning shows already that it has no octets: a header of a text telegram, or
/// characters that no text has.
[[nodiscard]] bool shows_no_hex(std::string_view beginning);

}  // namespace p1meter::replay
