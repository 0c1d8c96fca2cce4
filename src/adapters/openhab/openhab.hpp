// SPDX-License-Identifier: Apache-2.0
// openHAB adapter: Things, Items and a sitemap for what is published.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/reading.hpp"

namespace p1meter::openhab {

/// One topic that holds one plain value.
struct Scalar {
  KeyInfo key{};
  std::string topic{};
  std::string time_topic{};  // of the value's own time; empty: it has none
};

struct Meter {
  std::string name{};
  std::string daemon_topic{};  // online or offline: is the daemon there; empty: not published
  std::string status_topic{};  // the same of the meter
  std::vector<Scalar> scalars{};
};

/// Where openHAB finds the values. The password is left to the user: these files are for everyone.
struct Broker {
  std::string host{};
  std::uint16_t port{};
  bool secure{};
  std::string username{};
};

struct Installation {
  Broker broker{};
  std::string online{"online"};
  std::string offline{"offline"};
  std::vector<Meter> meters{};
};

/// The files' content, UTF-8. `yaml` says the same as `things` and `items` in the form of openHAB
/// 5; use one or the other.
struct Files {
  std::string things{};
  std::string items{};
  std::string sitemap{};
  std::string yaml{};
};

/// The same files for the same installation, always.
/// Source    openHAB documentation: MQTT things and channels, items, units, semantic model, YAML
[[nodiscard]] Files write_files(const Installation& installation);

/// Whether a file's text begins as those do that write_files gives.
[[nodiscard]] bool is_ours(std::string_view text) noexcept;

}  // namespace p1meter::openhab
