// SPDX-License-Identifier: Apache-2.0
// Daemon: which keys a meter publishes, from what is remembered of it or from its next telegram.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"

namespace p1meter::daemon {

/// A key that is published, as these settings name it.
struct ShownKey {
  KeyInfo info{};
  bool has_time{};  // values come with times of their own
};

/// What a meter has shown of itself.
struct ShownMeter {
  std::vector<ShownKey> keys{};  // without those with `publish: false`
  std::string equipment_id{};    // empty: it has shown none
  bool has_registers{};          // energies or volumes, published or not
};

/// What an earlier run remembered.
[[nodiscard]] ShownMeter remembered_meter(const settings::Settings& settings,
                                          const settings::MeterSettings& meter, MeterMemory memory);

/// What the first telegram that is believed shows; nothing when none comes in time. Publishes
/// nothing and stores nothing.
[[nodiscard]] std::optional<ShownMeter> first_telegram_of(const settings::Settings& settings,
                                                          const settings::MeterSettings& meter,
                                                          milliseconds patience);

}  // namespace p1meter::daemon
