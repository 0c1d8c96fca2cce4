// SPDX-License-Identifier: Apache-2.0
// Daemon: what somebody asks for on <base>/set/<command>, and the answer's text.
#include "daemon/command.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "json/json_text.hpp"

namespace p1meter::daemon {
namespace {

using Json = nlohmann::json;
using settings::RemoteCommand;

constexpr std::size_t longest_payload = 4096;  // bytes
constexpr std::size_t longest_text = 128;      // bytes of a member

tl::unexpected<Refusal> refuse(std::string id, std::string error, std::string reason) {
  return tl::unexpected{Refusal{std::move(id), std::move(error), std::move(reason), {}}};
}

/// The id as it is to be given back, where it is one.
std::optional<std::string> id_of(const Json& object) {
  const auto found = object.find("id");
  if (found == object.end() || found->is_null()) return "null";
  if (found->is_number_integer()) return found->dump();
  if (!found->is_string() || found->get_ref<const std::string&>().size() > longest_text)
    return std::nullopt;
  std::string text;
  json::append_string(text, found->get_ref<const std::string&>());
  return text;
}

/// Takes the members over. Output    empty, or what is wrong
std::string read_members(const Json& object, Command& command) {
  for (const auto& [name, value] : object.items()) {
    if (name == "id") continue;
    const bool interval = command.kind == RemoteCommand::interval;
    const bool whole_program =
        command.kind == RemoteCommand::reload || command.kind == RemoteCommand::restart;
    std::string* const member = name == "meter" && !whole_program ? &command.meter
                                : name == "key" && interval       ? &command.key
                                : name == "interval" && interval  ? &command.interval
                                                                  : nullptr;
    if (member == nullptr) {
      // It is echoed: not without an end.
      return "the command has no member '" + name.substr(0, longest_text) + "'";
    }
    if (!value.is_string() || value.get_ref<const std::string&>().empty() ||
        value.get_ref<const std::string&>().size() > longest_text)
      return "'" + name + "' is no text of 1 to 128 bytes";
    *member = value.get<std::string>();
  }
  if (command.kind != RemoteCommand::interval) return {};
  if (command.key.empty()) return "'key' is missing";
  return command.interval.empty() ? "'interval' is missing" : "";
}

std::string begin_answer(std::string_view command, std::string_view id, bool ok) {
  std::string text{R"({"id":)"};
  text.append(id).append(R"(,"command":)");
  json::append_string(text, command);
  return text + R"(,"ok":)" + (ok ? "true" : "false");
}

}  // namespace

Result<Command, Refusal> parse_command(std::string_view name, std::string_view payload) {
  if (payload.size() > longest_payload)
    return refuse("null", "too_long", "a command has at most 4096 bytes");
  const Json object = Json::parse(payload, nullptr, false);
  if (!object.is_object())
    return refuse("null", "not_json", R"(a command is a JSON object: {"id":"1"})");
  auto id = id_of(object);
  if (!id)
    return refuse("null", "bad_member", "'id' is no whole number and no text of at most 128 bytes");
  const auto kind = settings::parse_command_name(name);
  if (!kind)
    return refuse(*std::move(id), "unknown_command",
                  "the commands are publish, interval, reload and restart");
  Command command{.kind = *kind, .id = *id};
  if (auto wrong = read_members(object, command); !wrong.empty())
    return refuse(*std::move(id), "bad_member", std::move(wrong));
  return command;
}

std::string answer_json(std::string_view command, std::string_view id) {
  return begin_answer(command, id, true) + '}';
}

std::string answer_json(std::string_view command, const Refusal& refusal) {
  std::string text = begin_answer(command, refusal.id, false);
  text += R"(,"error":)";
  json::append_string(text, refusal.error);
  text += R"(,"reason":)";
  json::append_string(text, refusal.reason);
  if (!refusal.faults.empty()) {
    text += R"(,"faults":[)";
    for (const std::string& fault : refusal.faults) {
      if (!text.ends_with('[')) text += ',';
      json::append_string(text, fault);
    }
    text += ']';
  }
  return text + '}';
}

}  // namespace p1meter::daemon
