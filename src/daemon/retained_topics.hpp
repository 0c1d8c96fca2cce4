// SPDX-License-Identifier: Apache-2.0
// Daemon: retained messages that an earlier configuration left at the brokers.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace p1meter::daemon {

/// Remembers which topics hold a retained message of ours at which broker, whatever base topic and
/// client id were configured at the time. One for the real topics, one for the test topics: each is
/// cleared over its own connection only, and at a broker only what was published there.
/// Threads   the read loop only
class RetainedTopics {
 public:
  RetainedTopics() = default;
  /// `stored`: what an earlier run took.
  explicit RetainedTopics(const std::vector<std::string>& stored);

  /// What is to be cleared at this broker now that all that is `yielded` was announced there.
  [[nodiscard]] std::vector<std::string> take_outdated(const std::string& broker,
                                                       const std::vector<std::string>& yielded);
  /// What is retained at this broker now. Without a connection nothing can have been cleared there,
  /// so that what was yielded before stays remembered.
  void note(const std::string& broker, const std::vector<std::string>& yielded, bool connected);
  /// True when something is remembered at one of these brokers.
  [[nodiscard]] bool any_at(const std::vector<std::string>& brokers) const;
  /// True when this topic holds, or lately held, a retained message of ours at this broker.
  [[nodiscard]] bool holds(const std::string& broker, const std::string& topic) const;
  /// The list to store, when it differs from what was stored last: "host:port topic".
  [[nodiscard]] std::optional<std::vector<std::string>> take_changed();

 private:
  std::map<std::string, std::set<std::string>> known_{};  // by broker
  std::vector<std::string> stored_{};
};

}  // namespace p1meter::daemon
