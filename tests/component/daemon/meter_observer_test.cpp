// SPDX-License-Identifier: Apache-2.0
// What the statistics show of a meter that sends different lists in turn.
#include "daemon/meter_observer.hpp"

#include <cstdio>
#include <gtest/gtest.h>

#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

class SomeMeter final : public MeterView {
 public:
  // The log counts what repeats by the meter's name, over all tests of the process.
  [[nodiscard]] std::string_view name() const noexcept override {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  [[nodiscard]] const KeyCatalogue& keys() const noexcept override { return keys_; }
  [[nodiscard]] std::optional<DueReading> current(KeyId /*key*/) const override { return {}; }
  [[nodiscard]] bool published(KeyId /*key*/) const override { return true; }
  [[nodiscard]] bool online() const noexcept override { return true; }
  [[nodiscard]] std::optional<MeterTime> state_time() const override { return {}; }
  [[nodiscard]] std::optional<Instant> state_received() const override { return {}; }
  [[nodiscard]] const LimitPolicy& policy(KeyId /*key*/) const override { return policy_; }
  [[nodiscard]] Nameplate nameplate() const override { return {}; }
  [[nodiscard]] std::string_view equipment_id() const noexcept override { return {}; }

 private:
  LimitPolicy policy_{};
  KeyCatalogue keys_{};
};

class AMeterObserver : public testing::Test {
 protected:
  Detected after(std::string_view identification, std::string_view id, std::string_view profile,
                 bool meter_changed = false) {
    Telegram telegram;
    telegram.protocol = Protocol::dlms;
    telegram.identification = identification;
    const MappedTelegram mapped{
        .equipment_id = id, .meter_changed = meter_changed, .profile = profile};
    observer_.accept({.meter = meter_, .telegram = &telegram, .mapped = &mapped});
    return observer_.detected().value();
  }
  /// What accepting a telegram writes to the log.
  std::string log_of(std::string_view identification, std::string_view id,
                     std::string_view profile) {
    std::fflush(stderr);
    testing::internal::CaptureStderr();
    log::open(log::Level::info);
    after(identification, id, profile);
    return testing::internal::GetCapturedStderr();
  }

 private:
  SomeMeter meter_{};
  MeterObserver observer_{};
};

TEST_F(AMeterObserver, keeps_what_a_list_leaves_out) {
  EXPECT_EQ(after("", "", "unknown").profile, "unknown");
  const Detected named = after("AIDON_V0001", "73599", "norway");
  EXPECT_EQ(named.identification, "AIDON_V0001");
  EXPECT_EQ(named.equipment_id, "73599");
  EXPECT_EQ(named.profile, "norway");
  EXPECT_EQ(after("", "", "unknown"), named);
}

TEST_F(AMeterObserver, notices_another_profile_alone) {
  after("", "73599", "austria");
  EXPECT_EQ(after("", "73599", "slovenia").profile, "slovenia");
}

TEST_F(AMeterObserver, keeps_nothing_of_another_meter) {
  after("AIDON_V0001", "73599", "norway");
  const Detected other = after("", "73600", "unknown", true);
  EXPECT_EQ(other.identification, "");
  EXPECT_EQ(other.equipment_id, "73600");
  EXPECT_EQ(other.profile, "unknown");
}

TEST_F(AMeterObserver, logs_each_kind_of_meter_that_it_turns_out_to_be_once) {
  const auto says = [](const std::string& log, std::string_view part) {
    return log.find("this meter sends") != std::string::npos && log.find(part) != std::string::npos;
  };
  EXPECT_TRUE(says(log_of("", "", "unknown"), "profile=unknown"));
  EXPECT_EQ(log_of("", "", "unknown"), "");
  EXPECT_TRUE(says(log_of("AIDON_V0001", "73599", "norway"), "profile=norway"))
      << "also seconds later";
  EXPECT_EQ(log_of("", "", "unknown"), "");
  EXPECT_EQ(log_of("AIDON_V0001", "73599", "norway"), "");
  for (int damaged = 0; damaged < 10; ++damaged) {
    EXPECT_EQ(log_of("AIDON_" + std::to_string(damaged), "73599", "norway"), "");
  }
  EXPECT_TRUE(says(log_of("AIDON_9", "73599", "sweden"), "profile=sweden"));
}

}  // namespace
}  // namespace p1meter::daemon
