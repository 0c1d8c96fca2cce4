// SPDX-License-Identifier: Apache-2.0
// Settings: the definition of remote control and of the log.
#include <array>
#include <utility>

#include "settings/definition.hpp"
#include "settings/source_text.hpp"

namespace p1meter::settings {
namespace {

struct NamedCommand {
  std::string_view name{};
  RemoteCommand command{};
};
constexpr std::array<NamedCommand, 4> commands{{{"publish", RemoteCommand::publish},
                                                {"interval", RemoteCommand::interval},
                                                {"reload", RemoteCommand::reload},
                                                {"restart", RemoteCommand::restart}}};

std::string read_command(const Cursor& at, const Given& given) {
  for (const auto& [name, command] : commands) {
    if (name == given.text) at.rest->commands.insert(command);
  }
  return accepted();
}

std::string show_commands(const Cursor& at) {
  std::string text;
  for (const auto& [name, command] : commands) {
    if (!at.settings->mqtt.commands.contains(command)) continue;
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return '[' + text + ']';
}

constexpr std::string_view levels = "debug|info|warning|error";

template <std::string LogSettings::*member>
Key level_key(std::string_view path, std::string_view meaning) {
  return {.path = std::string{path},
          .type = choice(levels),
          .meaning = meaning,
          .example = "warning",
          .read =
              [](const Cursor& at, const Given& given) {
                at.settings->log.*member = given.text;
                return accepted();
              },
          .show = [](const Cursor& at) { return at.settings->log.*member; }};
}

std::string read_udp(const Cursor& at, const Given& given) {
  at.settings->log.udp = {};
  if (given.text.empty()) return accepted();
  auto address = parse_broker(given.text);
  if (!address || address->port == 0) return "a host and a port: 192.168.1.20:8888";
  at.settings->log.udp = *std::move(address);
  return accepted();
}

}  // namespace

std::optional<RemoteCommand> parse_command_name(std::string_view name) noexcept {
  for (const auto& known : commands) {
    if (known.name == name) return known.command;
  }
  return std::nullopt;
}

std::vector<Key> control_keys() {
  return {
      {.path = "mqtt.topics.set.enabled",
       .type = flag(),
       .meaning = "Whether p1meter listens to these topics and does what they ask. Whoever may "
                  "publish at the broker may then do so: see docs/mqtt.md.",
       .example = "true",
       .read =
           [](const Cursor& at, const Given& given) {
             at.settings->mqtt.remote_control = given.flag;
             return accepted();
           },
       .show = [](const Cursor& at) { return show_flag(at.settings->mqtt.remote_control); }},
      {.path = "mqtt.commands",
       .type = list_of(choice("publish|interval|reload|restart")),
       .meaning = "Which commands are carried out once topics.set is enabled; the others are "
                  "refused.",
       .example = "[publish, interval]",
       .read = read_command,
       .show = show_commands},
  };
}

std::vector<Key> log_keys() {
  return {
      level_key<&LogSettings::level>("log.level", "The least important messages that are shown."),
      level_key<&LogSettings::topic_level>(
          "log.topic_level",
          "The least important messages on <base_topic>/log, where mqtt.topics.log is enabled."),
      {.path = "log.udp",
       .type = text("a host and a port: 192.168.1.20:8888", 320),
       .meaning = "Who gets each message as a line of text in a UDP datagram as well, host:port; "
                  "'nc -ul 8888' there shows them. Empty: nobody.",
       .example = "192.168.1.20:8888",
       .read = read_udp,
       .show =
           [](const Cursor& at) {
             const auto& udp = at.settings->log.udp;
             return yaml_text(udp.host.empty() ? "" : to_string(udp));
           }},
      level_key<&LogSettings::udp_level>("log.udp_level",
                                         "The least important messages that go there."),
  };
}

}  // namespace p1meter::settings
