// SPDX-License-Identifier: Apache-2.0
// Daemon: which parts a configuration needs, and who is joined to whom.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/state/state_store.hpp"
#include "daemon/broker.hpp"
#include "daemon/daemon.hpp"
#include "daemon/meter_runner.hpp"

namespace p1meter::daemon {

/// The parts of a running daemon. Declaration order is destruction order reversed: meters go before
/// the brokers they publish to, and both before the settings they read.
struct Parts {
  Configuration configuration{};
  std::function<void()> on_connected{};  // after each connect of a broker
  settings::Settings settings{};
  ObisTable table{};
  std::shared_ptr<Workbench> workbench{std::make_shared<Workbench>()};  // one thread feeds all
  std::unique_ptr<Broker> live{};                                       // none without mqtt.host
  std::unique_ptr<Broker> test{};  // for simulated meters; none without them
  std::map<std::string, std::unique_ptr<MeterRunner>> meters{};
};

/// True for a simulated meter that the user did not call live: it publishes under
/// <base_topic>-test.
[[nodiscard]] bool is_test(const settings::MeterSettings& settings);

/// The state directory's name for the list of topics that a broker retains for us.
[[nodiscard]] std::string retained_list(const Broker& broker);

/// Builds what the settings ask for and joins it; parts that are there already stay (a reload).
void compose(boost::asio::io_context& context, const StateStore& store, Parts& parts);

/// Takes new settings over: what they leave as it is keeps running.
void recompose(boost::asio::io_context& context, const StateStore& store, Parts& parts,
               settings::Settings settings);

}  // namespace p1meter::daemon
