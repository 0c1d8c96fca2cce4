// SPDX-License-Identifier: Apache-2.0
// Settings: the mqtt section.
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include "settings/apply.hpp"
#include "settings/credential.hpp"
#include "settings/loading.hpp"
#include "settings/sample_topics.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t password_limit = 65535;  // bytes, MQTT 5 sec. 3.1.3.6

Place place_of(const YamlNode& map, std::string_view key) {
  const YamlNode* value = map.find(key);
  return value != nullptr ? value->place : map.place;
}

/// A short form: `tls: true`.
void load_tls(const YamlNode& node, const std::string& path, Loading& loading) {
  if (node.kind == YamlNode::Kind::scalar) {
    const auto given = read_value(flag(), node);
    if (given && given->flag) loading.settings.mqtt.tls.emplace();
    if (given) return;
  } else if (node.kind != YamlNode::Kind::list) {
    loading.settings.mqtt.tls.emplace();
    apply_section(node, "mqtt.tls", path, loading.cursor(), loading.faults);
    return;
  }
  loading.faults.add(node.place, path,
                     "found " + show_found(node) +
                         ", expected true, false or a mapping with ca, certificate, key, alpn or "
                         "insecure");
}

void load_topics(const YamlNode& node, const std::string& path, Loading& loading) {
  apply_section(node, "mqtt.topics", path, loading.cursor(), loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& shown) {
                  Cursor at = loading.cursor();
                  for (const auto& named : topic_classes()) {
                    if (named.name == name_of(section))
                      at.topic = &(loading.settings.mqtt.*named.member);
                  }
                  apply_section(value, section, shown, at, loading.faults);
                });
}

/// A message's kind decides which placeholders its other options may hold.
void load_kind(const YamlNode& node, MqttMessage& message) {
  const YamlNode* const on = node.find("on");
  if (on != nullptr && on->text == "statistics") message.on = MqttMessage::On::statistics;
}

void check_message(const YamlNode& node, const std::string& path, const MqttMessage& message,
                   FaultList& faults) {
  for (const std::string_view needed : {"on", "topic"}) {
    if (node.find(needed) == nullptr)
      faults.add(node.place, path, std::string{needed} + " is missing");
  }
  const YamlNode* const interval = node.find("interval");
  if (interval != nullptr && message.on == MqttMessage::On::state) {
    faults.add(interval->place, join_path(path, "interval"),
               "only messages on statistics have an interval; that of readings limits the state");
  }
}

void load_message(const YamlNode& node, const std::string& path, Loading& loading) {
  if (node.kind != YamlNode::Kind::map) {
    loading.faults.add(node.place, path,
                       "found " + show_found(node) + ", expected a mapping with on and topic");
    return;
  }
  MqttMessage message;
  message.from_preset = loading.preset != 0;
  load_kind(node, message);
  Cursor at = loading.cursor();
  at.message = &message;
  apply_section(node, "mqtt.messages[]", path, at, loading.faults);
  check_message(node, path, message, loading.faults);
  loading.messages.push_back(std::move(message));
}

/// The user's come first, although presets are read before.
void load_messages(const YamlNode& list, const std::string& path, Loading& loading) {
  if (!expect_kind(list, YamlNode::Kind::list, path, loading.faults)) return;
  loading.messages.clear();
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    load_message(list.items[i], item_path(path, i), loading);
  }
  auto& all = loading.settings.mqtt.messages;
  all.insert(all.begin(), loading.messages.begin(), loading.messages.end());
}

void check_tls_file(const YamlNode& tls, std::string_view name, const std::string& file,
                    Loading& loading) {
  const std::string key = join_path("mqtt.tls", name);
  const Place place = place_of(tls, name);
  if (const auto credential = credential_name(file)) {
    tell_of_no_credentials(*credential, place, key, loading);
    return;
  }
  if (file.empty() || access(file.c_str(), R_OK) == 0) return;
  const int error = errno;
  std::string fault = "the file " + file + " cannot be read: " + std::strerror(error);
  if (error == EACCES) fault += advice_on_forbidden(file);
  const YamlNode* const written = tls.find(name);
  if (written != nullptr) fault += advice_on_absent(written->text, file);
  loading.faults.add(place, key, std::move(fault));
}

void check_tls_files(const YamlNode& tls, Loading& loading) {
  const TlsSettings& settings = *loading.settings.mqtt.tls;
  const std::pair<std::string_view, const std::string&> files[] = {
      {"ca", settings.ca}, {"certificate", settings.certificate}, {"key", settings.key}};
  for (const auto& [name, file] : files) check_tls_file(tls, name, file, loading);
  if (!settings.key.empty() && settings.certificate.empty()) {
    loading.faults.add(place_of(tls, "key"), "mqtt.tls.key",
                       "found a key without its certificate, expected both");
  }
}

void check_password(const YamlNode& mqtt, Loading& loading) {
  if (!loading.readable_by_all || loading.settings.mqtt.password.empty()) return;
  loading.faults.warn_of_readable_file(
      loading.faults.file(), place_of(mqtt, "password"), "mqtt.password",
      "everybody on this machine can read this file; password_file, or chmod o-r, "
      "keeps the password private");
}

void load_password_file(const YamlNode& mqtt, Loading& loading) {
  const std::string& written = loading.rest.password;
  if (written.empty()) return;
  const Place place = place_of(mqtt, "password_file");
  if (!loading.settings.mqtt.password.empty()) {
    loading.faults.add(place, "mqtt.password_file",
                       "password and password_file are both given, expected one of them");
    return;
  }
  if (auto password = read_secret_file(
          {written, "mqtt.password_file", place, password_limit, false}, loading)) {
    loading.settings.mqtt.password = *std::move(password);
  }
}

}  // namespace

void load_mqtt(const YamlNode& map, Loading& loading) {
  apply_section(map, "mqtt", "mqtt", loading.cursor(), loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& path) {
                  if (section == "mqtt.tls") load_tls(value, path, loading);
                  if (section == "mqtt.topics") load_topics(value, path, loading);
                  if (section == "mqtt.messages[]") load_messages(value, path, loading);
                });
  auto& mqtt = loading.settings.mqtt;
  for (auto& broker : mqtt.brokers) {
    if (broker.port == 0) broker.port = loading.rest.port;
  }
  if (const YamlNode* tls = map.find("tls"); tls != nullptr && mqtt.tls) {
    check_tls_files(*tls, loading);
  }
  if (map.find("commands") != nullptr) mqtt.commands = std::exchange(loading.rest.commands, {});
  check_password(map, loading);
  load_password_file(map, loading);
}

namespace {

bool tells_meters_apart(const TextTemplate& topic) {
  return topic.uses(Word::meter) || topic.uses(Word::equipment_id);
}

void check_shared(const YamlNode* section, std::string_view option, const std::string& path,
                  const TextTemplate& topic, Loading& loading) {
  const YamlNode* const value = section == nullptr ? nullptr : section->find(option);
  // one that a nearer file has replaced harms nobody
  if (value == nullptr || value->text != topic.written || tells_meters_apart(topic)) return;
  loading.shared_topics.push_back(
      {{loading.faults.file(), value->place.line, value->place.column, join_path(path, option),
        "expected {meter} in it: " + all_meters(loading.settings) + " would share this topic"},
       topic.written});
}

/// Readings would share one topic, and all but the first be refused.
void check_keys_topic(const YamlNode& map, Loading& loading) {
  const TextTemplate& keys = loading.settings.mqtt.templates.keys;
  const YamlNode* const value = map.find_path("topics.keys.topic");
  if (value == nullptr || tells_readings_apart(keys)) return;
  loading.faults.add(value->place, "mqtt.topics.keys.topic",
                     "expected {topic}, {key} or {obis} in it: all readings that have no whole "
                     "topic (with a '/') of their own would share this one");
}

}  // namespace

void check_class_topics(const YamlNode& map, Loading& loading) {
  check_keys_topic(map, loading);
  if (loading.settings.meters.size() < 2) return;
  const auto& templates = loading.settings.mqtt.templates;
  if (const YamlNode* const topics = map.find("topics")) {
    check_shared(topics->find("status"), "meter_topic", "mqtt.topics.status",
                 templates.meter_status, loading);
    check_shared(topics->find("state"), "topic", "mqtt.topics.state", templates.state, loading);
    check_shared(topics->find("keys"), "topic", "mqtt.topics.keys", templates.keys, loading);
    check_shared(topics->find("raw"), "topic", "mqtt.topics.raw", templates.raw, loading);
    check_shared(topics->find("events"), "topic", "mqtt.topics.events", templates.events, loading);
  }
  const YamlNode* const messages = map.find("messages");
  for (std::size_t i = 0; messages != nullptr && i < messages->items.size(); ++i) {
    const YamlNode& message = messages->items[i];
    const YamlNode* const payload = message.find("payload");
    const YamlNode* const on = message.find("on");
    const bool about_a_meter = on != nullptr && on->text == "state";
    const bool events = payload != nullptr && payload->kind == YamlNode::Kind::list;
    const YamlNode* const topic = message.find("topic");
    if (!about_a_meter || events || topic == nullptr || topic->kind != YamlNode::Kind::scalar)
      continue;
    const auto parsed = parse_template(topic->text, TemplateScope::meter_topic);
    if (parsed) check_shared(&message, "topic", item_path("mqtt.messages", i), *parsed, loading);
  }
}

}  // namespace p1meter::settings
