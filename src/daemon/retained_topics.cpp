// SPDX-License-Identifier: Apache-2.0
// Daemon: the retained messages that brokers hold for us.
#include "daemon/retained_topics.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

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

void RetainedTopics::note(const std::string& broker, const std::vector<std::string>& yielded) {
  known_[broker].insert(yielded.begin(), yielded.end());
}

std::vector<std::string> RetainedTopics::outdated(const std::string& broker,
                                                  const std::vector<std::string>& yielded) const {
  std::vector<std::string> known = at(broker);
  const Topics current{yielded.begin(), yielded.end()};
  std::erase_if(known, [&](const std::string& topic) { return yields(current, topic); });
  return known;
}

void RetainedTopics::taken_back(const mqtt::TakenBack& taken) {
  const auto found = known_.find(taken.broker);
  if (found == known_.end()) return;
  if (taken.whole) found->second.erase(taken.topic);
  const std::string parts = taken.topic + '#';
  std::erase_if(found->second, [&](const std::string& topic) { return topic.starts_with(parts); });
}

std::vector<std::string> RetainedTopics::at(const std::string& broker) const {
  const auto found = known_.find(broker);
  if (found == known_.end()) return {};
  return {found->second.begin(), found->second.end()};
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

std::vector<std::string> RetainedTopics::items() const {
  std::vector<std::string> items;
  for (const auto& [broker, topics] : known_) {
    for (const std::string& topic : topics) items.emplace_back(broker).append(" ").append(topic);
  }
  return items;
}

std::optional<std::vector<std::string>> RetainedTopics::take_changed() {
  std::vector<std::string> all = items();
  if (!std::exchange(unstored_, false) && all == stored_) return std::nullopt;
  stored_ = all;
  return all;
}

std::vector<std::string> RetainedHere::remembered() const {
  return noting() ? topics_->at(broker_) : std::vector<std::string>{};
}

bool RetainedHere::holds(const std::string& topic) const {
  return noting() && topics_->holds(broker_, topic);
}

void RetainedHere::note(const std::vector<std::string>& yielded) {
  if (noting()) topics_->note(broker_, yielded);
}

std::vector<std::string> RetainedHere::outdated(const std::vector<std::string>& yielded) const {
  return noting() ? topics_->outdated(broker_, yielded) : std::vector<std::string>{};
}

}  // namespace p1meter::daemon
