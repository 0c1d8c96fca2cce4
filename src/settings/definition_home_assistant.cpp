// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of home_assistant.
#include "settings/definition.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

HomeAssistantSettings& home_assistant(const Cursor& at) { return at.settings->home_assistant; }

std::string read_discovery(const Cursor& at, const Given& given) {
  home_assistant(at).discovery = given.text == "single" ? Discovery::single
                                 : given.text == "off"  ? Discovery::off
                                                        : Discovery::device;
  return accepted();
}

std::string show_discovery(const Cursor& at) {
  switch (home_assistant(at).discovery) {
    case Discovery::device:
      return "device";
    case Discovery::single:
      return "single";
    case Discovery::off:
      return "\"off\"";
  }
  return {};
}

constexpr std::size_t longest_topic = 1024;
constexpr std::string_view topic_form = "a topic without + and #";
constexpr std::string_view topic_pattern = "^[^+#$/][^+#]*$";

}  // namespace

std::vector<Key> home_assistant_keys() {
  return {
      {.path = "home_assistant.discovery",
       .type = choice("device|single|off"),
       .meaning = "device: one message for each device (Home Assistant 2024.11 and later). single: "
                  "one for each entity, for openHAB before 5.2 and Domoticz. off: none. Changing "
                  "between the first two keeps the history.",
       .example = "single",
       .read = read_discovery,
       .show = show_discovery},
      {.path = "home_assistant.prefix",
       .type = text(topic_form, longest_topic, topic_pattern, 1),
       .meaning = "First level of the discovery topics, as set in Home Assistant's MQTT "
                  "integration.",
       .example = "homeassistant",
       .read = [](const Cursor& at, const Given& given) -> std::string {
         if (auto wrong = check_topic(given.text); !wrong.empty()) return wrong;
         home_assistant(at).prefix = given.text;
         return accepted();
       },
       .show = [](const Cursor& at) { return yaml_text(home_assistant(at).prefix); }},
      {.path = "home_assistant.birth_topic",
       .type = text("a topic without + and #, or nothing", longest_topic, "^([^+#$/][^+#]*)?$"),
       .meaning = "Where Home Assistant says that it has started; everything is announced anew "
                  "then. Empty: not listened to.",
       .example = "homeassistant/status",
       .read = [](const Cursor& at, const Given& given) -> std::string {
         if (auto wrong = check_topic(given.text); !given.text.empty() && !wrong.empty())
           return wrong;
         home_assistant(at).birth_topic = given.text;
         return accepted();
       },
       .show = [](const Cursor& at) { return yaml_text(home_assistant(at).birth_topic); }},
      {.path = "home_assistant.birth_payload",
       .type = text("a text", 1024, {}, 1),
       .meaning = "What it says there.",
       .example = "online",
       .read =
           [](const Cursor& at, const Given& given) {
             home_assistant(at).birth_payload = given.text;
             return accepted();
           },
       .show = [](const Cursor& at) { return yaml_text(home_assistant(at).birth_payload); }},
  };
}

}  // namespace p1meter::settings
