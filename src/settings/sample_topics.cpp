// SPDX-License-Identifier: Apache-2.0
// Settings: topics as they will be, for comparing them before there is a meter.
#include "settings/sample_topics.hpp"

#include <algorithm>

#include "settings/own_topics.hpp"

namespace p1meter::settings {
namespace {

/// Any meter's topic for what is to come.
bool is_history(std::string_view path, const Settings& settings) {
  constexpr std::string_view suffix = "/history";
  const std::string& base = settings.mqtt.base_topic;
  if (!path.ends_with(suffix) || !path.starts_with(base + '/')) return false;
  path.remove_suffix(suffix.size());
  path.remove_prefix(std::min(base.size() + 1, path.size()));
  return std::any_of(settings.meters.begin(), settings.meters.end(),
                     [&](const MeterSettings& meter) { return meter.name == path; });
}

}  // namespace

std::string fill_sample(const TextTemplate& topic, const SampleSubject& subject) {
  std::string text;
  for (const auto& piece : topic.pieces) {
    if (!piece.word) {
      text += piece.text;
    } else if (*piece.word == Word::base) {
      text += subject.base;
    } else if (*piece.word == Word::meter) {
      text += subject.meter;
    } else if (*piece.word == Word::topic) {
      text += subject.topic;
    } else if (*piece.word == Word::equipment_id || *piece.word == Word::figure) {
      text += '{' + piece.text + '}';
    } else {
      text += subject.key;
    }
  }
  return text;
}

bool tells_readings_apart(const TextTemplate& topic) {
  return topic.uses(Word::key) || topic.uses(Word::topic) || topic.uses(Word::obis) ||
         topic.uses(Word::device);
}

const std::string& first_meter(const Settings& settings) {
  static const std::string none;
  return settings.meters.empty() ? none : settings.meters.front().name;
}

std::string all_meters(const Settings& settings) {
  const std::size_t meters = settings.meters.size();
  return meters == 2 ? "both meters" : "all " + std::to_string(meters) + " meters";
}

std::string FixedTopics::whose(std::string_view path) const {
  const std::string& base = settings_.mqtt.base_topic;
  const HomeAssistantSettings& home_assistant = settings_.home_assistant;
  // who has discovery switched off may write such messages himself, and nobody listens
  const bool announced = home_assistant.discovery != Discovery::off;
  if (announced && path == home_assistant.birth_topic)
    return "Home Assistant says on " + std::string{path} + " that it has started";
  if (announced && path.starts_with(home_assistant.prefix + '/') && path.ends_with("/config")) {
    return "Home Assistant takes what is on " + home_assistant.prefix +
           "/.../config for announcements of devices";
  }
  if (const std::string set = own_topic(base, own_level::set) + '/'; path.starts_with(set))
    return "p1meter takes what is on " + set + "... for commands";
  if (path == own_topic(base, own_level::log) || path == own_topic(base, own_level::response) ||
      is_history(path, settings_))
    return "p1meter publishes " + std::string{path} + " itself";
  return {};
}

}  // namespace p1meter::settings
