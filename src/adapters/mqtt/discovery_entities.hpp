// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the entities of Home Assistant: readings, events, and what tells of ourselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt/discovery.hpp"

namespace p1meter::mqtt {

/// The entity that shows a reading; nothing for readings that are not published, and for lists
/// (they are attributes of the reading that they belong to).
[[nodiscard]] std::optional<Entity> reading_entity(const DiscoveryContext& context,
                                                   const MeterView& meter, KeyId key,
                                                   const MeterTopics& topics, const std::string& id,
                                                   std::uint32_t expiry);

/// Events, whether telegrams arrive, and what the statistics say of the meter.
void add_meter_diagnostics(const DiscoveryContext& context, const MeterView& meter,
                           const MeterTopics& topics, const std::string& id,
                           std::vector<Entity>& entities);

/// What the statistics say of the program.
void add_program_diagnostics(const DiscoveryContext& context, const std::string& id,
                             std::vector<Entity>& entities);

}  // namespace p1meter::mqtt
