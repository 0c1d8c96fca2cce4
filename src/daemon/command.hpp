// SPDX-License-Identifier: Apache-2.0
// Daemon: what somebody asks for on <base>/set/<command>, and the answer's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/result.hpp"
#include "settings/settings.hpp"

namespace p1meter::daemon {

/// A command as it was understood; whether meter and key exist is for others to say.
struct Command {
  settings::RemoteCommand kind{};
  std::string id{};        // as JSON: "\"a\"", "7"; "null" when there is none
  std::string meter{};     // empty: all
  std::string key{};       // interval: a key, a glob or an OBIS code
  std::string interval{};  // interval: "5s"

  friend bool operator==(const Command&, const Command&) = default;
};

/// Why a command is not carried out.
struct Refusal {
  std::string id{"null"};             // as JSON
  std::string error{};                // one word, docs/mqtt.md lists them
  std::string reason{};               // a sentence
  std::vector<std::string> faults{};  // of a configuration

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Understands one message.
///
/// Input     name: the topic's last level; payload: any bytes
/// Errors    unknown_command, too_long, not_json, bad_member; with the id wherever it can be read
[[nodiscard]] Result<Command, Refusal> parse_command(std::string_view name,
                                                     std::string_view payload);

/// {"id":...,"command":...,"ok":true}
[[nodiscard]] std::string answer_json(std::string_view command, std::string_view id);
/// {"id":...,"command":...,"ok":false,"error":...,"reason":...,"faults":[...]?}
[[nodiscard]] std::string answer_json(std::string_view command, const Refusal& refusal);

}  // namespace p1meter::daemon
