// SPDX-License-Identifier: Apache-2.0
// Replay adapter: the three formats of captures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/replay/byte_reader.hpp"
#include "adapters/replay/capture.hpp"
#include "adapters/replay/octet_text.hpp"

namespace p1meter::replay {

inline constexpr std::string_view record_mark = "p1meter-record ";
inline constexpr std::string_view record_first_line = "p1meter-record 1\n";
inline constexpr std::size_t chunk_limit = 65536;

struct Detected {
  CaptureFormat format{};
  std::optional<std::string> hex_fault{};  // of raw bytes that begin as hex text does: what is not
};

/// Tells the formats apart by what a capture begins with; takes nothing. A record has its first
/// line. Hex text has nothing but octets, and lines of a log or a program that have none, for 128
/// octets (or to its end): a telegram, cut anywhere, has other characters sooner.
[[nodiscard]] Detected detect_format(ByteReader& reader);

/// Octets in hex as OctetText reads them, line by line. A line is waited for to its end, or to its
/// first 256 characters.
class HexText {
 public:
  /// The bytes of what has been read so far; nothing at the end or at an error.
  [[nodiscard]] std::optional<CaptureChunk> next(ByteReader& reader);
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

  /// Reads as much as can be judged before there is more; gives its size.
  [[nodiscard]] std::size_t read(std::string_view text, bool at_end);
  /// What read() found and next() has not given.
  [[nodiscard]] std::size_t octets() noexcept { return octets_.bytes().size(); }

 private:
  [[nodiscard]] bool begin_line(std::string_view text, bool at_end);
  void take(char character);
  void end_line();
  void fail(const std::string& what);

  OctetText octets_{};
  OctetColumns columns_{};
  LinesBefore before_{LinesBefore::none};
  std::uint64_t line_{1};
  std::size_t column_{};  // of the character read last, from 1
  bool at_end_{};
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
