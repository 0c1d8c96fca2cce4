// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: tells the daemon what has changed, once per change.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

/// Threads   report on the publisher's; silence on the owner's
class Reporter {
 public:
  explicit Reporter(Callbacks callbacks) : callbacks_{std::move(callbacks)} {}

  void connected(const std::string& broker) {
    refusals_.clear();
    report(StateChange::Kind::connected, broker, {});
    const std::lock_guard lock{mutex_};
    if (!silenced_ && callbacks_.connected) callbacks_.connected();
  }
  void lost(const std::string& broker, const std::string& reason) {
    report(StateChange::Kind::lost, broker, reason);
  }
  /// Only when this broker's reason differs from the one told before.
  void refused(const std::string& broker, const std::string& reason) {
    auto& told = refusals_[broker];
    if (told == reason) return;
    told = reason;
    report(StateChange::Kind::refused, broker, reason);
  }
  void fell_back(const std::string& broker) {
    report(StateChange::Kind::fell_back, broker, "the broker does not speak MQTT 5");
  }
  void publish_refused(const std::string& broker, const std::string& reason) {
    if (publishes_refused_.insert(reason).second)
      report(StateChange::Kind::publish_refused, broker, reason);
  }
  /// Each time, for who listens tells from the pauses when it stops.
  void base_topic_shared(const std::string& broker, const std::string& other, bool retained) {
    report(StateChange::Kind::base_topic_shared, broker, other, retained);
  }

  /// No callback runs or comes after this.
  void silence() {
    const std::lock_guard lock{mutex_};
    silenced_ = true;
    callbacks_ = {};
  }

 private:
  void report(StateChange::Kind kind, const std::string& broker, const std::string& text,
              bool retained = false) {
    const std::lock_guard lock{mutex_};
    if (!silenced_ && callbacks_.changed) callbacks_.changed({kind, broker, text, retained});
  }

  std::mutex mutex_{};
  Callbacks callbacks_;
  bool silenced_{};

  std::map<std::string, std::string> refusals_{};
  std::set<std::string> publishes_refused_{};
};

}  // namespace p1meter::mqtt
