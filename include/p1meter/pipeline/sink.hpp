// SPDX-License-Identifier: Apache-2.0
// Pipeline: the stages joined. Includes the pure rooms only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "p1meter/limiting/limiter.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter {

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
  /// False for keys whose policy says publish: false.
  [[nodiscard]] virtual bool published(KeyId key) const = 0;
  [[nodiscard]] virtual bool online() const noexcept = 0;
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
  bool availability_changed{};        // meter.online() differs from the delivery before
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
