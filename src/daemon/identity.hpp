// SPDX-License-Identifier: Apache-2.0
// Daemon: who this process is to a broker.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "settings/settings.hpp"

namespace p1meter::daemon {

/// Which topics a connection writes to.
enum class Realm {
  live,         // the configured base topic
  test,         // <base_topic>-test: simulated meters and replays
  test_sweep,   // the same, but only to clear it
  live_replay,  // the configured base topic, but never the daemon's own status and statistics
};

/// Client id and topics of one connection.
/// `role`: "run", or the command and its process id where several may run at once.
[[nodiscard]] mqtt::Identity make_identity(const settings::Settings& settings,
                                           const std::filesystem::path& configuration,
                                           std::string_view role, Realm realm);

/// Client id, topics and last will of the connection of a Homie device.
/// The role is "homie" and the device, for each has a connection.
[[nodiscard]] mqtt::Identity make_homie_identity(const settings::Settings& settings,
                                                 const std::filesystem::path& configuration,
                                                 std::string_view root);

}  // namespace p1meter::daemon
