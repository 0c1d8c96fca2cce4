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
/// byte lost from the last line would turn a checked telegram into one without a check. Three good
/// ones in a row by the other rule, with no bad one between, are another meter's. A ciphered text
/// without a tag that was checked has nothing but its checksum either.
///
/// What protects a telegram beyond its own checksum is owed in the same way: the frame of a link
/// layer, the cipher, the authentication tag. Damage to a frame's first bytes makes an envelope
/// look bare, and one flipped bit hides a tag. These are not remembered across restarts and
/// reloads, for another meter comes with another cable or key.
/// Source    docs/meters.md, "What is found by itself"
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
  /// Forgets what protection the meter has shown: other keys can mean another meter.
  void forget_protection() noexcept { owed_ = {}; }

 private:
  /// What stood between the meter and a telegram that could be believed.
  struct Protection {
    bool link{};  // HDLC or M-Bus, whose checks were right
    bool cipher{};
    bool tag{};
  };
  [[nodiscard]] static Protection protection_of(const Telegram& telegram) noexcept;
  [[nodiscard]] bool lacks_protection(const Protection& shown) const noexcept;
  [[nodiscard]] bool fits_rule(ChecksumRule rule) noexcept;
  [[nodiscard]] bool owes_checksum(const Telegram& telegram) const noexcept;

  CrcMode mode_;
  ChecksumRule pinned_;
  Protection owed_{};
  int others_{};  // good telegrams in a row by another rule than the pinned one
};

}  // namespace p1meter
