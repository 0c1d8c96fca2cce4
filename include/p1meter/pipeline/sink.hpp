// SPDX-License-Identifier: Apache-2.0
// Pipeline: the stages joined. Includes the pure rooms only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/limiting/limiter.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter {

/// What a meter says of itself, remembered across restarts.
struct Nameplate {
  std::string equipment_id{};    // empty: it sends none, or none has come yet
  std::string identification{};  // "ISK5\\2M550T-1012", "AIDON_V0001"
  std::string version{};         // of its telegrams: "50"
  std::vector<std::pair<DeviceRef, std::string>> devices{};  // equipment ids of M-Bus devices
  milliseconds period{};                                     // between telegrams; 0: not known yet
};

/// Something that happened at a meter, as its telegrams show it.
struct MeterEvent {
  enum class Type : std::uint8_t {
    power_failure,
    long_power_failure,
    text_message,
    breaker_moved,
    valve_moved,
    meter_replaced,  // of the electricity meter (key equipment_id) or of an M-Bus device
  };
  Type type{};
  std::string key{};       // the reading that shows it: "power_failures", "gas_valve_position"
  OwnedValue value{};      // as it is now
  std::string previous{};  // what it was, as text; empty when that is not known
};
[[nodiscard]] std::string_view event_name(MeterEvent::Type type) noexcept;  // "power_failure"

/// Answers questions about one meter that a sink may have while it accepts a delivery.
class MeterView {
 public:
  MeterView() = default;
  virtual ~MeterView() = default;
  MeterView(const MeterView&) = delete;
  MeterView(MeterView&&) = delete;
  MeterView& operator=(const MeterView&) = delete;
  MeterView& operator=(MeterView&&) = delete;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual const KeyCatalogue& keys() const noexcept = 0;
  /// Last output of a key, or nothing before the first and after the key has gone stale (then it is
  /// null to readers).
  [[nodiscard]] virtual std::optional<DueReading> current(KeyId key) const = 0;
  /// False for keys whose policy says publish: false, and for those that only the meter has sent
  /// that stood here before: until this one sends them, too.
  [[nodiscard]] virtual bool published(KeyId key) const = 0;
  [[nodiscard]] virtual bool online() const noexcept = 0;
  /// How often the key is published.
  [[nodiscard]] virtual const LimitPolicy& policy(KeyId key) const = 0;
  [[nodiscard]] virtual Nameplate nameplate() const = 0;
  /// Nameplate::equipment_id, for those who ask often.
  [[nodiscard]] virtual std::string_view equipment_id() const noexcept = 0;
  /// The meter's time of the newest telegram that has an output in the state; none without clock or
  /// zone.
  [[nodiscard]] virtual std::optional<MeterTime> state_time() const = 0;
  /// Our receive time of that telegram.
  [[nodiscard]] virtual std::optional<Instant> state_received() const = 0;
};

/// What happened to one meter: one telegram, one timer instant, or a change of its availability.
/// Owns      everything is borrowed for the duration of accept
struct Delivery {
  const MeterView& meter;
  Moment now{};
  const Telegram* telegram{};         // the telegram that caused it; none for timers
  const MappedTelegram* mapped{};     // all its readings, limits not applied; none for timers
  std::span<const DueReading> due{};  // the batch that the limits let out; may be empty
  std::span<const KeyId> gone{};      // keys that became null now
  std::span<const MeterEvent> events{};
  bool availability_changed{};  // meter.online() differs from the delivery before
};

/// The one virtual seam of the data path: whoever consumes readings.
class Sink {
 public:
  Sink() = default;
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink(Sink&&) = delete;
  Sink& operator=(const Sink&) = delete;
  Sink& operator=(Sink&&) = delete;

  /// Returns at once; what can block stands behind the sink's own bounded queue, whose drops it
  /// counts.
  virtual void accept(const Delivery& delivery) = 0;
};

}  // namespace p1meter
