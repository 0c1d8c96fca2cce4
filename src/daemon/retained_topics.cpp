// SPDX-License-Identifier: Apache-2.0
// Daemon: retained messages that an earlier configuration left at the broker.
#include "daemon/retained_topics.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace p1meter::daemon {
namespace {

using Topics = std::vector<std::string>;

Topics sorted(Topics topics) {
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

/// A value's own time stands beside it, and is only known to be used once the value has come again.
bool yields(const Topics& topics, std::string_view topic) {
  constexpr std::string_view time_suffix = "_time";
  if (std::binary_search(topics.begin(), topics.end(), topic)) return true;
  if (!topic.ends_with(time_suffix)) return false;
  topic.remove_suffix(time_suffix.size());
  return std::binary_search(topics.begin(), topics.end(), topic);
}

}  // namespace

RetainedTopics::RetainedTopics(Topics remembered)
    : remembered_{sorted(std::move(remembered))}, stored_{remembered_} {}

void RetainedTopics::clear_outdated(mqtt::MqttSink& sink) {
  const Topics yielded = sorted(sink.retained_topics());
  Topics outdated;
  std::copy_if(remembered_.begin(), remembered_.end(), std::back_inserter(outdated),
               [&](const std::string& topic) { return !yields(yielded, topic); });
  if (!outdated.empty()) sink.forget(outdated);
  remembered_.clear();
}

std::optional<Topics> RetainedTopics::take_changed(const mqtt::MqttSink& sink) {
  Topics topics = sink.retained_topics();
  topics.insert(topics.end(), remembered_.begin(), remembered_.end());
  topics = sorted(std::move(topics));
  if (topics == stored_) return std::nullopt;
  stored_ = topics;
  return topics;
}

}  // namespace p1meter::daemon
