// SPDX-License-Identifier: Apache-2.0
// Replay adapter: a stream as a window of bytes that moves on, and its offset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p1meter::replay {

/// Reads a stream as its bytes come: never waits for more when some are there, so that a pipe is
/// shown while it fills. Memory is one window of 64 KiB.
class ByteReader {
 public:
  explicit ByteReader(std::istream& input);

  /// What was read and not taken. Waits for the first byte when that is nothing; empty at the end.
  [[nodiscard]] std::string_view look();
  /// Reads on behind what look() gives. False at the end, or when the window is full.
  [[nodiscard]] bool read_more();
  void take(std::size_t size);
  /// Of the first byte that look() gives, from the beginning of the stream.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  [[nodiscard]] bool at_end() { return look().empty(); }
  /// Why the stream could not be read to its end.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

 private:
  [[nodiscard]] std::size_t read_into_window();

  std::istream& input_;
  std::vector<char> window_;
  std::size_t begin_{};
  std::size_t end_{};
  std::uint64_t offset_{};
  bool ended_{};
  std::optional<std::string> error_{};
};

}  // namespace p1meter::replay
