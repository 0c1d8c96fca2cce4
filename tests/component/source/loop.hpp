// SPDX-License-Identifier: Apache-2.0
// Component tests of sources: an io_context that runs until something is true, and what a source
// said.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/source/source.hpp"

namespace p1meter::test {

/// Runs the context until the condition holds; false when it does not within `patience`. Looks at
/// the condition every 10 ms too, for it may depend on what is outside of the context.
inline bool run_until(boost::asio::io_context& context, const std::function<bool()>& condition,
                      milliseconds patience = seconds{20}) {
  const auto end = std::chrono::steady_clock::now() + patience;
  boost::asio::steady_timer tick{context};
  // Shared: a tick that has fired may still be queued when this returns.
  const auto ticked = std::make_shared<bool>(true);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    if (std::exchange(*ticked, false)) {
      tick.expires_after(milliseconds{10});
      tick.async_wait([ticked](const boost::system::error_code& error) {
        if (!error) *ticked = true;
      });
    }
    context.restart();
    context.run_one();
  }
  return true;
}

/// Everything a source reports, kept. Counts telegrams by their last line ("!").
struct Heard {
  std::string bytes{};
  int reopened{};
  int ended{};
  std::vector<std::string> changes{};
  std::function<void(std::string_view)> on_bytes{};

  [[nodiscard]] SourceHandlers handlers() {
    return {.bytes =
                [this](std::string_view chunk) {
                  bytes.append(chunk);
                  if (on_bytes) on_bytes(chunk);
                },
            .reopened = [this] { ++reopened; },
            .changed =
                [this](const link::Step& step, const std::string& where) {
                  changes.push_back(text(step.change) + ' ' + where +
                                    (step.reason.empty() ? "" : ": " + step.reason));
                },
            .ended = [this] { ++ended; }};
  }

  static std::string text(link::Change change) {
    switch (change) {
      case link::Change::connected:
        return "connected";
      case link::Change::lost:
        return "lost";
      case link::Change::absent:
        return "absent";
      case link::Change::probing:
        return "probing";
      case link::Change::settled:
        return "settled";
      case link::Change::none:
        break;
    }
    return "none";
  }
};

}  // namespace p1meter::test
