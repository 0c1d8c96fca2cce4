// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: a meter as a device of the Homie convention. Pure: no I/O, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/pipeline/sink.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// A name as an id: a to z, 0 to 9, and - between them. Names of such letters and single _ for the
/// - have ids of their own; what cannot be read back from the id gets a few digits behind it.
/// Source    Homie 4.0.0 and 5.0, "Topic IDs"
[[nodiscard]] std::string homie_id(std::string_view name);

/// The id of a meter's device: "p1meter-home". It follows from the two names alone, whatever other
/// meters there are, and no two meters under one base topic have the same. What an id cannot spell
/// is written as a hyphen and two hexadecimal digits, after a second hyphen that says so: meter_2
/// is "p1meter--meter-5f2".
[[nodiscard]] std::string homie_device_id(std::string_view base_topic, std::string_view meter);

/// Where a device's topics begin: "homie/ID", or "homie/5/ID".
[[nodiscard]] std::string homie_root(const settings::HomieSettings& settings, std::string_view id);
/// The root that a topic of either version lies below.
[[nodiscard]] std::string_view homie_root_of(std::string_view topic) noexcept;

struct HomieProperty {
  std::string id{};
  std::string name{};
  std::string_view datatype{};
  std::string_view format{};  // empty: none
  std::string_view unit{};    // likewise

  friend bool operator==(const HomieProperty&, const HomieProperty&) = default;
};

struct HomieNode {
  std::string id{};
  std::string name{};
  std::vector<HomieProperty> properties{};

  friend bool operator==(const HomieNode&, const HomieNode&) = default;
};

struct HomieDevice {
  std::string name{};
  std::vector<HomieNode> nodes{};  // the electricity meter and each M-Bus device

  friend bool operator==(const HomieDevice&, const HomieDevice&) = default;
};

/// Below the root: where a key's value stands, "gas/gas-volume".
[[nodiscard]] std::string homie_value_topic(const KeyInfo& key);
/// Likewise its own time; empty when the meter has a key of that name.
[[nodiscard]] std::string homie_time_topic(const KeyInfo& key, const KeyCatalogue& keys);

/// The keys that are published. `has_time`: whether a key comes with a time of its own.
[[nodiscard]] HomieDevice homie_device(const MeterView& meter, settings::HomieVersion version,
                                       const std::function<bool(KeyId)>& has_time);

/// What is published below the root to describe a device, in order: topic and payload.
using HomieAttributes = std::vector<std::pair<std::string, std::string>>;
/// `stamp`: the description's version, greater than that of the one before; version 5 only.
[[nodiscard]] HomieAttributes homie_attributes(const HomieDevice& device,
                                               settings::HomieVersion version, std::int64_t stamp);

/// A value as a property's payload; empty where there is none, or none that its datatype allows.
[[nodiscard]] std::string homie_value(const Value& value, const KeyInfo& key,
                                      settings::HomieVersion version);

}  // namespace p1meter::mqtt
