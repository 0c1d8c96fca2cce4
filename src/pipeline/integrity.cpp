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

}  // namespace

IntegrityRule::Verdict IntegrityRule::judge(Telegram& telegram) {
  const Protection shown = protection_of(telegram);
  if (lacks_protection(shown)) return Verdict::refused;
  if (telegram.integrity == Integrity::ok) {
    // What a link layer or a tag has checked needs no checksum of its own.
    const bool vouched_for = telegram.protocol == Protocol::dlms || shown.link || shown.tag;
    if (vouched_for || fits_rule(telegram.checksum)) {
      owed_ = {owed_.link || shown.link, owed_.cipher || shown.cipher, owed_.tag || shown.tag};
      return Verdict::checked;
    }
    telegram.integrity = Integrity::bad;
  } else {
    others_ = 0;  // on a bad line chance fits the other rule again and again, but never in a row
  }
  // A wrong tag can mean a forged telegram, and nothing vouches for an envelope without tag, link
  // and checksum: a wrong key or a flipped bit gives other values.
  if (telegram.ciphering) {
    const bool asked_for = mode_ == CrcMode::off && telegram.integrity == Integrity::absent;
    return asked_for ? Verdict::tolerated : Verdict::refused;
  }
  if (telegram.integrity == Integrity::absent && !owes_checksum(telegram)) {
    return Verdict::unchecked;
  }
  return mode_ == CrcMode::off ? Verdict::tolerated : Verdict::refused;
}

IntegrityRule::Protection IntegrityRule::protection_of(const Telegram& telegram) noexcept {
  return {.link = telegram.link != Link::none,
          .cipher = telegram.encrypted,
          .tag = telegram.ciphering && telegram.ciphering->authenticated};
}

bool IntegrityRule::lacks_protection(const Protection& shown) const noexcept {
  return (owed_.link && !shown.link) || (owed_.cipher && !shown.cipher) ||
         (owed_.tag && !shown.tag);
}

/// The first good telegram pins the rule.
bool IntegrityRule::fits_rule(ChecksumRule rule) noexcept {
  constexpr int enough = 3;
  if (rule != pinned_ && pinned_ != ChecksumRule::none && ++others_ < enough) return false;
  pinned_ = rule;
  others_ = 0;
  return true;
}

bool IntegrityRule::owes_checksum(const Telegram& telegram) const noexcept {
  return mode_ == CrcMode::strict || pinned_ != ChecksumRule::none || telegram.emucs ||
         version_number(telegram.version) >= first_version_with_checksum;
}

}  // namespace p1meter
