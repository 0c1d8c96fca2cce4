// SPDX-License-Identifier: Apache-2.0
// Daemon: retained messages that an earlier configuration left at the brokers.
#include "daemon/retained_topics.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace p1meter::daemon {
namespace {

using Topics = std::set<std::string>;

/// A value's own time stands beside it, and is only known to be used once the value has come again.
bool yields(const Topics& topics, const std::string& topic) {
  constexpr std::string_view time_suffix = "_time";
  if (topics.contains(topic)) return true;
  return topic.ends_with(time_suffix) &&
         topics.contains(topic.substr(0, topic.size() - time_suffix.size()));
}

}  // namespace

RetainedTopics::RetainedTopics(const std::vector<std::string>& stored) : stored_{stored} {
  for (const std::string& item : stored) {
    const auto space = item.find(' ');
    if (space != std::string::npos) known_[item.substr(0, space)].insert(item.substr(space + 1));
  }
}

std::vector<std::string> RetainedTopics::take_outdated(const std::string& broker,
                                                       const std::vector<std::string>& yielded) {
  const Topics current{yielded.begin(), yielded.end()};
  const Topics& known = known_[broker];
  std::vector<std::string> outdated;
  std::copy_if(known.begin(), known.end(), std::back_inserter(outdated),
               [&](const std::string& topic) { return !yields(current, topic); });
  note(broker, yielded, true);
  return outdated;
}

void RetainedTopics::note(const std::string& broker, const std::vector<std::string>& yielded,
                          bool connected) {
  const Topics current{yielded.begin(), yielded.end()};
  Topics& known = known_[broker];
  if (connected)
    std::erase_if(known, [&](const std::string& topic) { return !yields(current, topic); });
  known.insert(current.begin(), current.end());
}

bool RetainedTopics::any_at(const std::vector<std::string>& brokers) const {
  return std::any_of(brokers.begin(), brokers.end(), [&](const std::string& broker) {
    const auto found = known_.find(broker);
    return found != known_.end() && !found->second.empty();
  });
}

bool RetainedTopics::holds(const std::string& broker, const std::string& topic) const {
  const auto found = known_.find(broker);
  return found != known_.end() && found->second.contains(topic);
}

std::optional<std::vector<std::string>> RetainedTopics::take_changed() {
  std::vector<std::string> items;
  for (const auto& [broker, topics] : known_) {
    for (const std::string& topic : topics) items.emplace_back(broker).append(" ").append(topic);
  }
  if (items == stored_) return std::nullopt;
  stored_ = items;
  return items;
}

}  // namespace p1meter::daemon
