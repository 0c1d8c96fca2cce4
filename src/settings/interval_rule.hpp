// SPDX-License-Identifier: Apache-2.0
// Settings: one interval that somebody asks for while the program runs.
#pragma once

#include <string>
#include <string_view>

#include "p1meter/values/result.hpp"
#include "settings/known_keys.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

struct IntervalFault {
  bool of_key{};          // of the key, else of the interval
  std::string message{};  // as a fault of the configuration says it
};

/// The rule `key: {interval: ...}`, judged by what judges the entries of `readings`. A glob must
/// match a key that is known.
///
/// Input     key: a key, a glob, an OBIS code or "default"; interval: "5s"
[[nodiscard]] Result<ReadingRule, IntervalFault> make_interval_rule(std::string_view key,
                                                                    std::string_view interval,
                                                                    const KnownKeys& known);

}  // namespace p1meter::settings
