// SPDX-License-Identifier: Apache-2.0
// Replay adapter: hex text, and telling the formats apart.
#include <algorithm>
#include <optional>

#include "adapters/replay/formats.hpp"

namespace p1meter::replay {
namespace {

// More than any number or id of a telegram has, which a capture may begin in the middle of.
constexpr std::size_t enough_to_decide = 128;

// Fewer octets stand at the beginning of other things, too.
constexpr std::size_t enough_to_mention = 8;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// What a line has before its octets is shorter; so is a dump's line.
constexpr std::size_t line_beginning = 256;

}  // namespace

Detected detect_format(ByteReader& reader) {
  for (bool at_end = false;;) {
    const std::string_view head = reader.look();
    if (head.starts_with(record_mark)) return {CaptureFormat::record};
    if (at_end || !record_mark.starts_with(head)) {
      HexText trial;
      static_cast<void>(trial.read(head, at_end));
      const std::size_t octets = trial.octets();
      if (octets >= enough_to_decide) return {CaptureFormat::hex};
      if (trial.error()) {
        const bool nearly = octets >= enough_to_mention;
        return {CaptureFormat::raw, nearly ? trial.error() : std::nullopt};
      }
      if (at_end) return {octets > 0 ? CaptureFormat::hex : CaptureFormat::raw};
    }
    at_end = !reader.read_more();
  }
}

std::optional<CaptureChunk> HexText::next(ByteReader& reader) {
  octets_.bytes().clear();
  while (octets_.bytes().empty() && !error_ && !reader.at_end()) {
    const std::size_t size = read(reader.look(), at_end_);
    reader.take(size);
    if (size == 0) at_end_ = !reader.read_more();
  }
  if (octets_.bytes().empty() && !error_ && !octets_.finish()) {
    fail("half an octet at the end of the hex text");
  }
  if (octets_.bytes().empty()) return std::nullopt;
  return CaptureChunk{octets_.bytes(), std::nullopt};
}

std::size_t HexText::read(std::string_view text, bool at_end) {
  std::size_t size = 0;
  for (; size < text.size() && !error_; ++size) {
    if (column_ == 0 && !begin_line(text.substr(size), at_end)) break;
    take(text[size]);
  }
  return size;
}

// False when more of the line is needed to know where its octets are.
bool HexText::begin_line(std::string_view text, bool at_end) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, std::min(end, line_beginning));
  const bool enough = end != std::string_view::npos || line.size() == line_beginning || at_end;
  const std::size_t mark =
      line_ == 1 && line.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  line.remove_prefix(mark);
  if (!enough && !shows_no_hex(line)) return false;
  columns_ = find_octets(line, before_);
  if (columns_.begin != std::string_view::npos) columns_.begin += mark;
  if (columns_.end != std::string_view::npos) columns_.end += mark;
  return true;
}

void HexText::take(char character) {
  if (character == '\n') {
    end_line();
    return;
  }
  ++column_;
  if (column_ <= columns_.begin || column_ > columns_.end) return;
  if (!octets_.take(character)) fail("expected octets in hex, separators or a # comment");
}

void HexText::end_line() {
  if (columns_.dump) {
    before_ = LinesBefore::dump;
  } else if (octets_.line_octets() > 0) {
    before_ = LinesBefore::octets;
  }
  if (!octets_.take('\n')) fail("expected a hex digit before the end of the line");
  ++line_;
  column_ = 0;
}

void HexText::fail(const std::string& what) {
  error_ = "line " + std::to_string(line_) + ", column " + std::to_string(column_) + ": " + what;
}

}  // namespace p1meter::replay
