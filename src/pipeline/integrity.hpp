// SPDX-License-Identifier: Apache-2.0
// Pipeline: which telegrams are believed. Includes the pure rooms only.
#pragma once

#include <cstdint>

#include "p1meter/framing/framer.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Judges one meter's telegrams and remembers which checksum it sends.
///
/// A meter that has ever sent a good checksum owes one from then on, by the same rule: otherwise a
/// byte lost from the last line would turn a checked telegram into one without a check. The same
/// goes for authentication tags, which one flipped bit can hide: without one nothing of that meter
/// is used, whatever the mode. But they are not remembered across restarts and reloads, for another
/// meter comes with another key.
/// Source    DESIGN section 4, "integrity"
class IntegrityRule {
 public:
  enum class Verdict : std::uint8_t {
    checked,    // its checksum is good
    unchecked,  // it has none and owes none
    tolerated,  // bad, or without a checksum that it owes, and used because nothing is checked
    refused,    // not to be used
  };

  IntegrityRule(CrcMode mode, ChecksumRule pinned) : mode_{mode}, pinned_{pinned} {}

  /// Judges a decoded telegram (integrity, checksum, version and emucs are looked at). One whose
  /// checksum is good by another rule than the meter's becomes Integrity::bad.
  [[nodiscard]] Verdict judge(Telegram& telegram);

  /// The rule of the first good telegram; none before.
  [[nodiscard]] ChecksumRule pinned() const noexcept { return pinned_; }
  void set_mode(CrcMode mode) noexcept { mode_ = mode; }
  void forget_tags() noexcept { tagged_ = false; }

 private:
  [[nodiscard]] bool owes_checksum(const Telegram& telegram) const noexcept;

  CrcMode mode_;
  ChecksumRule pinned_;
  bool tagged_{};  // a right authentication tag has come
};

}  // namespace p1meter
