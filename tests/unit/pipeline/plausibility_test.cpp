// SPDX-License-Identifier: Apache-2.0
// Pipeline: registers that arrive without a checksum.
#include "pipeline/plausibility.hpp"

#include <gtest/gtest.h>
#include <string>

namespace p1meter {
namespace {

/// A meter that sends a telegram every ten seconds. `send` gives the keys that were held back.
class Meter {
 public:
  Meter() {
    add("energy_import_tariff1", ReadingKind::cumulative, Unit::kilowatt_hour);
    add("energy_import_total", ReadingKind::cumulative, Unit::kilowatt_hour, true);
    add("energy_export_tariff1", ReadingKind::cumulative, Unit::kilowatt_hour);
    add("gas_volume", ReadingKind::cumulative, Unit::cubic_metre);
    add("power_failures", ReadingKind::counter, Unit::none);
    add("power_import", ReadingKind::instantaneous, Unit::kilowatt);
    add("fuse_limit_l1", ReadingKind::setting, Unit::ampere);
    add("fuse_limit_l2", ReadingKind::setting, Unit::ampere);
    add("limiter_power", ReadingKind::setting, Unit::kilowatt);
    add("limiter_current", ReadingKind::setting, Unit::ampere);
    add("voltage_l1", ReadingKind::instantaneous, Unit::volt);
    add("equipment_id", ReadingKind::info, Unit::none);
  }

  Meter& with(std::string_view key, std::string_view digits) {
    const KeyId id = *keys_.find(key);
    telegram_.push_back({.key = id,
                         .value = *parse_decimal(digits),
                         .unit = keys_[id].unit,
                         .channel = static_cast<std::uint8_t>(key == "gas_volume" ? 1 : 0)});
    return *this;
  }
  std::vector<std::string> send(milliseconds later = seconds{10}) {
    now_ += later;
    const auto sieved = plausibility_.sieve(keys_, telegram_, now_);
    std::vector<std::string> held;
    for (const Reading& reading : sieved.held) held.push_back(keys_[reading.key].key);
    EXPECT_EQ(sieved.kept.size() + sieved.held.size(), telegram_.size());
    telegram_.clear();
    return held;
  }
  std::vector<std::string> import(std::string_view digits, milliseconds later = seconds{10}) {
    return with("energy_import_tariff1", digits).send(later);
  }
  void send_checked() {
    now_ += seconds{10};
    plausibility_.believe(keys_, telegram_, now_);
    telegram_.clear();
  }

 private:
  void add(std::string key, ReadingKind kind, Unit unit, bool computed = false) {
    keys_.add({.key = std::move(key), .unit = unit, .kind = kind, .computed = computed});
  }

  KeyCatalogue keys_{};
  Plausibility plausibility_{};
  std::vector<Reading> telegram_{};
  milliseconds now_{};
};

using Held = std::vector<std::string>;
const Held nothing{};
const Held import_held{"energy_import_tariff1"};

TEST(ARegister, is_believed_when_it_rises_as_fast_as_100_kilowatts) {
  Meter meter;
  EXPECT_EQ(meter.import("1000.000"), nothing);
  EXPECT_EQ(meter.import("1000.000"), nothing);
  EXPECT_EQ(meter.import("1000.001"), nothing);
  EXPECT_EQ(meter.import("1000.278"), nothing);  // 100 kW for 10 s is 0.2777 kWh
  EXPECT_EQ(meter.import("1000.557"), import_held) << "0.279 kWh, and one unit for the cut digits";
}

TEST(ARegister, is_held_back_when_it_falls_and_believed_again_when_it_returns) {
  Meter meter;
  EXPECT_EQ(meter.import("1000.000"), nothing);
  EXPECT_EQ(meter.import("0100.000"), import_held);
  EXPECT_EQ(meter.import("1000.001"), nothing);
  EXPECT_EQ(meter.import("1000.000"), import_held);
}

TEST(ARegister, is_believed_anew_when_three_telegrams_in_a_row_confirm_it) {
  Meter meter;
  EXPECT_EQ(meter.import("1000.000"), nothing);
  EXPECT_EQ(meter.import("0005.000"), import_held);
  EXPECT_EQ(meter.import("0005.001"), import_held);
  EXPECT_EQ(meter.import("0005.001"), import_held);
  EXPECT_EQ(meter.import("0005.002"), nothing);
  EXPECT_EQ(meter.import("1000.000"), import_held) << "the old one is out of order now";
}

TEST(ARegister, is_not_confirmed_by_telegrams_out_of_order) {
  Meter meter;
  EXPECT_EQ(meter.import("1000.000"), nothing);
  for (const auto* digits : {"5.000", "5.001", "5.002", "4.000", "4.001", "4.002", "900.000",
                             "950.000", "980.000", "990.000", "991.000", "3.000"}) {
    EXPECT_EQ(meter.import(digits), import_held) << digits;
  }
}

TEST(ARegister, may_rise_for_all_the_time_since_its_value_was_first_seen) {
  Meter meter;  // registers of some meters step once an hour
  EXPECT_EQ(meter.import("1000.000"), nothing);
  for (int i = 0; i < 359; ++i) EXPECT_EQ(meter.import("1000.000"), nothing);
  EXPECT_EQ(meter.import("1100.000"), nothing);
  EXPECT_EQ(meter.import("1200.000"), import_held);
}

TEST(ARegister, is_measured_by_the_fuses_of_its_telegram) {
  Meter meter;  // (20 + 16) A x 230 V = 8.28 kW: 0.023 kWh in 10 s
  const auto send = [&](std::string_view digits) {
    return meter.with("fuse_limit_l1", "20").with("fuse_limit_l2", "16").import(digits);
  };
  EXPECT_EQ(send("10.000"), nothing);
  EXPECT_EQ(send("10.024"), nothing);
  EXPECT_EQ(send("10.049"), import_held);
}

TEST(ARegister, takes_one_fuse_for_all_connected_phases) {
  Meter one_phase;  // 40 A x 230 V = 9.2 kW: 0.0255 kWh in 10 s
  EXPECT_EQ(one_phase.with("fuse_limit_l1", "40").with("voltage_l1", "231.0").import("1.000"),
            nothing);
  EXPECT_EQ(one_phase.with("fuse_limit_l1", "40").with("voltage_l1", "231.0").import("1.028"),
            import_held);
  Meter unknown;  // three phases: 27.6 kW
  EXPECT_EQ(unknown.with("fuse_limit_l1", "40").import("1.000"), nothing);
  EXPECT_EQ(unknown.with("fuse_limit_l1", "40").import("1.077"), nothing);
  EXPECT_EQ(unknown.with("fuse_limit_l1", "40").import("1.155"), import_held);
}

TEST(ARegister, is_measured_by_the_limiter_where_no_fuse_is_told) {
  Meter power;  // 3.6 kW: 0.010 kWh in 10 s
  EXPECT_EQ(power.with("limiter_power", "3.6").import("1.000"), nothing);
  EXPECT_EQ(power.with("limiter_power", "3.6").import("1.011"), nothing);
  EXPECT_EQ(power.with("limiter_power", "3.6").import("1.023"), import_held);
  Meter current;  // 10 A x 230 V x 3 = 6.9 kW: 0.019 kWh in 10 s
  EXPECT_EQ(current.with("limiter_current", "10").import("1.000"), nothing);
  EXPECT_EQ(current.with("limiter_current", "10").import("1.020"), nothing);
  EXPECT_EQ(current.with("limiter_current", "10").import("1.041"), import_held);
}

TEST(ARegister, of_a_greater_connection_than_told_is_believed_with_a_delay) {
  Meter meter;  // 500 kW is 1.389 kWh in 10 s
  EXPECT_EQ(meter.import("1000"), nothing);
  EXPECT_EQ(meter.import("1003"), import_held);
  EXPECT_EQ(meter.import("1005"), import_held);
  EXPECT_EQ(meter.import("1006"), import_held);
  EXPECT_EQ(meter.import("1007"), nothing);
}

TEST(ARegister, of_a_gas_meter_may_step_by_an_hour) {
  Meter meter;
  EXPECT_EQ(meter.with("gas_volume", "500.000").send(), nothing);
  EXPECT_EQ(meter.with("gas_volume", "512.500").send(), nothing);
  EXPECT_EQ(meter.with("gas_volume", "912.500").send(), Held{"gas_volume"});
}

TEST(ACounter, may_count_one_event_a_second) {
  Meter meter;
  EXPECT_EQ(meter.with("power_failures", "12").send(), nothing);
  EXPECT_EQ(meter.with("power_failures", "14").send(), nothing);
  EXPECT_EQ(meter.with("power_failures", "94").send(), Held{"power_failures"});
  EXPECT_EQ(meter.with("power_failures", "4").send(), Held{"power_failures"});
  EXPECT_EQ(meter.with("power_failures", "15").send(), nothing);
}

TEST(AComputedTotal, is_held_with_the_registers_it_is_made_of) {
  Meter meter;
  const auto send = [&](std::string_view part, std::string_view other) {
    return meter.with("energy_import_tariff1", part)
        .with("energy_export_tariff1", other)
        .with("power_import", "1.000")
        .with("energy_import_total", part)
        .send();
  };
  EXPECT_EQ(send("10.000", "20.000"), nothing);
  EXPECT_EQ(send("9.000", "20.000"), (Held{"energy_import_tariff1", "energy_import_total"}));
  EXPECT_EQ(send("10.000", "19.000"), Held{"energy_export_tariff1"});
}

TEST(ARegister, of_a_checked_telegram_is_believed_whatever_it_says) {
  Meter meter;
  EXPECT_EQ(meter.import("1000.000"), nothing);
  meter.with("energy_import_tariff1", "5.000").send_checked();
  EXPECT_EQ(meter.import("5.001"), nothing);
  EXPECT_EQ(meter.import("1000.000"), import_held);
}

}  // namespace
}  // namespace p1meter
