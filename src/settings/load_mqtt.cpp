// SPDX-License-Identifier: Apache-2.0
// Settings: the mqtt section.
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include "settings/apply.hpp"
#include "settings/loading.hpp"

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

void check_tls_files(const YamlNode& tls, Loading& loading) {
  const TlsSettings& settings = *loading.settings.mqtt.tls;
  const std::pair<std::string_view, const std::string&> files[] = {
      {"ca", settings.ca}, {"certificate", settings.certificate}, {"key", settings.key}};
  for (const auto& [key, file] : files) {
    if (file.empty() || access(file.c_str(), R_OK) == 0) continue;
    loading.faults.add(place_of(tls, key), "mqtt.tls." + std::string{key},
                       "the file " + file + " cannot be read: " + std::strerror(errno));
  }
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
                });
  auto& mqtt = loading.settings.mqtt;
  for (auto& broker : mqtt.brokers) {
    if (broker.port == 0) broker.port = loading.rest.port;
  }
  if (const YamlNode* tls = map.find("tls"); tls != nullptr && mqtt.tls) {
    check_tls_files(*tls, loading);
  }
  check_password(map, loading);
  load_password_file(map, loading);
}

}  // namespace p1meter::settings
