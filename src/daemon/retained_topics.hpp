// SPDX-License-Identifier: Apache-2.0
// Daemon: retained messages that an earlier configuration left at the broker.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::daemon {

/// Remembers which topics hold a retained message of ours, and clears those that the configuration
/// no longer yields. Threads   the read loop only
class RetainedTopics {
 public:
  /// `remembered`: what an earlier run stored.
  explicit RetainedTopics(std::vector<std::string> remembered);

  /// Right after all meters were announced over a connection: clears what is remembered and no
  /// longer yielded.
  void clear_outdated(mqtt::MqttSink& sink);
  /// The list to store, when it differs from what was stored last.
  [[nodiscard]] std::optional<std::vector<std::string>> take_changed(const mqtt::MqttSink& sink);

 private:
  std::vector<std::string> remembered_;  // sorted; from earlier runs, not cleared yet
  std::vector<std::string> stored_;      // sorted
};

}  // namespace p1meter::daemon
