// SPDX-License-Identifier: Apache-2.0
// Replay adapter: captures to byte chunks with receive times, as a stream with bounded memory.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
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

/// Reads raw bytes, hex text (as logs, dumps and programs write it, with '#' comments), or our
/// record format, told apart by content. docs/record-format.md defines the record format.
///
/// Waits for bytes, but never for more than there are: a pipe is read as it fills (std::cin only
/// after std::ios::sync_with_stdio(false), else byte by byte); hex text by the line. Memory is
/// bounded, whatever the input.
class CaptureReader {
 public:
  explicit CaptureReader(std::istream& input, CaptureFormat format = CaptureFormat::automatic);
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader(CaptureReader&&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;
  CaptureReader& operator=(CaptureReader&&) = delete;
  /// The next chunk (at most 64 KiB), borrowed until the next call; nothing at the end.
  [[nodiscard]] std::optional<CaptureChunk> next();
  /// Set once next() gave nothing because the input could not be read on (I/O) or is not what its
  /// format says: what and where. All bytes before that place were given. A record that merely
  /// breaks off is no error: a recorder that lost its power leaves one.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept;
  /// Set when it was told apart as raw bytes, but begins as hex text does: where it is none.
  [[nodiscard]] const std::optional<std::string>& hex_fault() const noexcept;
  /// What it was told apart as; automatic until the first next().
  [[nodiscard]] CaptureFormat format() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes the record format. The caller checks the stream's state.
class RecordWriter {
 public:
  explicit RecordWriter(std::ostream& output);
  /// Any bytes at all; more than 64 KiB become several chunks of the same time.
  void write(std::string_view bytes, Instant received);

 private:
  std::ostream& output_;
};

}  // namespace p1meter
