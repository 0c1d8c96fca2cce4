// SPDX-License-Identifier: Apache-2.0
// Daemon: whether errors on a serial line are worth a log line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/source/line_errors.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter::daemon {

/// Judges a line by looks at its error counters. A single look with errors is no news: opening a
/// port, and plugging in a cable, make some. Two within an hour are.
class LineWatch {
 public:
  enum class News : std::uint8_t { none, errors_come, errors_ended };

  /// `settings_known`: telegrams have come with the line's settings, or the user has chosen them.
  /// Whoever tries settings reads errors with each wrong one: those count as news only when no
  /// settings were found for three minutes, in which all have had their turn.
  [[nodiscard]] News look(const LineErrors& errors, bool settings_known, milliseconds now);

 private:
  std::uint64_t seen_{};
  std::optional<milliseconds> searching_since_{};  // for line settings
  std::optional<milliseconds> last_errors_{};
  bool told_{};
};

/// The log's line for what a look has found.
void log_line_news(LineWatch::News news, std::string_view meter, const LineErrors& errors);

}  // namespace p1meter::daemon
