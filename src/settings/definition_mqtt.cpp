// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of the broker's keys.
#include <utility>

#include "settings/credential.hpp"
#include "settings/definition.hpp"
#include "settings/source_text.hpp"
#include "settings/template_reader.hpp"

namespace p1meter::settings {
namespace {

MqttSettings& mqtt(const Cursor& at) { return at.settings->mqtt; }

/// The section exists as soon as one of its keys is written.
TlsSettings& tls(const Cursor& at) {
  auto& settings = mqtt(at).tls;
  if (!settings) settings.emplace();
  return *settings;
}

std::string read_host(const Cursor& at, const Given& given) {
  if (given.text.empty()) return accepted();
  auto broker = parse_broker(given.text);
  if (!broker) return broker.error();
  mqtt(at).brokers.push_back(std::move(*broker));
  return accepted();
}

std::string show_list(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + yaml_text(item);
  return '[' + text + ']';
}

std::string show_host(const Cursor& at) {
  std::vector<std::string> hosts;
  for (const auto& broker : mqtt(at).brokers) hosts.push_back(to_string(broker));
  if (hosts.empty()) return yaml_text("");
  return hosts.size() == 1 ? yaml_text(hosts.front()) : show_list(hosts);
}

std::string read_port(const Cursor& at, const Given& given) {
  if (!given.word) at.rest->port = static_cast<std::uint16_t>(given.number);
  return accepted();
}

std::string read_version(const Cursor& at, const Given& given) {
  mqtt(at).version = MqttVersion::automatic;
  if (given.text == "5") mqtt(at).version = MqttVersion::v5;
  if (given.text == "3.1.1") mqtt(at).version = MqttVersion::v3_1_1;
  return accepted();
}

std::string show_version(const Cursor& at) {
  if (mqtt(at).version == MqttVersion::v5) return "5";
  return mqtt(at).version == MqttVersion::v3_1_1 ? "3.1.1" : "auto";
}

std::string read_base_topic(const Cursor& at, const Given& given) {
  if (auto wrong = check_topic(given.text); !wrong.empty()) return wrong;
  mqtt(at).base_topic = given.text;
  return accepted();
}

std::string read_alpn(const Cursor& at, const Given& given) {
  tls(at).alpn.emplace_back(given.text);
  return accepted();
}

std::vector<Key> address_keys() {
  return {
      {.path = "mqtt.host",
       .type = list_of(text("a host name or address", 320)),
       .meaning = "The broker's name or address, or a list of brokers that are tried in order; "
                  "host:port where the port differs. Empty: no connection is opened.",
       .example = "homeassistant.local",
       .read = read_host,
       .show = show_host},
      {.path = "mqtt.port",
       .type = number(1, 65535, "auto"),
       .meaning = "Port of the hosts that name none. auto: 1883, with tls 8883.",
       .example = "1883",
       .read = read_port,
       .show = [](const Cursor& /*at*/) { return std::string{"auto"}; }},
      {.path = "mqtt.username",
       .type = text("a text", 1024),
       .meaning = "User name, where the broker asks for one.",
       .example = "p1meter",
       .read =
           [](const Cursor& at, const Given& given) {
             mqtt(at).username = given.text;
             return accepted();
           },
       .show = [](const Cursor& at) { return yaml_text(mqtt(at).username); }},
      {.path = "mqtt.password",
       .type = text("a text", 65535),
       .meaning = "Password. Quote it when it holds anything but letters and digits. Better: "
                  "password_file.",
       .example = "\"correct horse\"",
       .read =
           [](const Cursor& at, const Given& given) {
             mqtt(at).password = given.text;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return mqtt(at).password.empty() ? yaml_text("") : std::string{masked};
           },
       .secret = true},
      {.path = "mqtt.password_file",
       .type = text("the path of a file", 4096),
       .meaning =
           "A file with the password on its only line, instead of password. \"%d/NAME\" in quotes "
           "is a systemd "
           "credential (LoadCredential=NAME:...). A relative path begins at this file's directory.",
       .example = "/etc/p1meter.password",
       .read =
           [](const Cursor& at, const Given& given) {
             at.rest->password = given.text;
             return accepted();
           },
       .show = [](const Cursor& /*at*/) { return yaml_text(""); }},
  };
}

std::vector<Key> session_keys() {
  return {
      {.path = "mqtt.version",
       .type = choice("auto|5|3.1.1"),
       .meaning = "Version of the protocol. auto: 5, and 3.1.1 where the broker refuses that.",
       .example = "3.1.1",
       .read = read_version,
       .show = show_version},
      {.path = "mqtt.base_topic",
       .type = topic_text(),
       .meaning = "First level, or levels, of all topics. A second p1meter on the same broker "
                  "needs another.",
       .example = "home/p1meter",
       .read = read_base_topic,
       .show = [](const Cursor& at) { return yaml_text(mqtt(at).base_topic); }},
      {.path = "mqtt.client_id",
       .type = text("a text", 256),
       .meaning = "Client identifier. Empty: p1meter- and twelve digits made from this machine and "
                  "configuration, which stay the same.",
       .example = "p1meter-cellar",
       .read =
           [](const Cursor& at, const Given& given) {
             mqtt(at).client_id = given.text;
             return accepted();
           },
       .show = [](const Cursor& at) { return yaml_text(mqtt(at).client_id); }},
      {.path = "mqtt.keep_alive",
       .type = duration(std::chrono::seconds{5}, std::chrono::hours{1}),
       .meaning = "Silence after which broker and p1meter ask each other whether they are there; "
                  "whole seconds.",
       .example = "30s",
       .read = [](const Cursor& at, const Given& given) -> std::string {
         constexpr std::int64_t second = 1000;
         if (given.number % second != 0) return "whole seconds";
         mqtt(at).keep_alive = seconds{given.number / second};
         return accepted();
       },
       .show = [](const Cursor& at) { return write_duration(mqtt(at).keep_alive); }},
  };
}

template <std::string TlsSettings::*member>
Key tls_path(std::string_view path, std::string_view meaning, std::string_view example) {
  return {.path = std::string{path},
          .type = text("the path of a file", 4096),
          .meaning = meaning,
          .example = example,
          .read =
              [](const Cursor& at, const Given& given) {
                tls(at).*member = resolve_file(at.directory, given.text);
                return accepted();
              },
          .show =
              [](const Cursor& at) {
                return mqtt(at).tls ? yaml_text((*mqtt(at).tls).*member) : std::string{};
              }};
}

std::vector<Key> tls_keys() {
  return {
      tls_path<&TlsSettings::ca>("mqtt.tls.ca",
                                 "File with the authorities (PEM) that may have signed the "
                                 "broker's certificate. Empty: those of the system. "
                                 "\"%d/NAME\" in quotes is a systemd credential, in all three.",
                                 "/etc/ssl/my-ca.pem"),
      tls_path<&TlsSettings::certificate>(
          "mqtt.tls.certificate",
          "File with our own certificate (PEM), where the broker asks for one.",
          "/etc/p1meter/client.pem"),
      tls_path<&TlsSettings::key>("mqtt.tls.key", "File with the private key of certificate (PEM).",
                                  "/etc/p1meter/client.key"),
      {.path = "mqtt.tls.alpn",
       .type = list_of(text("a protocol name", 255, {}, 1)),
       .meaning = "Protocol names for ALPN, where the broker shares its port with others (AWS IoT: "
                  "x-amzn-mqtt-ca).",
       .example = "[x-amzn-mqtt-ca]",
       .read = read_alpn,
       .show =
           [](const Cursor& at) {
             return mqtt(at).tls ? show_list(mqtt(at).tls->alpn) : std::string{};
           }},
      {.path = "mqtt.tls.insecure",
       .type = flag(),
       .meaning = "true: neither the broker's certificate nor its name is checked, so anybody on "
                  "the way can read and change everything. For tests; the statistics show it.",
       .example = "false",
       .read =
           [](const Cursor& at, const Given& given) {
             tls(at).insecure = given.flag;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return mqtt(at).tls ? show_flag(mqtt(at).tls->insecure) : std::string{};
           }},
  };
}

/// A class's topic.
template <TextTemplate TopicTemplates::*member, TemplateScope scope>
Key topic_template(std::string_view path, std::string_view meaning, std::string_view example) {
  return {.path = std::string{path},
          .type = topic_text(),
          .meaning = meaning,
          .example = example,
          .read =
              [](const Cursor& at, const Given& given) {
                auto topic = at.templates->topic(*given.node, *given.path, scope);
                if (topic) mqtt(at).templates.*member = std::move(*topic);
                return accepted();
              },
          .show = [](const Cursor& at) { return yaml_text((mqtt(at).templates.*member).written); }};
}

template <Payload TopicTemplates::*member, TemplateScope scope>
Key payload_template(std::string_view path, std::string_view expected, std::string_view meaning,
                     std::string_view example) {
  return {.path = std::string{path},
          .type = external(expected, payload_schema),
          .meaning = meaning,
          .example = example,
          .read =
              [](const Cursor& at, const Given& given) {
                auto payload = at.templates->payload(*given.node, *given.path, scope);
                if (payload) mqtt(at).templates.*member = std::move(*payload);
                return accepted();
              },
          .show = [](const Cursor& at) { return payload_yaml(mqtt(at).templates.*member); }};
}

template <std::string TopicTemplates::*member>
Key status_word(std::string_view path, std::string_view meaning, std::string_view example) {
  return {.path = std::string{path},
          .type = text("a text", 1024, {}, 1),
          .meaning = meaning,
          .example = example,
          .read =
              [](const Cursor& at, const Given& given) {
                mqtt(at).templates.*member = given.text;
                return accepted();
              },
          .show = [](const Cursor& at) { return yaml_text(mqtt(at).templates.*member); }};
}

/// What the classes have besides the options that all share.
std::vector<Key> template_keys() {
  using Scope = TemplateScope;
  using Templates = TopicTemplates;
  return {
      topic_template<&Templates::status, Scope::daemon_topic>(
          "mqtt.topics.status.topic", "Topic of the daemon's status. Takes {base}.",
          "\"{base}/availability\""),
      topic_template<&Templates::meter_status, Scope::meter_topic>(
          "mqtt.topics.status.meter_topic",
          "Topic of a meter's status. Takes {base} {meter} {equipment_id}.",
          "\"{base}/{meter}/availability\""),
      status_word<&Templates::online>("mqtt.topics.status.online", "What stands for online.",
                                      "\"true\""),
      status_word<&Templates::offline>("mqtt.topics.status.offline", "What stands for offline.",
                                       "\"false\""),
      topic_template<&Templates::state, Scope::meter_topic>(
          "mqtt.topics.state.topic", "Topic. Takes {base} {meter} {equipment_id}.",
          "\"{base}/{meter}/sensor\""),
      payload_template<&Templates::state_payload, Scope::state>(
          "mqtt.topics.state.payload", "json, influx, a text or a mapping",
          "json: an object with all readings; influx: a line of all numbers. A mapping is JSON of "
          "your own; a list of one element holds an element for each reading that is due.",
          "{power: \"{power_import}\"}"),
      topic_template<&Templates::keys, Scope::key_topic>(
          "mqtt.topics.keys.topic",
          "Topic. Takes {base} {meter} {key} {topic} {device} {obis} {equipment_id}; {topic} is "
          "what readings.*.topic says, else the key.",
          "\"{base}/{meter}/sensor/{topic}/state\""),
      payload_template<&Templates::keys_payload, Scope::reading>(
          "mqtt.topics.keys.payload", "plain, raw, json, influx, a text or a mapping",
          "plain: the value; raw: the meter's own digits; json: value, unit and time; influx: a "
          "line. A text or a mapping holds placeholders; in a mapping a number, true, false and "
          "null without quotes are just that.",
          R"({value: "{value}", unit: "{unit}"})"),
      topic_template<&Templates::raw, Scope::meter_topic>(
          "mqtt.topics.raw.topic", "Topic. Takes {base} {meter} {equipment_id}.",
          "\"{base}/{meter}/telegram\""),
      topic_template<&Templates::events, Scope::meter_topic>(
          "mqtt.topics.events.topic", "Topic. Takes {base} {meter} {equipment_id}.",
          "\"{base}/{meter}/event\""),
      topic_template<&Templates::statistics, Scope::daemon_topic>(
          "mqtt.topics.statistics.topic", "Topic. Takes {base}.", "\"{base}/about\""),
  };
}

}  // namespace

std::vector<Key> mqtt_keys() {
  std::vector<Key> rows;
  for (auto* more : {&address_keys, &session_keys, &tls_keys}) {
    for (auto& row : (*more)()) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Key> topic_class_keys() {
  std::vector<Key> rows;
  for (const auto& named : topic_classes()) {
    const std::string section = "mqtt.topics." + std::string{named.name};
    rows.push_back({.path = section + ".enabled",
                    .type = flag(),
                    .meaning = "Whether these topics are published.",
                    .example = "true",
                    .read =
                        [](const Cursor& at, const Given& given) {
                          at.topic->enabled = given.flag;
                          return accepted();
                        },
                    .show = [](const Cursor& at) { return show_flag(at.topic->enabled); }});
    rows.push_back(
        {.path = section + ".qos",
         .type = number(0, 2),
         .meaning = "Quality of service: 0 at most once, 1 at least once, 2 exactly once.",
         .example = "1",
         .read =
             [](const Cursor& at, const Given& given) {
               at.topic->qos = static_cast<int>(given.number);
               return accepted();
             },
         .show = [](const Cursor& at) { return std::to_string(at.topic->qos); }});
    rows.push_back(
        {.path = section + ".retain",
         .type = flag(),
         .meaning = "Whether the broker keeps the last value for those who subscribe later.",
         .example = "true",
         .read =
             [](const Cursor& at, const Given& given) {
               at.topic->retain = given.flag;
               return accepted();
             },
         .show = [](const Cursor& at) { return show_flag(at.topic->retain); }});
  }
  for (auto& row : template_keys()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace p1meter::settings
