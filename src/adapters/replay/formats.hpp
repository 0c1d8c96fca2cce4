// SPDX-License-Identifier: Apache-2.0
// Replay adapter: the three formats of captures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/replay/byte_reader.hpp"
#include "adapters/replay/capture.hpp"

namespace p1meter::replay {

inline constexpr std::string_view record_mark = "p1meter-record ";
inline constexpr std::string_view record_first_line = "p1meter-record 1\n";
inline constexpr std::size_t chunk_limit = 65536;

/// Tells the formats apart by what a capture begins with; takes nothing. A record has its first
/// line. Hex text begins with a comment, or has nothing but hex digits and white space for 256
/// digits (or to its end): a telegram, cut anywhere, has other characters sooner.
[[nodiscard]] CaptureFormat detect_format(ByteReader& reader);

/// Pairs of hex digits; white space anywhere between digits, comments from '#' to the end of the
/// line.
class HexText {
 public:
  /// The bytes of what has been read so far; nothing at the end or at an error.
  [[nodiscard]] std::optional<CaptureChunk> next(ByteReader& reader);
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

 private:
  void take(char character, std::uint64_t offset);

  std::string bytes_{};
  std::optional<unsigned> high_{};  // the first digit of a pair
  std::uint64_t high_offset_{};
  bool in_comment_{};
  std::optional<std::string> error_{};
};

/// docs/record-format.md
class RecordText {
 public:
  [[nodiscard]] std::optional<CaptureChunk> next(ByteReader& reader);
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

 private:
  enum class Line : std::uint8_t { whole, cut, too_long };
  struct Header {
    Instant received{};
    std::size_t size{};
  };
  [[nodiscard]] bool read_first_line(ByteReader& reader);
  [[nodiscard]] std::optional<Header> read_header(ByteReader& reader);
  [[nodiscard]] Line read_line(ByteReader& reader);
  [[nodiscard]] bool read_bytes(ByteReader& reader, std::size_t size);
  void skip_comment(ByteReader& reader);
  void fail(std::uint64_t offset, const std::string& what);

  std::string line_{};
  std::string bytes_{};
  bool begun_{};
  bool over_{};
  std::optional<std::string> error_{};
};

}  // namespace p1meter::replay
