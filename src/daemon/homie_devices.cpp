// SPDX-License-Identifier: Apache-2.0
// Daemon: the meters as Homie devices, each with a connection of its own.
#include "daemon/homie_devices.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/mqtt/homie.hpp"
#include "daemon/broker.hpp"
#include "daemon/clock.hpp"
#include "daemon/identity.hpp"

namespace p1meter::daemon {
namespace {

constexpr std::size_t most_changes = 256;  // between two turns of the read loop

}  // namespace

HomieConnection::HomieConnection(boost::asio::io_context& context,
                                 const settings::Settings& settings, const mqtt::Identity& identity,
                                 RetainedTopics& retained, const MeterView* meter)
    : root_{identity.base_topic},
      meter_{meter},
      clearing_{context},
      retained_{context},
      changed_{context, most_changes, [this](const mqtt::StateChange& change) { note(change); }},
      sink_{settings.mqtt, identity, settings.homie.version, settings.readings,
            mqtt::Callbacks{
                .changed = changed_.entrance(),
                .connected = [this, &context] { boost::asio::post(context, [this] { greet(); }); },
                .received = {},
                .taken_back = retained_.entrance(),
                .retains_more =
                    [this] {
                      if (retains_more_) retains_more_();
                    },
            }} {
  retained_.remember_in(retained);
}

void HomieConnection::note(const mqtt::StateChange& change) {
  if (change.kind == mqtt::StateChange::Kind::connected) {
    note_retained();  // of the broker before, when this is another one
    retained_.connected_to(change.broker);
  }
  log_change(change, root_);
}

/// None to clear.
std::vector<std::string> HomieConnection::current() const {
  return meter_ == nullptr ? std::vector<std::string>{} : sink_.retained_topics();
}

void HomieConnection::greet() {
  sink_.connected(retained_.remembered());
  announce();
  const auto yielded = current();
  retained_.note(yielded);
  sink_.forget(retained_.outdated(yielded));
  sink_.announced();
  if (retains_more_) retains_more_();
  clearing_.begun();
}

void HomieConnection::announce() {
  if (meter_ != nullptr) sink_.announce(*meter_, live_now());
}

void HomieConnection::note_retained() { retained_.note(current()); }

void HomieConnection::leave() {
  note_retained();
  retained_.leave();
  meter_ = nullptr;
  clearing_.leave();
  retains_more_ = {};
}

void HomieDevices::remember(const std::vector<std::string>& stored) {
  stored_ = stored;
  std::map<std::string, std::vector<std::string>> items;
  for (const std::string& item : stored) {
    const auto space = item.find(' ');
    if (space == std::string::npos) continue;
    const std::string topic = item.substr(space + 1);
    items[std::string{mqtt::homie_root_of(topic)}].push_back(item);
  }
  for (const auto& [root, list] : items) places_[root].retained = RetainedTopics{list};
}

std::optional<std::vector<std::string>> HomieDevices::take_changed_retained() {
  std::vector<std::string> items;
  for (auto& [root, place] : places_) {
    if (place.connection) place.connection->note_retained();
    const auto list = place.retained.items();
    items.insert(items.end(), list.begin(), list.end());
  }
  if (!std::exchange(unstored_, false) && items == stored_) return std::nullopt;
  stored_ = items;
  return items;
}

void HomieDevices::arrange(boost::asio::io_context& context, const settings::Settings& settings,
                           const std::filesystem::path& configuration,
                           const std::vector<const MeterView*>& meters) {
  const bool off =
      settings.homie.version == settings::HomieVersion::off || settings.mqtt.brokers.empty();
  const bool other_broker = std::exchange(mqtt_, settings.mqtt) != settings.mqtt;
  std::map<std::string, const MeterView*> wanted;
  for (const MeterView* meter : meters) {
    if (off) break;
    const auto id = mqtt::homie_device_id(settings.mqtt.base_topic, meter->name());
    const std::string root = mqtt::homie_root(settings.homie, id);
    wanted[root] = meter;
    places_.try_emplace(root);
  }

  for (auto& [root, place] : places_) {
    auto& connection = place.connection;
    const auto found = wanted.find(root);
    const bool is_wanted = found != wanted.end();
    if (connection && !other_broker && is_wanted == (connection->meter() != nullptr)) {
      if (is_wanted) connection->set_meter(*found->second);
      continue;
    }
    if (connection) connection->leave();
    if (is_wanted) {
      connection.replace(context,
                         std::make_unique<HomieConnection>(
                             context, settings, make_homie_identity(settings, configuration, root),
                             place.retained, found->second));
      connection->on_more_retained(retains_more_);
    } else {
      connection.replace(context, make_clearing(context, settings, configuration, root, place));
    }
    connection.start();
  }
}

/// None when nothing is left at a broker that is configured.
std::unique_ptr<HomieConnection> HomieDevices::make_clearing(
    boost::asio::io_context& context, const settings::Settings& settings,
    const std::filesystem::path& configuration, const std::string& root, Place& place) {
  if (!place.retained.any_at(mqtt::broker_names(settings.mqtt))) return nullptr;
  auto identity = make_homie_identity(settings, configuration, root);
  identity.presence.reset();
  auto clearing = std::make_unique<HomieConnection>(context, settings, std::move(identity),
                                                    place.retained, nullptr);
  clearing->on_cleared([&context, &place] {
    // Later, for the connection goes with this very function.
    boost::asio::post(context, [&context, &place] {
      if (place.connection && place.connection->meter() == nullptr)
        place.connection.replace(context, nullptr);
    });
  });
  return clearing;
}

Sink* HomieDevices::sink_of(std::string_view meter) {
  for (auto& [root, place] : places_) {
    if (!place.connection || place.connection->meter() == nullptr) continue;
    if (place.connection->meter()->name() == meter) return &place.connection->sink();
  }
  return nullptr;
}

void HomieDevices::announce() {
  for (auto& [root, place] : places_) {
    if (place.connection) place.connection->announce();
  }
}

void HomieDevices::begin_to_stop(milliseconds patience) {
  stop_by_ = std::chrono::steady_clock::now() + patience;
  for (auto& [root, place] : places_) {
    if (place.connection) place.connection->begin_to_stop(patience);
  }
}

void HomieDevices::stop() {
  for (auto& [root, place] : places_) {
    if (!place.connection) continue;
    const auto left =
        std::chrono::duration_cast<milliseconds>(stop_by_ - std::chrono::steady_clock::now());
    place.connection->stop(std::max(left, milliseconds{0}));
  }
}

}  // namespace p1meter::daemon
