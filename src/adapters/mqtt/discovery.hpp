// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what Home Assistant is told of meters and of this program. Pure: no I/O, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/mqtt/topics.hpp"
#include "p1meter/pipeline/sink.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// One entity of a device.
struct Entity {
  std::string platform{};  // "sensor", "binary_sensor", "event", "update"
  std::string object{};    // what it shows, in its device: "power_import"
  nlohmann::ordered_json config{};
};

/// One device with its entities. Device discovery announces it with one message, the older form
/// with one message for each entity.
struct DiscoveredDevice {
  std::string id{};  // "p1meter_0123456789ab": its identifier, and a level of the topics
  nlohmann::ordered_json device{};
  nlohmann::ordered_json availability{};  // list; empty: not told
  std::vector<Entity> entities{};
};

/// A message of discovery.
struct ConfigMessage {
  std::string topic{};
  std::string payload{};
  std::vector<std::string> components{};  // device form: "sensor power_import"; else empty
};

/// What is the same for all devices of one connection.
struct DiscoveryContext {
  settings::HomeAssistantSettings home_assistant{};
  const settings::MqttSettings& mqtt;
  std::string base_topic{};
  std::string version{};  // of this program
  bool update_known{};    // the statistics tell the newest version, or did

  [[nodiscard]] std::string status_topic() const;
  [[nodiscard]] std::string statistics_topic() const;
  /// An entry of an availability list.
  [[nodiscard]] nlohmann::ordered_json availability(std::string_view topic) const;
};

/// The identifier of a meter's device: from its equipment id, else from its configured name.
/// `shared`: another meter has this equipment id too.
[[nodiscard]] std::string device_id(std::string_view equipment_id, std::string_view meter,
                                    bool shared = false);
/// What people call a device: "Gas meter 2", "M-Bus device"; with the meter's name behind it unless
/// that is the one that nobody chose.
[[nodiscard]] std::string kind_name(const DeviceRef& device);
[[nodiscard]] std::string device_name(std::string_view kind, std::string_view meter);
[[nodiscard]] std::string program_id(std::string_view base_topic);

/// After how many seconds without a state message a meter's entities are unavailable: five times
/// the shortest guaranteed spacing, at least 60; 0: no key guarantees any.
[[nodiscard]] std::uint32_t expire_after(const MeterView& meter);
/// The same for one key: its own spacing counts. By key; for those that are momentary, 0 for
/// others.
[[nodiscard]] std::vector<std::uint32_t> expiries_of_keys(const MeterView& meter);

/// The meter itself first, then its M-Bus devices.
[[nodiscard]] std::vector<DiscoveredDevice> discover_meter(const DiscoveryContext& context,
                                                           const MeterView& meter,
                                                           const MeterTopics& topics,
                                                           const std::string& id,
                                                           std::uint32_t expiry);
[[nodiscard]] DiscoveredDevice discover_program(const DiscoveryContext& context);

/// The device's messages in the configured form.
[[nodiscard]] std::vector<ConfigMessage> config_messages(const DiscoveryContext& context,
                                                         const DiscoveredDevice& device);
/// The payload of a device's one message, with components that are to go, as
/// ConfigMessage::components names them.
[[nodiscard]] std::string with_removed(const std::string& payload,
                                       const std::vector<std::string>& removed);

/// The topic of a device's one message.
[[nodiscard]] std::string device_topic(const DiscoveryContext& context, std::string_view id);

}  // namespace p1meter::mqtt
