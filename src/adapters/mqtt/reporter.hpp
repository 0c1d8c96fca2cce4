// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: tells the daemon what has changed, once per change.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

/// Threads   report on the publisher's; silence and what is said of topics on the owner's
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
  /// Each once, and the first few only: an access list may well refuse all that there is.
  void publish_refused(const std::string& broker, const std::string& reason) {
    constexpr std::size_t most_told = 10;
    if (publishes_refused_.size() > most_told || !publishes_refused_.insert(reason).second) return;
    const bool told = publishes_refused_.size() <= most_told;
    report(StateChange::Kind::publish_refused, broker,
           told ? reason : "more topics, which are only counted (refused in the statistics)");
  }
  void subscription_refused(const std::string& broker, const std::string& reason) {
    if (subscriptions_refused_.insert(broker + ' ' + reason).second)
      report(StateChange::Kind::subscription_refused, broker, reason);
  }
  /// Once for each broker and limit.
  void limited(const std::string& broker, const std::string& what) {
    if (limits_.insert(broker + what).second) report(StateChange::Kind::limited, broker, what);
  }
  void topic_taken(const std::string& what) { report(StateChange::Kind::topic_taken, {}, what); }
  void topic_incomplete(const std::string& what) {
    report(StateChange::Kind::topic_incomplete, {}, what);
  }
  /// Each time, for who listens tells from the pauses when it stops.
  void base_topic_shared(const std::string& broker, const std::string& other, bool retained) {
    report(StateChange::Kind::base_topic_shared, broker, other, retained);
  }

  void received(Received message) {
    const std::lock_guard lock{mutex_};
    if (!silenced_ && callbacks_.received) callbacks_.received(std::move(message));
  }

  void taken_back(TakenBack taken) {
    const std::lock_guard lock{mutex_};
    if (!silenced_ && callbacks_.taken_back) callbacks_.taken_back(std::move(taken));
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
  std::set<std::string> limits_{};
  std::set<std::string> subscriptions_refused_{};
};

}  // namespace p1meter::mqtt
