// SPDX-License-Identifier: Apache-2.0
// Pipeline: which telegrams are believed.
#include "pipeline/integrity.hpp"

#include <charconv>

namespace p1meter {
namespace {

constexpr int first_version_with_checksum = 40;

/// The number that a version begins with, 0 when it begins with none: "50" -> 50.
int version_number(std::string_view version) noexcept {
  int number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

bool has_tag(const Telegram& telegram) noexcept {
  constexpr std::uint8_t authenticated = 0x10;
  return telegram.ciphering && (telegram.ciphering->security & authenticated) != 0;
}

}  // namespace

IntegrityRule::Verdict IntegrityRule::judge(Telegram& telegram) {
  // The checks of links and texts need no key: they do not stand in for a tag.
  if (tagged_ && telegram.ciphering && !has_tag(telegram)) return Verdict::refused;
  // What a link layer or a tag has checked needs no checksum of its own.
  const bool link_checked = telegram.protocol == Protocol::dlms || telegram.link != Link::none;
  if (telegram.integrity == Integrity::ok && (link_checked || telegram.ciphering)) {
    tagged_ = tagged_ || has_tag(telegram);
    return Verdict::checked;
  }
  // A wrong tag can mean a forged telegram: only verify_tag lets it pass.
  if (telegram.integrity == Integrity::bad && telegram.ciphering) return Verdict::refused;
  if (telegram.integrity == Integrity::ok) {
    if (pinned_ == ChecksumRule::none) pinned_ = telegram.checksum;
    if (telegram.checksum == pinned_) return Verdict::checked;
    telegram.integrity = Integrity::bad;
  }
  if (telegram.integrity == Integrity::absent && !owes_checksum(telegram)) {
    return Verdict::unchecked;
  }
  return mode_ == CrcMode::off ? Verdict::tolerated : Verdict::refused;
}

bool IntegrityRule::owes_checksum(const Telegram& telegram) const noexcept {
  return mode_ == CrcMode::strict || pinned_ != ChecksumRule::none || telegram.emucs ||
         version_number(telegram.version) >= first_version_with_checksum;
}

}  // namespace p1meter
