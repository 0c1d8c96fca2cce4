// SPDX-License-Identifier: Apache-2.0
// Daemon: other daemons that publish under our base topic. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "p1meter/values/time.hpp"

namespace p1meter::daemon {

/// Every daemon publishes its statistics once a minute. Who does so on our topic while we listen is
/// alive; who has not done so for two and a half minutes is not. What a broker has retained counts
/// as heard when it comes, unless it may be our own of an earlier configuration.
class Neighbours {
 public:
  static constexpr milliseconds patience = seconds{150};
  static constexpr std::size_t most = 16;  // whatever is published there

  /// Another client's statistics have just come. True when it was not known to be alive.
  [[nodiscard]] bool heard(const std::string& client_id, milliseconds now) {
    if (heard_.size() >= most && !heard_.contains(client_id)) return false;
    return heard_.insert_or_assign(client_id, now).second;
  }
  /// Those that have fallen silent since the last call, in alphabetical order.
  [[nodiscard]] std::vector<std::string> take_silent(milliseconds now) {
    std::vector<std::string> silent;
    std::erase_if(heard_, [&](const auto& known) {
      const bool gone = now - known.second >= patience;
      if (gone) silent.push_back(known.first);
      return gone;
    });
    return silent;
  }
  [[nodiscard]] bool any() const noexcept { return !heard_.empty(); }

 private:
  std::map<std::string, milliseconds> heard_{};
};

}  // namespace p1meter::daemon
