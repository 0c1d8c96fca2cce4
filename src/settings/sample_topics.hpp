// SPDX-License-Identifier: Apache-2.0
// Settings: topics as they will be, for comparing them before there is a meter.
#pragma once

#include <string>
#include <string_view>

#include "settings/settings.hpp"

namespace p1meter::settings {

/// What stands for the placeholders while topics are compared.
struct SampleSubject {
  const std::string& base;
  const std::string& meter;
  std::string key{};
  std::string topic{};
};

/// A template filled in. What only the running program knows (equipment id, host name) stays as its
/// placeholder. Devices and codes differ with the key, so the key stands for them.
[[nodiscard]] std::string fill_sample(const TextTemplate& topic, const SampleSubject& subject);

/// True when the topics of two readings differ.
[[nodiscard]] bool tells_readings_apart(const TextTemplate& topic);

/// The name of the first meter; empty without any.
[[nodiscard]] const std::string& first_meter(const Settings& settings);

/// "both meters", or "all 3 meters".
[[nodiscard]] std::string all_meters(const Settings& settings);

/// Topics that no option moves: commands, answers and log, and those of Home Assistant.
class FixedTopics {
 public:
  /// Borrows them.
  explicit FixedTopics(const Settings& settings) : settings_{settings} {}

  /// Output    empty when it is free, else whose it is: "p1meter publishes p1meter/log itself"
  [[nodiscard]] std::string whose(std::string_view path) const;

 private:
  const Settings& settings_;
};

}  // namespace p1meter::settings
