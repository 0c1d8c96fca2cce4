// SPDX-License-Identifier: Apache-2.0
// Daemon: carries out what is asked for on <base>/set, as far as the configuration allows it.
#include "daemon/remote_control.hpp"

#include <algorithm>
#include <utility>

#include "adapters/log/log.hpp"
#include "daemon/clock.hpp"
#include "settings/interval_rule.hpp"
#include "settings/own_topics.hpp"

namespace p1meter::daemon {
namespace {

using settings::RemoteCommand;

constexpr std::size_t longest_name = 32;  // bytes of a command's name that are echoed
constexpr std::size_t most_faults = 20;   // in one answer

Refusal refusal(const Command& command, std::string error, std::string reason) {
  return {.id = command.id, .error = std::move(error), .reason = std::move(reason)};
}

}  // namespace

void RemoteControl::receive(Broker& broker, const mqtt::Received& message) {
  const std::string prefix =
      settings::own_topic(broker.identity().base_topic, settings::own_level::set) + '/';
  if (!message.topic.starts_with(prefix)) return;
  const std::string name = message.topic.substr(prefix.size(), longest_name);
  if (message.payload.empty()) return;  // somebody clears what the broker has kept
  if (message.retained) {
    ++refused_;
    log::write_limited("command/retained", log::Level::warning,
                       "a command that the broker has retained is not carried out; clear it there",
                       {{"topic", message.topic}});
    return;
  }
  if (!pace_.admit(live_now().steady)) {
    ++refused_;
    log::write_limited("command/pace", log::Level::warning,
                       "more than ten commands a second, the rest is refused without an answer",
                       {{"topic", message.topic}});
    return;
  }
  const auto command = parse_command(name, message.payload);
  if (!command) {
    refuse(broker, name, command.error());
  } else if (const auto outcome = carry_out(broker, *command, name)) {
    refuse(broker, name, *outcome);
  }
}

void RemoteControl::refuse(Broker& broker, const std::string& name, const Refusal& refusal) {
  ++refused_;
  log::write_limited("command/" + refusal.error, log::Level::warning, "a command is refused",
                     {{"command", name},
                      {"id", refusal.id},
                      {"error", refusal.error},
                      {"reason", refusal.reason}});
  broker.sink().respond(answer_json(name, refusal));
}

void RemoteControl::answer(Broker& broker, const Command& command, const std::string& name) {
  log::write_limited("command/ok/" + name, log::Level::info, "a command is carried out",
                     {{"command", name},
                      {"id", command.id},
                      {"meter", command.meter},
                      {"key", command.key},
                      {"interval", command.interval}});
  broker.sink().respond(answer_json(name, command.id));
}

RemoteControl::Outcome RemoteControl::carry_out(Broker& broker, const Command& command,
                                                const std::string& name) {
  if (!parts_.settings.mqtt.commands.contains(command.kind))
    return refusal(command, "not_allowed", "mqtt.commands does not allow it");
  const auto accepted = [&] { answer(broker, command, name); };
  Outcome outcome;
  switch (command.kind) {
    case RemoteCommand::publish:
      outcome = publish(broker, command);
      break;
    case RemoteCommand::interval:
      outcome = change_interval(broker, command);
      break;
    // These two answer before they begin: afterwards the connection may be another.
    case RemoteCommand::reload:
      return with_faults(command, program_.reload(accepted));
    case RemoteCommand::restart:
      return with_faults(command, program_.restart(accepted));
  }
  if (!outcome) accepted();
  return outcome;
}

std::vector<MeterRunner*> RemoteControl::meters(const Broker& broker,
                                                const Command& command) const {
  std::vector<MeterRunner*> found;
  for (const auto& [name, meter] : parts_.meters) {
    const bool ours = is_test(meter->settings()) == (&broker == parts_.test.get());
    if (ours && (command.meter.empty() || command.meter == name)) found.push_back(meter.get());
  }
  return found;
}

RemoteControl::Outcome RemoteControl::publish(Broker& broker, const Command& command) {
  if (command.meter.empty()) {
    broker.announce({.repeat = true});
    return std::nullopt;
  }
  const auto chosen = meters(broker, command);
  if (chosen.empty())
    return refusal(command, "unknown_meter", "no meter of that name publishes here");
  for (const MeterRunner* meter : chosen) broker.sink().announce(meter->pipeline());
  return std::nullopt;
}

RemoteControl::Outcome RemoteControl::change_interval(Broker& broker, const Command& command) {
  const auto chosen = meters(broker, command);
  if (chosen.empty() && !command.meter.empty())
    return refusal(command, "unknown_meter", "no meter of that name publishes here");
  if (!parts_.known_keys) parts_.known_keys.emplace(parts_.table);
  auto rule = settings::make_interval_rule(command.key, command.interval, *parts_.known_keys);
  if (!rule) {
    return refusal(command, rule.error().of_key ? "unknown_key" : "bad_interval",
                   rule.error().message);
  }
  const bool taken = parts_.overrides.put(
      {.meter = command.meter, .test = &broker == parts_.test.get(), .rule = *std::move(rule)});
  if (!taken) return refusal(command, "too_many", "64 intervals are changed already");
  for (MeterRunner* meter : chosen) {
    meter->override_intervals(
        parts_.overrides.of(meter->settings().name, is_test(meter->settings())));
  }
  // What is announced of a meter depends on its intervals.
  broker.announce({});
  return std::nullopt;
}

RemoteControl::Outcome RemoteControl::with_faults(
    const Command& command, const std::vector<settings::Fault>& faults) const {
  if (faults.empty()) return std::nullopt;
  Refusal refused =
      refusal(command, "bad_configuration",
              "the configuration has " + std::to_string(faults.size()) +
                  (faults.size() == 1 ? " fault" : " faults") + ", the old one stays in force");
  for (std::size_t i = 0; i < std::min(faults.size(), most_faults); ++i)
    refused.faults.push_back(to_string(faults[i]));
  return refused;
}

}  // namespace p1meter::daemon
