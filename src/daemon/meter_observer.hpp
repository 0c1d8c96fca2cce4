// SPDX-License-Identifier: Apache-2.0
// Daemon: what the statistics and the log say about one meter's telegrams.
#pragma once

#include <optional>
#include <string>

#include "p1meter/pipeline/sink.hpp"

namespace p1meter::daemon {

/// What kind of meter this is, as its newest telegram shows it.
struct Detected {
  std::string identification{};
  std::string version{};
  std::string equipment_id{};
  Integrity integrity{Integrity::absent};
  ChecksumRule checksum{ChecksumRule::none};

  friend bool operator==(const Detected&, const Detected&) = default;
};

/// Watches a meter's deliveries and writes one log line when it comes, goes, or is another one.
class MeterObserver final : public Sink {
 public:
  void accept(const Delivery& delivery) override;

  [[nodiscard]] const std::optional<Detected>& detected() const noexcept { return detected_; }
  /// Meter's clock minus ours at the newest telegram; none without a meter clock.
  [[nodiscard]] std::optional<milliseconds> clock_offset() const noexcept { return clock_offset_; }

 private:
  void note_telegram(const Delivery& delivery);
  void note_problems(const Delivery& delivery) const;

  std::optional<Detected> detected_{};
  std::optional<milliseconds> clock_offset_{};
};

}  // namespace p1meter::daemon
