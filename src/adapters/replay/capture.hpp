// SPDX-License-Identifier: Apache-2.0
// Replay adapter: captures to byte chunks with receive times, as a stream with bounded memory.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "p1meter/values/time.hpp"

namespace p1meter {

enum class CaptureFormat : std::uint8_t { automatic, raw, hex, record };

/// A piece of a capture. `received` only in record files.
struct CaptureChunk {
  std::string_view bytes{};
  std::optional<Instant> received{};
};

/// Reads raw bytes, hex text with '#' comments, or our record format, told apart by content.
/// docs/record-format.md defines the record format.
class CaptureReader {
 public:
  explicit CaptureReader(std::istream& input, CaptureFormat format = CaptureFormat::automatic);
  ~CaptureReader();
  /// The next chunk (at most 64 KiB), borrowed until the next call; nothing at the end.
  [[nodiscard]] std::optional<CaptureChunk> next();
  /// Set when the input could not be read on (I/O) or is not what its format says: what and where.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept;
  [[nodiscard]] CaptureFormat format() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes the record format.
class RecordWriter {
 public:
  explicit RecordWriter(std::ostream& output);
  void write(std::string_view bytes, Instant received);

 private:
  std::ostream& output_;
};

}  // namespace p1meter
