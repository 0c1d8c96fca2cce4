// SPDX-License-Identifier: Apache-2.0
// Settings: addresses of meters and brokers as users write them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "p1meter/values/result.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {

/// Profiles of the simulator that a configuration may name; the simulator has the same list.
[[nodiscard]] std::span<const std::string_view> known_profiles() noexcept;

/// Reads a meter's source.
///
/// Input     directory: where relative file paths begin; empty: the working directory
/// Errors    a text that says what is expected
/// Grammar   source = "auto" | "-" | [ "serial:" ] "/dev/..." | "tcp://" host ":" port
///                  | "file:" path | "simulator:" profile
[[nodiscard]] Result<Source, std::string> parse_source(std::string_view text,
                                                       std::string_view directory = {});
[[nodiscard]] std::string to_string(const Source& source);

/// Reads a broker's address: "host", "host:1883", "[::1]:1883", "::1". Port 0 when not given.
/// Errors    a text that says what is expected
[[nodiscard]] Result<BrokerAddress, std::string> parse_broker(std::string_view text);
[[nodiscard]] std::string to_string(const BrokerAddress& broker);

/// Says what is wrong with a topic that is published to, or nothing (MQTT 5, section 4.7): UTF-8,
/// no wildcards, no empty levels, no leading '$'.
[[nodiscard]] std::string check_topic(std::string_view topic);

}  // namespace p1meter::settings
