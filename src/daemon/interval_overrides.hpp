// SPDX-License-Identifier: Apache-2.0
// Daemon: intervals that somebody has changed until the program restarts.
#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace p1meter::daemon {

/// They go on top of the configuration, whatever its rules are; of two for one key the newer
/// counts.
class IntervalOverrides {
 public:
  static constexpr std::size_t most = 64;

  struct Override {
    std::string meter{};  // empty: all
    bool test{};          // all of those under the test topics, or of the others
    settings::ReadingRule rule{};
  };

  /// Takes the place of an older one with the same meter and pattern. False: too many.
  [[nodiscard]] bool put(Override fresh) {
    std::erase_if(all_, [&](const Override& it) {
      return it.meter == fresh.meter && it.test == fresh.test &&
             it.rule.pattern == fresh.rule.pattern;
    });
    if (all_.size() >= most) return false;
    all_.push_back(std::move(fresh));
    return true;
  }

  /// Those of one meter, the oldest first.
  [[nodiscard]] std::vector<settings::ReadingRule> of(const std::string& meter, bool test) const {
    std::vector<settings::ReadingRule> rules;
    for (const Override& it : all_) {
      if (it.meter.empty() ? it.test == test : it.meter == meter) rules.push_back(it.rule);
    }
    return rules;
  }

 private:
  std::vector<Override> all_{};
};

}  // namespace p1meter::daemon
