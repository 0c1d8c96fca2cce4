// SPDX-License-Identifier: Apache-2.0
// Settings: who publishes to which topic.
#include "settings/topic_book.hpp"

#include <algorithm>
#include <utility>

#include "settings/own_topics.hpp"
#include "settings/template_text.hpp"

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
    : settings_{settings}, known_{known}, fixed_{settings} {
  const MqttSettings& mqtt = settings.mqtt;
  const auto& templates = mqtt.templates;
  const std::string& base = mqtt.base_topic;
  const auto take_own = [&](const TextTemplate& topic, bool published) {
    for (const auto& meter : settings.meters) {
      if (published) own_.insert(fill_sample(topic, {base, meter.name}));
    }
  };
  take_own(templates.status, mqtt.status.enabled);
  take_own(templates.meter_status, mqtt.status.enabled);
  take_own(templates.state, mqtt.state.enabled);
  take_own(templates.raw, true);  // it keeps its topic although it is off unless somebody wants it
  take_own(templates.events, mqtt.events.enabled);
  take_own(templates.statistics, mqtt.statistics.enabled);
  for (const auto key : known.names()) {
    const std::string name{key};
    key_at_.emplace(fill_sample(templates.keys, {base, first_meter(settings), name, name}), name);
  }
}

std::string TopicBook::path_of(std::string_view topic, const std::string& key) const {
  SampleSubject sample{settings_.mqtt.base_topic, first_meter(settings_), key};
  std::string own = fill_sample(own_topic_template(topic), sample);
  if (topic.find('/') != std::string_view::npos) return own;
  sample.topic = std::move(own);
  return fill_sample(settings_.mqtt.templates.keys, sample);
}

bool TopicBook::hidden(const std::vector<KnownKeys::Known>& readings, int preset) const {
  return std::any_of(taken_.begin(), taken_.end(), [&](const auto& other) {
    return other.second.preset < preset && share_a_key(other.second.readings, readings);
  });
}

bool TopicBook::shared_by_meters(std::string_view topic) const {
  if (settings_.meters.size() < 2 || topic.find('/') == std::string_view::npos) return false;
  const auto own = own_topic_template(topic);
  return !own.uses(Word::meter) && !own.uses(Word::equipment_id);
}

void TopicBook::free(const std::vector<KnownKeys::Known>& readings) {
  for (const auto& reading : readings) freed_.insert(reading.key);
}

void TopicBook::leave_out(std::set<std::string, std::less<>> keys) {
  unpublished_ = std::move(keys);
  std::erase_if(key_at_, [&](const auto& named) { return unpublished_.contains(named.second); });
}

std::string TopicBook::whose(std::string_view path) const {
  if (own_.contains(path)) return "p1meter publishes " + std::string{path} + " itself";
  return fixed_.whose(path);
}

TopicBook::Refusal TopicBook::take(Wish wish) {
  std::erase_if(wish.readings,
                [&](const auto& reading) { return unpublished_.contains(reading.key); });
  if (wish.readings.empty()) return {};
  if (hidden(wish.readings, wish.preset)) return {};
  const auto& keys = settings_.mqtt.templates.keys;
  if (wish.topic.find('/') == std::string::npos && !tells_readings_apart(keys)) {
    return {
        "expected a whole topic, with a '/': this is a last level, and mqtt.topics.keys.topic "
        "('" +
        keys.written + "') has no {topic}, where it would stand"};
  }
  const std::string path = path_of(wish.topic, wish.readings.front().key);
  if (const auto owner = whose(path); !owner.empty()) return {"expected another: " + owner};
  constexpr std::string_view time_suffix = "_time";
  const bool plain = settings_.mqtt.templates.keys_payload.form == Payload::Form::plain;
  if (plain && path.ends_with(time_suffix)) {
    return {"expected one that does not end in _time: such a topic is the time of another value"};
  }
  if (shared_by_meters(wish.topic)) {
    return {"expected {meter} in it, or a last level without '/': " + all_meters(settings_) +
                " would share this topic",
            true};
  }
  if (const auto named = key_at_.find(path); named != key_at_.end()) {
    const std::string& key = named->second;
    if (!freed_.contains(key) && !share_a_key(known_.by_key(key), wish.readings)) {
      return {"expected another: it is the topic of the key " + key};
    }
  }
  const auto [other, fresh] = taken_.emplace(path, wish);
  if (fresh || share_a_key(other->second.readings, wish.readings)) return {};
  const auto& first = other->second;
  return {"expected another: " + first.path.substr(0, first.path.rfind('.')) + " at " +
          to_string(first.file, first.place) + " has it already"};
}

std::optional<TopicBook::Holder> TopicBook::holder_at_first_meter(std::string_view path) const {
  if (const auto taken = taken_.find(path); taken != taken_.end())
    return Holder{taken->second.readings.front().key, &taken->second};
  const auto named = key_at_.find(path);
  if (named == key_at_.end() || freed_.contains(named->second)) return std::nullopt;
  return Holder{named->second, nullptr};
}

std::optional<TopicBook::Holder> TopicBook::holder_of(std::string_view path) const {
  if (auto holder = holder_of_value(path)) return holder;
  // Of any key: the OBIS table does not tell which values come with a time of their own. That is
  // the meter's choice, and some stamp what others do not.
  constexpr std::string_view time_suffix = "_time";
  const bool plain = settings_.mqtt.templates.keys_payload.form == Payload::Form::plain;
  if (!plain || !path.ends_with(time_suffix)) return std::nullopt;
  path.remove_suffix(time_suffix.size());
  return holder_of_value(path);
}

std::optional<TopicBook::Holder> TopicBook::holder_of_value(std::string_view path) const {
  if (auto holder = holder_at_first_meter(path)) return holder;
  // the topics of the other meters are those of the first with another name in one level
  const std::string& first = first_meter(settings_);
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto is_level = [&](const MeterSettings& meter) {
      return meter.name != first && meter.name == path.substr(begin, end - begin);
    };
    if (std::any_of(settings_.meters.begin(), settings_.meters.end(), is_level)) {
      std::string renamed{path};
      renamed.replace(begin, end - begin, first);
      if (auto holder = holder_at_first_meter(renamed)) return holder;
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace p1meter::settings
