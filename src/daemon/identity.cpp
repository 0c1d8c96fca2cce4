// SPDX-License-Identifier: Apache-2.0
// Daemon: who this process is to a broker.
#include "daemon/identity.hpp"

#include <fstream>

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

}  // namespace

mqtt::Identity make_identity(const settings::MqttSettings& settings,
                             const std::filesystem::path& configuration, std::string_view role,
                             Realm realm) {
  const bool test = realm == Realm::test || realm == Realm::test_sweep;
  mqtt::Identity identity;
  identity.base_topic = settings.base_topic + (test ? "-test" : "");
  identity.daemon_topics = realm == Realm::live || realm == Realm::test;
  const bool configured = !settings.client_id.empty() && realm == Realm::live;
  identity.client_id = configured ? settings.client_id
                                  : mqtt::derive_client_id(machine_id(), configuration.string(),
                                                           identity.base_topic, role);
  return identity;
}

}  // namespace p1meter::daemon
