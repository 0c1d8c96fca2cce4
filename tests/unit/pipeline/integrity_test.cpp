// SPDX-License-Identifier: Apache-2.0
// Pipeline: which telegrams are believed.
#include "pipeline/integrity.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

using Verdict = IntegrityRule::Verdict;

Telegram good(ChecksumRule rule = ChecksumRule::arc) {
  Telegram telegram;
  telegram.integrity = Integrity::ok;
  telegram.checksum = rule;
  return telegram;
}

Telegram without_checksum(std::string_view version = "", bool emucs = false) {
  Telegram telegram;
  telegram.integrity = Integrity::absent;
  telegram.version = version;
  telegram.emucs = emucs;
  return telegram;
}

Telegram bad() {
  Telegram telegram;
  telegram.integrity = Integrity::bad;
  return telegram;
}

Verdict judge(IntegrityRule& rule, Telegram telegram) { return rule.judge(telegram); }

TEST(AnIntegrityRule, believes_an_old_meter_without_a_checksum) {
  IntegrityRule rule{CrcMode::automatic, ChecksumRule::none};

  EXPECT_EQ(judge(rule, without_checksum()), Verdict::unchecked);
  EXPECT_EQ(judge(rule, without_checksum("30")), Verdict::unchecked);
  EXPECT_EQ(judge(rule, without_checksum("39")), Verdict::unchecked);
  EXPECT_EQ(rule.pinned(), ChecksumRule::none);
}

TEST(AnIntegrityRule, refuses_a_missing_checksum_where_the_version_owes_one) {
  IntegrityRule rule{CrcMode::automatic, ChecksumRule::none};

  EXPECT_EQ(judge(rule, without_checksum("40")), Verdict::refused);
  EXPECT_EQ(judge(rule, without_checksum("50")), Verdict::refused);
  EXPECT_EQ(judge(rule, without_checksum("50217", true)), Verdict::refused);
  EXPECT_EQ(judge(rule, without_checksum("", true)), Verdict::refused);
}

TEST(AnIntegrityRule, refuses_a_missing_checksum_from_a_meter_that_has_sent_one) {
  IntegrityRule rule{CrcMode::automatic, ChecksumRule::none};

  EXPECT_EQ(judge(rule, without_checksum()), Verdict::unchecked);
  EXPECT_EQ(judge(rule, good()), Verdict::checked);
  EXPECT_EQ(judge(rule, without_checksum()), Verdict::refused);
  IntegrityRule after_restart{CrcMode::automatic, rule.pinned()};
  EXPECT_EQ(judge(after_restart, without_checksum()), Verdict::refused);
}

TEST(AnIntegrityRule, takes_another_checksum_rule_than_the_first_for_a_bad_one) {
  IntegrityRule rule{CrcMode::automatic, ChecksumRule::none};
  EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::checked);

  Telegram other = good(ChecksumRule::arc);

  EXPECT_EQ(rule.judge(other), Verdict::refused);
  EXPECT_EQ(other.integrity, Integrity::bad);
  EXPECT_EQ(rule.pinned(), ChecksumRule::x25);
  EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::checked);
}

TEST(AnIntegrityRule, takes_three_in_a_row_by_another_rule_for_another_meter) {
  IntegrityRule rule{CrcMode::automatic, ChecksumRule::arc};

  EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::refused);
  EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::refused);
  EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::checked);

  EXPECT_EQ(rule.pinned(), ChecksumRule::x25);
  EXPECT_EQ(judge(rule, good(ChecksumRule::arc)), Verdict::refused);
}

TEST(AnIntegrityRule, takes_no_other_rule_that_fits_only_now_and_then) {
  for (const Telegram& between : {good(ChecksumRule::arc), bad(), without_checksum()}) {
    IntegrityRule rule{CrcMode::automatic, ChecksumRule::arc};
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::refused);
      EXPECT_EQ(judge(rule, good(ChecksumRule::x25)), Verdict::refused);
      static_cast<void>(judge(rule, between));
    }
    EXPECT_EQ(rule.pinned(), ChecksumRule::arc);
  }
}

TEST(AnIntegrityRule, refuses_a_bad_checksum_at_once) {
  for (const CrcMode mode : {CrcMode::automatic, CrcMode::strict}) {
    IntegrityRule rule{mode, ChecksumRule::none};
    EXPECT_EQ(judge(rule, bad()), Verdict::refused);
    EXPECT_EQ(rule.pinned(), ChecksumRule::none);
  }
}

TEST(AnIntegrityRule, is_strict_when_told_so) {
  IntegrityRule rule{CrcMode::strict, ChecksumRule::none};

  EXPECT_EQ(judge(rule, without_checksum()), Verdict::refused);
  EXPECT_EQ(judge(rule, good()), Verdict::checked);
}

TEST(AnIntegrityRule, tolerates_what_it_would_refuse_when_switched_off) {
  IntegrityRule rule{CrcMode::off, ChecksumRule::none};

  EXPECT_EQ(judge(rule, bad()), Verdict::tolerated);
  EXPECT_EQ(judge(rule, without_checksum("50")), Verdict::tolerated);
  EXPECT_EQ(judge(rule, without_checksum("22")), Verdict::unchecked);
  EXPECT_EQ(judge(rule, good()), Verdict::checked);
  EXPECT_EQ(judge(rule, without_checksum("22")), Verdict::tolerated);
  rule.set_mode(CrcMode::automatic);
  EXPECT_EQ(judge(rule, bad()), Verdict::refused);
}

}  // namespace
}  // namespace p1meter
