// SPDX-License-Identifier: Apache-2.0
// Daemon: which parts a configuration needs, and who is joined to whom.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/state/state_store.hpp"
#include "daemon/broker.hpp"
#include "daemon/daemon.hpp"
#include "daemon/homie_devices.hpp"
#include "daemon/interval_overrides.hpp"
#include "daemon/meter_runner.hpp"
#include "daemon/slot.hpp"
#include "settings/known_keys.hpp"

namespace p1meter::daemon {

/// The parts of a running daemon. Declaration order is destruction order reversed: meters go before
/// the brokers they publish to, and both before the settings they read.
struct Parts {
  Configuration configuration{};
  std::function<void()> on_connected{};  // after each connect of a broker
  std::function<void(Broker&, const mqtt::Received&)> on_command{};
  std::function<void()> on_more_retained{};  // at some broker
  settings::Settings settings{};
  ObisTable table{};
  std::optional<settings::KnownKeys> known_keys{};  // of the table, once somebody asks for them
  IntervalOverrides overrides{};
  std::shared_ptr<Workbench> workbench{std::make_shared<Workbench>()};  // one thread feeds all
  RetainedTopics live_topics{};
  RetainedTopics test_topics{};
  Slot<Broker> live{};  // none without mqtt.host
  Slot<Broker> test{};  // for simulated meters, or to clear what they left
  HomieDevices homie{};
  std::map<std::string, std::unique_ptr<MeterRunner>> meters{};
};

/// True for a simulated meter that the user did not call live: it publishes under
/// <base_topic>-test.
[[nodiscard]] bool is_test(const settings::MeterSettings& settings);

/// Reads what earlier runs left retained.
void load_retained(const StateStore& store, Parts& parts);
/// The lists to store anew, by name.
[[nodiscard]] std::vector<std::pair<std::string, std::vector<std::string>>> take_changed_retained(
    Parts& parts);

/// The lists that were taken last have not been stored.
void retained_not_stored(Parts& parts) noexcept;

/// Builds what the settings ask for and joins it; parts that are there already stay (a reload).
void compose(boost::asio::io_context& context, const StateStore& store, Parts& parts);

/// Takes new settings over: what they leave as it is keeps running.
void recompose(boost::asio::io_context& context, const StateStore& store, Parts& parts,
               settings::Settings settings);

}  // namespace p1meter::daemon
