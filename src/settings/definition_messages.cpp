// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of further messages, besides those of the topic classes.
#include <utility>

#include "settings/definition.hpp"
#include "settings/source_text.hpp"
#include "settings/template_reader.hpp"

namespace p1meter::settings {
namespace {

TemplateScope scope_of_topic(const MqttMessage& message) {
  return message.on == MqttMessage::On::state ? TemplateScope::meter_topic
                                              : TemplateScope::statistics_topic;
}

TemplateScope scope_of_payload(const MqttMessage& message) {
  return message.on == MqttMessage::On::state ? TemplateScope::state : TemplateScope::statistics;
}

std::string read_message_topic(const Cursor& at, const Given& given) {
  auto topic = at.templates->topic(*given.node, *given.path, scope_of_topic(*at.message));
  if (topic) at.message->topic = std::move(*topic);
  return accepted();
}

std::string read_message_payload(const Cursor& at, const Given& given) {
  auto payload = at.templates->payload(*given.node, *given.path, scope_of_payload(*at.message));
  if (payload) at.message->payload = std::move(*payload);
  return accepted();
}

}  // namespace

std::vector<Key> message_keys() {
  return {
      {.path = "mqtt.messages[].on",
       .type = choice("state|statistics"),
       .meaning = "state: with every batch of readings of a meter. statistics: at the interval.",
       .example = "statistics",
       .read = [](const Cursor& /*at*/, const Given& /*given*/) { return accepted(); },
       .show = [](const Cursor& at) -> std::string {
         if (at.message == nullptr) return {};
         return at.message->on == MqttMessage::On::state ? "state" : "statistics";
       }},
      {.path = "mqtt.messages[].topic",
       .type = topic_text(),
       .meaning = "Topic. Takes {base} {meter} {equipment_id}; of statistics {base} {meter} "
                  "{hostname} {client_id}.",
       .example = "\"{base}/summary\"",
       .read = read_message_topic,
       .show =
           [](const Cursor& at) {
             return at.message == nullptr ? std::string{} : yaml_text(at.message->topic.written);
           }},
      {.path = "mqtt.messages[].payload",
       .type = external("json, influx, a text, a mapping or a list", payload_schema),
       .meaning = "What it says, like mqtt.topics.state.payload; of statistics json, a text or a "
                  "mapping.",
       .example = "{from: \"{meter}\"}",
       .read = read_message_payload,
       .show =
           [](const Cursor& at) {
             return at.message == nullptr ? std::string{} : payload_yaml(at.message->payload);
           }},
      {.path = "mqtt.messages[].interval",
       .type = duration(std::chrono::minutes{1}, std::chrono::hours{24}),
       .meaning = "Of statistics: published once in this time, to the minute. 60s when not given.",
       .example = "5min",
       .read =
           [](const Cursor& at, const Given& given) {
             at.message->interval = milliseconds{given.number};
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             const bool timed =
                 at.message != nullptr && at.message->on == MqttMessage::On::statistics;
             return timed ? write_duration(at.message->interval) : std::string{};
           }},
      {.path = "mqtt.messages[].qos",
       .type = number(0, 2),
       .meaning = "Quality of service. 0 when not given.",
       .example = "1",
       .read =
           [](const Cursor& at, const Given& given) {
             at.message->qos = static_cast<int>(given.number);
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.message == nullptr ? std::string{} : std::to_string(at.message->qos);
           }},
      {.path = "mqtt.messages[].retain",
       .type = flag(),
       .meaning = "Whether the broker keeps it. false when not given.",
       .example = "true",
       .read =
           [](const Cursor& at, const Given& given) {
             at.message->retain = given.flag;
             return accepted();
           },
       .show =
           [](const Cursor& at) {
             return at.message == nullptr ? std::string{} : show_flag(at.message->retain);
           }},
  };
}

}  // namespace p1meter::settings
