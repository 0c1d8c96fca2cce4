// SPDX-License-Identifier: Apache-2.0
// Daemon: the retained messages that brokers hold for us.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "daemon/handover.hpp"

namespace p1meter::daemon {

/// Remembers which topics hold a retained message of ours at which broker, whatever base topic and
/// client id were configured at the time, until the broker has what clears it. One for the real
/// topics, one for the test topics: each is cleared over its own connection only, and at a broker
/// only what was published there.
/// Threads   the read loop only
class RetainedTopics {
 public:
  RetainedTopics() = default;
  /// `stored`: what an earlier run took.
  explicit RetainedTopics(const std::vector<std::string>& stored);

  /// What is retained at this broker from now on, beside what is remembered.
  void note(const std::string& broker, const std::vector<std::string>& yielded);
  /// What is to be cleared at this broker when nothing but `yielded` is current there.
  [[nodiscard]] std::vector<std::string> outdated(const std::string& broker,
                                                  const std::vector<std::string>& yielded) const;
  /// A broker holds it no longer.
  void taken_back(const mqtt::TakenBack& taken);

  /// What is remembered at this broker.
  [[nodiscard]] std::vector<std::string> at(const std::string& broker) const;
  /// True when something is remembered at one of these brokers.
  [[nodiscard]] bool any_at(const std::vector<std::string>& brokers) const;
  /// True when this topic holds, or lately held, a retained message of ours at this broker.
  [[nodiscard]] bool holds(const std::string& broker, const std::string& topic) const;
  /// All that is remembered: "host:port topic".
  [[nodiscard]] std::vector<std::string> items() const;
  /// The list to store, when it differs from what was stored last.
  [[nodiscard]] std::optional<std::vector<std::string>> take_changed();
  /// What was taken last has not been stored: it is given once more.
  void not_stored() noexcept { unstored_ = true; }

 private:
  std::map<std::string, std::set<std::string>> known_{};  // by broker
  std::vector<std::string> stored_{};
  bool unstored_{};
};

/// What one connection leaves retained at the broker where it is.
/// Threads   the read loop only
class RetainedHere {
 public:
  explicit RetainedHere(boost::asio::io_context& context)
      : taken_back_{context, most_at_once, [this](const mqtt::TakenBack& taken) {
                      if (topics_ != nullptr) topics_->taken_back(taken);
                    }} {}

  /// Without it nothing is remembered. `topics` must outlive the connection.
  void remember_in(RetainedTopics& topics) { topics_ = &topics; }
  /// What has arrived is still told apart from what has not, but nothing is noted any more.
  void leave() { left_ = true; }
  void connected_to(std::string broker) { broker_ = std::move(broker); }
  [[nodiscard]] const std::string& broker() const noexcept { return broker_; }

  [[nodiscard]] std::vector<std::string> remembered() const;
  [[nodiscard]] bool holds(const std::string& topic) const;
  void note(const std::vector<std::string>& yielded);
  [[nodiscard]] std::vector<std::string> outdated(const std::vector<std::string>& yielded) const;
  /// For mqtt::Callbacks.
  [[nodiscard]] std::function<void(mqtt::TakenBack)> entrance() const {
    return taken_back_.entrance();
  }

 private:
  static constexpr std::size_t most_at_once = 4096;  // what is dropped is cleared once more

  [[nodiscard]] bool noting() const noexcept {
    return topics_ != nullptr && !left_ && !broker_.empty();
  }

  RetainedTopics* topics_{};
  bool left_{};
  std::string broker_{};  // of the newest connection, host:port
  Handover<mqtt::TakenBack> taken_back_;
};

}  // namespace p1meter::daemon
