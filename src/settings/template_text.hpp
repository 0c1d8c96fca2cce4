// SPDX-License-Identifier: Apache-2.0
// Settings: texts with placeholders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/result.hpp"
#include "settings/templates.hpp"

namespace p1meter::settings {

/// Where a template stands: it decides which placeholders there are.
enum class TemplateScope : std::uint8_t {
  daemon_topic,      // {base}
  meter_topic,       // and {meter} {equipment_id}
  key_topic,         // and {key} {topic} {device} {obis}
  own_topic,         // the option `topic` of a reading: the same without {topic}
  statistics_topic,  // {base} {meter} {hostname} {client_id}
  reading,           // payloads of keys, and of lists about the state
  state,             // other payloads about the state
  statistics,        // payloads about p1meter itself
};

/// The names that only the configuration knows. Called when a name is none of the fixed ones.
struct TemplateNames {
  std::vector<std::string> fields{};                            // of the readings
  std::function<std::vector<std::string_view>()> keys_known{};  // what a state may hold

  [[nodiscard]] std::vector<std::string_view> keys() const {
    return keys_known ? keys_known() : std::vector<std::string_view>{};
  }
};

struct TemplateFault {
  std::size_t offset{};  // in bytes, of the brace that is wrong
  std::string message{};
};

/// Reads a text with placeholders.
///
/// Grammar   template = { character | "{{" | "}}" | "{" name [ ":" form ] "}" }
/// Errors    where the first fault is and what would be right
[[nodiscard]] Result<TextTemplate, TemplateFault> parse_template(std::string_view text,
                                                                 TemplateScope scope,
                                                                 const TemplateNames& names = {});

/// The option `topic` of a reading as a template. What is none stands for itself: such an option
/// can only come from keys that were remembered under another configuration.
[[nodiscard]] TextTemplate own_topic_template(std::string_view option);

/// The names that fields of readings cannot have, for they are placeholders already.
[[nodiscard]] bool is_placeholder_of_readings(std::string_view name);

/// What is wrong with a template as a topic, or nothing: the rules of check_topic() for its texts.
[[nodiscard]] std::string check_topic_template(const TextTemplate& topic);

}  // namespace p1meter::settings
