// SPDX-License-Identifier: Apache-2.0
// Replay adapter: hex text, and telling the formats apart.
#include <optional>

#include "adapters/replay/formats.hpp"

namespace p1meter::replay {
namespace {

// More than any number or id of a telegram has, which a capture may begin in the middle of.
constexpr std::size_t enough_to_decide = 256;

std::optional<unsigned> hex_value(char character) {
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
  if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a' + 10);
  if (character >= 'A' && character <= 'F') return static_cast<unsigned>(character - 'A' + 10);
  return std::nullopt;
}

bool is_space(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

enum class Verdict : std::uint8_t { hex, raw, open };

// Whether a beginning is hex text: a comment before anything else, or enough digits and nothing
// else than digits, white space and comments.
Verdict judge(std::string_view head, bool at_end) {
  std::size_t digits = 0;
  bool in_comment = false;
  for (const char character : head) {
    if (in_comment) {
      in_comment = character != '\n';
    } else if (character == '#') {
      if (digits == 0) return Verdict::hex;
      in_comment = true;
    } else if (hex_value(character)) {
      if (++digits == enough_to_decide) return Verdict::hex;
    } else if (!is_space(character)) {
      return Verdict::raw;
    }
  }
  if (!at_end) return Verdict::open;
  return digits > 0 ? Verdict::hex : Verdict::raw;
}

}  // namespace

CaptureFormat detect_format(ByteReader& reader) {
  for (bool at_end = false;;) {
    const std::string_view head = reader.look();
    if (head.starts_with(record_mark)) return CaptureFormat::record;
    if (at_end || !record_mark.starts_with(head)) {
      const Verdict verdict = judge(head, at_end);
      if (verdict == Verdict::hex) return CaptureFormat::hex;
      if (verdict == Verdict::raw) return CaptureFormat::raw;
    }
    at_end = !reader.read_more();
  }
}

std::optional<CaptureChunk> HexText::next(ByteReader& reader) {
  bytes_.clear();
  while (bytes_.empty() && !error_ && !reader.at_end()) {
    const std::string_view text = reader.look();
    std::size_t size = 0;
    for (; size < text.size() && !error_; ++size) take(text[size], reader.offset() + size);
    reader.take(size);
  }
  if (bytes_.empty()) {
    if (high_ && !error_) {
      error_ =
          "offset " + std::to_string(high_offset_) + ": half a byte at the end of the hex text";
    }
    return std::nullopt;
  }
  return CaptureChunk{bytes_, std::nullopt};
}

void HexText::take(char character, std::uint64_t offset) {
  if (in_comment_) {
    in_comment_ = character != '\n';
  } else if (character == '#') {
    in_comment_ = true;
  } else if (const auto value = hex_value(character)) {
    if (high_) {
      bytes_ += static_cast<char>(*high_ << 4U | *value);
      high_.reset();
    } else {
      high_ = value;
      high_offset_ = offset;
    }
  } else if (!is_space(character)) {
    error_ = "offset " + std::to_string(offset) + ": not a hex digit, white space or # comment";
  }
}

}  // namespace p1meter::replay
