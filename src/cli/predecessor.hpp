// SPDX-License-Identifier: Apache-2.0
// CLI: the configuration of the Python programs that p1meter succeeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/obis.hpp"
#include "settings/fault_list.hpp"

namespace p1meter::cli {

/// One entry under `obis`: what becomes of one code.
struct PredecessorReading {
  Obis code{};
  std::string code_text{};
  std::string description{};
  bool publish{};
  std::string topic{};  // below the base
  std::optional<std::uint32_t> average{};
  std::optional<std::uint32_t> count{};
  std::uint32_t value_field{1};  // which bracket group holds the value
  settings::Place place{};
};

/// The YAML file of Mosibi/p1-smartmeter and tribp/DSMR-Fluvius-MQTT-Openhab.
struct PredecessorConfig {
  bool debug{};
  std::string username{};
  std::string password{};
  settings::Place password_place{};
  std::string host{};  // empty: none is named
  std::string base_topic{};
  std::string device{};
  std::uint32_t baud{115200};
  std::vector<PredecessorReading> readings{};
};

/// Reads and checks such a file. Faults are added to `faults`; what was read then is incomplete.
[[nodiscard]] PredecessorConfig read_predecessor(std::string_view yaml,
                                                 settings::FaultList& faults);

/// The same as a configuration of ours, with comments on what changed. What cannot be carried over
/// is added to `faults` as a warning, and left out.
[[nodiscard]] std::string convert_predecessor(const PredecessorConfig& config,
                                              settings::FaultList& faults);

}  // namespace p1meter::cli
