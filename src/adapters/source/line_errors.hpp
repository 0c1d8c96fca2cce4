// SPDX-License-Identifier: Apache-2.0
// Source adapter: the errors on a serial line that its driver has counted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace p1meter {

/// What went wrong on a line. USB adapters count packets of up to 62 characters, not characters.
struct LineErrors {
  std::uint64_t framing{};   // no stop bit: wrong speed, a disturbed or an inverted line
  std::uint64_t parity{};    // wrong parity, or a disturbed line
  std::uint64_t breaks{};    // the line lay at its start level for longer than a character
  std::uint64_t overruns{};  // characters came faster than they were taken, by chip or driver

  [[nodiscard]] std::uint64_t total() const noexcept {
    return framing + parity + breaks + overruns;
  }
  LineErrors& operator+=(const LineErrors& other) noexcept;

  friend bool operator==(const LineErrors&, const LineErrors&) = default;
};

/// What the driver has counted since the device came, modulo 2^32.
struct LineCounters {
  std::uint32_t framing{};
  std::uint32_t parity{};
  std::uint32_t breaks{};
  std::uint32_t overruns{};
  std::uint32_t buffer_overruns{};
};

/// Nothing where there are no counters (pseudo terminals), or when the device has gone.
/// Source    tty_ioctl(4), TIOCGICOUNT
[[nodiscard]] std::optional<LineCounters> read_line_counters(int fd);

/// Adds up what the drivers of one port count, over every time that it is opened.
///
/// Cost      one system call a look, none a byte; the driver does not ask the device
class LineErrorCounter {
 public:
  using Reader = std::function<std::optional<LineCounters>(int fd)>;
  explicit LineErrorCounter(Reader read = read_line_counters);

  /// What the driver has counted so far is none of ours: others had the port before.
  void opened(int fd);
  /// Adds what has come since the last look; between two looks the driver's counters may turn over
  /// once.
  void look(int fd);
  /// Nothing as long as no driver counts.
  [[nodiscard]] const std::optional<LineErrors>& errors() const noexcept { return errors_; }

 private:
  Reader read_;
  std::optional<LineCounters> seen_{};  // of the port that is open
  std::optional<LineErrors> errors_{};
};

}  // namespace p1meter
