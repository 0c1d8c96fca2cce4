// SPDX-License-Identifier: Apache-2.0
// Settings: one interval that somebody asks for while the program runs.
#include "settings/interval_rule.hpp"

#include <utility>

#include "settings/check_readings.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

YamlNode scalar(std::string_view text) {
  // Plain, as `interval: 5s` is: 0 may be meant.
  return {.kind = YamlNode::Kind::scalar, .plain = true, .text = std::string{text}};
}

YamlNode map_of(std::string_view key, YamlNode value) {
  YamlNode map{.kind = YamlNode::Kind::map};
  map.keys.push_back(scalar(key));
  map.items.push_back(std::move(value));
  return map;
}

}  // namespace

Result<ReadingRule, IntervalFault> make_interval_rule(std::string_view key,
                                                      std::string_view interval,
                                                      const KnownKeys& known) {
  Loading loading{.faults = FaultList{""}};
  const YamlNode readings = map_of(key, map_of("interval", scalar(interval)));
  load_readings(readings, loading);
  TopicBook topics{loading.settings, known};
  check_readings(readings, known, topics, loading);
  auto found = loading.faults.take_faults();
  // A glob without a match is only odd in a file, for which meters may come; here it is a mistake.
  if (found.empty()) found = loading.faults.take_warnings();
  if (!found.empty()) {
    const Fault& fault = found.front();
    const bool of_interval = fault.key == join_path(join_path("readings", key), "interval");
    return tl::unexpected{IntervalFault{!of_interval, fault.message}};
  }
  return std::move(loading.rules.front());
}

}  // namespace p1meter::settings
