// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: how one key is published.
#pragma once

#include <optional>
#include <utility>

#include "p1meter/values/reading.hpp"
#include "settings/settings.hpp"

namespace p1meter::mqtt {

/// How a key is published; what a rule does not say is as its class has it.
/// Owns      nothing
struct KeyStyle {
  const settings::TopicClass* kind{};
  const settings::Payload* payload{};
  const settings::ReadingStyle* own{};  // none: as all others

  [[nodiscard]] std::uint8_t qos() const noexcept {
    return static_cast<std::uint8_t>(own != nullptr ? own->qos.value_or(kind->qos) : kind->qos);
  }
  [[nodiscard]] bool retain() const noexcept {
    return own != nullptr ? own->retain.value_or(kind->retain) : kind->retain;
  }
  [[nodiscard]] const settings::Payload& says() const noexcept {
    return own != nullptr && own->payload ? *own->payload : *payload;
  }
  [[nodiscard]] std::optional<int> decimals() const noexcept {
    return own != nullptr ? own->decimals : std::nullopt;
  }
};

/// A number with at most so many decimals, half to even; everything else as it is.
[[nodiscard]] inline Value rounded(const Value& value, std::optional<int> decimals) noexcept {
  const auto* number = std::get_if<Decimal>(&value);
  if (number == nullptr || !decimals || number->exponent >= -*decimals) return value;
  const auto result = divide(*number, 1, static_cast<std::int8_t>(-*decimals));
  return result ? Value{*result} : value;
}

}  // namespace p1meter::mqtt
