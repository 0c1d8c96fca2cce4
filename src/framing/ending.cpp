// SPDX-License-Identifier: Apache-2.0
// Framing: the line that ends a telegram, and what its checksum says.
#include "framing/ending.hpp"

#include <algorithm>
#include <optional>

#include "p1meter/framing/crc16.hpp"

namespace p1meter {
namespace {

constexpr std::size_t max_digits = 4;

constexpr std::optional<unsigned> hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char small = static_cast<char>(c | 0x20);
  if (small >= 'a' && small <= 'f') return static_cast<unsigned>(small - 'a') + 10;
  return std::nullopt;
}

/// Reads a line with bit 7 cleared where it carries parity; past its end there are line feeds.
class MaskedLine {
 public:
  MaskedLine(std::string_view line, unsigned char mask) noexcept : line_{line}, mask_{mask} {}
  char operator[](std::size_t i) const noexcept {
    if (i >= line_.size()) return '\n';
    return static_cast<char>(static_cast<unsigned char>(line_[i]) & mask_);
  }

 private:
  std::string_view line_;
  unsigned char mask_;
};

constexpr bool is_filler(char c) noexcept { return c == '\0' || c == ' ' || c == '\t'; }

/// True when the checksum fits the text as it would be with CR LF at each line end.
template <class Crc>
bool fits_with_restored_line_ends(std::string_view body, std::uint16_t sent) noexcept {
  Crc crc;
  while (!body.empty()) {
    const std::size_t line = std::min(body.find_first_of("\r\n"), body.size());
    crc.add(body.substr(0, line));
    body.remove_prefix(line);
    if (body.empty()) break;
    crc.add("\r\n");
    body.remove_prefix(body.starts_with("\r\n") ? 2 : 1);
  }
  return crc.value() == sent;
}

}  // namespace

std::size_t find_bang(std::string_view line, unsigned char mask) noexcept {
  const MaskedLine masked{line, mask};
  if (masked[0] == '!') return 0;
  std::size_t end = line.size();
  if (end > 0 && masked[end - 1] == '\n') --end;
  if (end > 0 && masked[end - 1] == '\r') --end;
  if (end > 0 && masked[end - 1] == ')') return std::string_view::npos;  // nearly every line
  while (end > 0 && is_filler(masked[end - 1])) --end;
  for (std::size_t digits = 0; digits < max_digits && end > 0; ++digits, --end) {
    if (!hex_value(masked[end - 1])) break;
  }
  if (end < 2 || masked[end - 1] != '!') return std::string_view::npos;
  const char before = masked[end - 2];
  return before == ')' || before == '\r' ? end - 1 : std::string_view::npos;
}

Ending read_ending(std::string_view line, unsigned char mask) noexcept {
  const MaskedLine masked{line, mask};
  Ending ending;
  std::size_t i = 1;
  unsigned value = 0;
  for (; i <= max_digits; ++i) {
    const auto digit = hex_value(masked[i]);
    if (!digit) break;
    value = value << 4U | *digit;
    ending.checksum = Ending::Checksum::given;
  }
  ending.value = static_cast<std::uint16_t>(value);
  const std::size_t after_digits = i;
  while (is_filler(masked[i])) ++i;
  if (masked[i] == '\r') ++i;
  ending.well_formed = masked[i] == '\n' && i + 1 >= line.size();
  ending.size = ending.well_formed ? line.size() : i;
  if (!ending.well_formed) {
    // Noise alone is no checksum; next to a hex digit it is a damaged one.
    bool digit_seen = after_digits > 1;
    for (; i <= max_digits; ++i) digit_seen = digit_seen || hex_value(masked[i]).has_value();
    ending.checksum = digit_seen ? Ending::Checksum::damaged : Ending::Checksum::absent;
  }
  return ending;
}

ChecksumVerdict judge_checksum(std::string_view body, std::uint16_t sent) noexcept {
  if (crc16_arc(body) == sent) return {ChecksumRule::arc, false};
  if (crc16_x25(body) == sent) return {ChecksumRule::x25, false};
  return {ChecksumRule::none, fits_with_restored_line_ends<Crc16Arc>(body, sent) ||
                                  fits_with_restored_line_ends<Crc16X25>(body, sent)};
}

}  // namespace p1meter
