// SPDX-License-Identifier: Apache-2.0
// Daemon: what the statistics and the log say about one meter's telegrams.
#pragma once

#include <optional>
#include <string>

#include "p1meter/pipeline/meter_pipeline.hpp"
#include "p1meter/pipeline/sink.hpp"

namespace p1meter::daemon {

/// What kind of meter this is, as its telegrams show it. Some meters send several lists in turn,
/// and name themselves in some of them only: what is empty in the newest is as it was last stated.
struct Detected {
  std::string identification{};
  std::string version{};
  std::string equipment_id{};
  std::string profile{};  // whose dialect: "belgium-emucs"
  Protocol protocol{Protocol::dsmr};
  Link link{Link::none};
  bool encrypted{};
  Integrity integrity{Integrity::absent};
  ChecksumRule checksum{ChecksumRule::none};

  friend bool operator==(const Detected&, const Detected&) = default;
};

/// Watches a meter's deliveries and writes one log line when it comes, goes, or is another one.
class MeterObserver final : public Sink {
 public:
  void accept(const Delivery& delivery) override;
  /// Says once when telegrams cannot be deciphered, and what to do about it.
  void note_ciphering(const MeterPipeline& pipeline);

  [[nodiscard]] const std::optional<Detected>& detected() const noexcept { return detected_; }
  /// Meter's clock minus ours at the newest telegram; none without a meter clock.
  [[nodiscard]] std::optional<milliseconds> clock_offset() const noexcept { return clock_offset_; }

 private:
  /// Takes over what a telegram states. Gives whether that is news for the log.
  bool learn(const Telegram& telegram, const MappedTelegram& mapped);
  void log_detected(std::string_view meter) const;
  void note_telegram(const Delivery& delivery);
  void note_problems(const Delivery& delivery) const;

  std::optional<Detected> detected_{};
  std::optional<milliseconds> clock_offset_{};
  std::optional<ProblemCode> cipher_fault_{};
  bool counter_fall_told_{};
};

}  // namespace p1meter::daemon
