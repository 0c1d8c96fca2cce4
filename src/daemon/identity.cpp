// SPDX-License-Identifier: Apache-2.0
// Daemon: who this process is to a broker.
#include "daemon/identity.hpp"

#include <fstream>

#include "adapters/mqtt/homie_sink.hpp"
#include "settings/own_topics.hpp"

namespace p1meter::daemon {
namespace {

/// A machine without the file shares its (empty) id with others like it; its configuration still
/// tells them apart.
std::string machine_id() {
  std::ifstream file{"/etc/machine-id"};
  std::string id;
  std::getline(file, id);
  return id;
}

std::string commands_of(std::string_view base_topic) {
  return settings::own_topic(base_topic, settings::own_level::set) + "/+";
}

}  // namespace

mqtt::Identity make_identity(const settings::Settings& all,
                             const std::filesystem::path& configuration, std::string_view role,
                             Realm realm) {
  const settings::MqttSettings& settings = all.mqtt;
  const bool test = realm == Realm::test || realm == Realm::test_sweep;
  mqtt::Identity identity;
  identity.base_topic = settings.base_topic + (test ? "-test" : "");
  identity.daemon_topics = realm == Realm::live || realm == Realm::test;
  const bool configured = !settings.client_id.empty() && realm == Realm::live;
  identity.client_id = configured ? settings.client_id
                                  : mqtt::derive_client_id(machine_id(), configuration.string(),
                                                           identity.base_topic, role);
  identity.version = P1METER_VERSION;
  if (settings.remote_control && identity.daemon_topics)
    identity.subscriptions.push_back(commands_of(identity.base_topic));
  if (realm == Realm::live) {
    identity.home_assistant = all.home_assistant;
    const bool told = all.home_assistant.discovery != settings::Discovery::off;
    if (told && !all.home_assistant.birth_topic.empty())
      identity.subscriptions.push_back(all.home_assistant.birth_topic);
  }
  return identity;
}

mqtt::Identity make_homie_identity(const settings::Settings& all,
                                   const std::filesystem::path& configuration,
                                   std::string_view root) {
  mqtt::Identity identity;
  identity.base_topic = root;
  identity.daemon_topics = false;
  identity.client_id = mqtt::derive_client_id(machine_id(), configuration.string(),
                                              all.mqtt.base_topic, "homie " + identity.base_topic);
  identity.presence = mqtt::homie_presence(root);
  return identity;
}

}  // namespace p1meter::daemon
