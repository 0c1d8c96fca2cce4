// SPDX-License-Identifier: Apache-2.0
// Settings: who publishes to which topic.
#include "settings/topic_book.hpp"

#include <algorithm>

namespace p1meter::settings {
namespace {

bool share_a_key(const std::vector<KnownKeys::Known>& left,
                 const std::vector<KnownKeys::Known>& right) {
  return std::any_of(left.begin(), left.end(), [&](const auto& one) {
    return std::any_of(right.begin(), right.end(),
                       [&](const auto& other) { return one.key == other.key; });
  });
}

}  // namespace

TopicBook::TopicBook(const Settings& settings, const KnownKeys& known)
    : several_meters_(settings.meters.size() > 1), known_(known) {
  const std::string base = settings.mqtt.base_topic + '/';
  for (const auto& meter : settings.meters) {
    for (const std::string_view own : {"status", "state", "raw", "history"}) {
      own_.insert(base + meter.name + '/' + std::string{own});
    }
  }
  for (const std::string_view own : {"status", "statistics", "log", "response"}) {
    own_.insert(base + std::string{own});
  }
  if (!settings.meters.empty()) meter_topic_ = base + settings.meters.front().name + '/';
}

std::string TopicBook::full(std::string_view topic) const {
  return topic.find('/') == std::string_view::npos ? meter_topic_ + std::string{topic}
                                                   : std::string{topic};
}

void TopicBook::free(const std::vector<KnownKeys::Known>& readings) {
  for (const auto& reading : readings) freed_.insert(reading.key);
}

std::string TopicBook::take(std::string_view topic, const std::vector<KnownKeys::Known>& readings,
                            Place place) {
  const std::string path = full(topic);
  if (own_.contains(path)) return "expected another: p1meter publishes " + path + " itself";
  constexpr std::string_view time_suffix = "_time";
  if (path.ends_with(time_suffix)) {
    return "expected one that does not end in _time: such a topic is the time of another value";
  }
  if (several_meters_ && topic.find('/') != std::string_view::npos) {
    return "expected a last level without '/': all meters would share this topic";
  }
  if (path.starts_with(meter_topic_)) {
    const auto key = path.substr(meter_topic_.size());
    if (!known_.by_key(key).empty() && !freed_.contains(key) &&
        !share_a_key(known_.by_key(key), readings)) {
      return "expected another: it is the topic of the key " + key;
    }
  }
  const auto [other, fresh] = taken_.emplace(path, Taken{readings, place});
  if (fresh || share_a_key(other->second.readings, readings)) return {};
  return "expected another: the entry in line " + std::to_string(other->second.place.line) +
         " has it already";
}

}  // namespace p1meter::settings
