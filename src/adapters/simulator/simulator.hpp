// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: valid telegrams of a plausible household, seeded and repeatable. Shares no
// code with the decoder but checksums and value types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/links/link_machine.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter {

struct SimulatorProfile {
  std::string_view name{};         // [a-z0-9-]+
  std::string_view description{};  // one line
  milliseconds period{};           // the meter's own
  link::LineSettings line{};       // of its serial port
  // Test keys of what is encrypted, 32 hex digits; empty where there is none. They are no secret.
  std::string_view key{};
  std::string_view authentication_key{};
};
[[nodiscard]] std::span<const SimulatorProfile> simulator_profiles() noexcept;

/// What may be broken on purpose.
enum class SimulatorFault : std::uint8_t {
  none,
  crc,
  truncate,
  noise,
  no_crc,
  power_failure,
  gas_unset,
};
[[nodiscard]] std::optional<SimulatorFault> parse_simulator_fault(std::string_view name) noexcept;

/// Why a profile's telegrams cannot be broken in this way; empty when they can. The profile must
/// exist.
[[nodiscard]] std::string why_refused(std::string_view profile, SimulatorFault fault);

/// A number or an id in a telegram, in the meter's own resolution.
struct SimulatedValue {
  std::string obis{};
  std::string value{};  // exact decimal, or the text as sent
  std::string unit{};   // as unit_text writes it; empty for none
};

struct SimulatorOptions {
  std::string profile{"dsmr5"};
  std::uint64_t seed{1};
  Instant start{};
  std::optional<milliseconds> period{};        // none: the profile's
  SimulatorFault fault{SimulatorFault::none};  // applied to about one telegram in ten
  std::uint32_t number{0};  // distinguishes several simulated meters: changes the equipment id
};

class Simulator {
 public:
  /// The profile must exist.
  explicit Simulator(SimulatorOptions options);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator(Simulator&&) = delete;
  Simulator& operator=(const Simulator&) = delete;
  Simulator& operator=(Simulator&&) = delete;
  /// The next telegram, with its checksum, in all its frames. Borrowed until the next call.
  [[nodiscard]] std::string_view next();
  /// The instant of the telegram that next() gave last.
  [[nodiscard]] Instant time() const noexcept;
  [[nodiscard]] milliseconds period() const noexcept;
  /// What the telegram says that next() gave last, in its order.
  [[nodiscard]] std::vector<SimulatedValue> values() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace p1meter
