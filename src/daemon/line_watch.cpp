// SPDX-License-Identifier: Apache-2.0
// Daemon: whether errors on a serial line are worth a log line.
#include "daemon/line_watch.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

constexpr milliseconds quiet = std::chrono::hours{1};
constexpr milliseconds search_patience = std::chrono::minutes{3};

}  // namespace

LineWatch::News LineWatch::look(const LineErrors& errors, bool settings_known, milliseconds now) {
  if (settings_known) {
    searching_since_.reset();
  } else if (!searching_since_) {
    searching_since_ = now;
  }
  const bool more = errors.total() > std::exchange(seen_, errors.total());
  const bool recently = last_errors_ && now - *last_errors_ < quiet;
  if (!more) {
    return !recently && std::exchange(told_, false) ? News::errors_ended : News::none;
  }
  if (searching_since_ && now - *searching_since_ < search_patience) return News::none;
  last_errors_ = now;
  return recently && !std::exchange(told_, true) ? News::errors_come : News::none;
}

void log_line_news(LineWatch::News news, std::string_view meter, const LineErrors& errors) {
  if (news == LineWatch::News::errors_ended) {
    log::write(log::Level::info, "no errors on the serial line for an hour",
               {{"meter", std::string{meter}}});
  }
  if (news != LineWatch::News::errors_come) return;
  log::write_limited(
      std::string{meter} + "/line", log::Level::warning,
      "errors on the serial line: look for a long or loose cable and a weak pull-up; where no "
      "telegram comes, for another baud rate or parity and for an inverted signal "
      "(hardware/README)",
      {{"meter", std::string{meter}},
       {"framing", std::to_string(errors.framing)},
       {"parity", std::to_string(errors.parity)},
       {"breaks", std::to_string(errors.breaks)},
       {"overruns", std::to_string(errors.overruns)}});
}

}  // namespace p1meter::daemon
