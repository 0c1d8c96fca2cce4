// SPDX-License-Identifier: Apache-2.0
// What happened at a meter, told from readings that changed.
#include "pipeline/event_watch.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

using Type = MeterEvent::Type;

class AnEventWatch : public testing::Test {
 protected:
  KeyId key(const std::string& name, Device device = Device::electricity) {
    if (const auto known = keys_.find(name)) return *known;
    KeyInfo info;
    info.key = name;
    info.device = device;
    return keys_.add(std::move(info));
  }
  /// The events of a telegram with one reading.
  std::vector<MeterEvent> after(const std::string& name, Value value,
                                Integrity integrity = Integrity::ok) {
    Reading reading;
    reading.key = key(name, name.starts_with("gas") ? Device::gas : Device::electricity);
    reading.value = value;
    MappedTelegram mapped;
    mapped.readings = {&reading, 1};
    mapped.meter_changed = std::exchange(meter_changed_, false);
    mapped.exchanged = exchanged_;
    const auto events = watch_.note(mapped, integrity, keys_);
    return {events.begin(), events.end()};
  }
  static Value number(std::int64_t value) { return Decimal{value, 0}; }
  void restart() { watch_ = EventWatch{watch_.memory()}; }

  KeyCatalogue keys_{};
  EventWatch watch_{{}};
  bool meter_changed_{};
  std::vector<DeviceRef> exchanged_{};
};

TEST_F(AnEventWatch, starts_from_the_first_value) {
  EXPECT_TRUE(after("power_failures", number(4)).empty());
  EXPECT_TRUE(after("power_failures", number(4)).empty());
}

TEST_F(AnEventWatch, tells_of_a_power_failure_with_both_counts) {
  EXPECT_TRUE(after("power_failures", number(4)).empty());
  const auto events = after("power_failures", number(5));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, Type::power_failure);
  EXPECT_EQ(events[0].previous, "4");
  EXPECT_EQ(std::get<Decimal>(events[0].value), (Decimal{5, 0}));
}

TEST_F(AnEventWatch, tells_of_a_power_failure_that_took_the_program_down_too) {
  EXPECT_TRUE(after("power_failures", number(4)).empty());
  restart();
  EXPECT_EQ(after("power_failures", number(5)).size(), 1U);
}

TEST_F(AnEventWatch, tells_nothing_of_a_count_that_falls) {
  EXPECT_TRUE(after("power_failures", number(4)).empty());
  EXPECT_TRUE(after("power_failures", number(1)).empty());
  EXPECT_EQ(after("power_failures", number(2)).size(), 1U);
}

TEST_F(AnEventWatch, believes_without_a_checksum_only_what_comes_twice) {
  EXPECT_TRUE(after("power_failures", number(4), Integrity::absent).empty());
  EXPECT_TRUE(after("power_failures", number(4), Integrity::absent).empty());
  EXPECT_TRUE(after("power_failures", number(9), Integrity::absent).empty());
  EXPECT_TRUE(after("power_failures", number(4), Integrity::absent).empty());
  EXPECT_TRUE(after("power_failures", number(5), Integrity::absent).empty());
  EXPECT_EQ(after("power_failures", number(5), Integrity::absent).size(), 1U);
}

TEST_F(AnEventWatch, tells_of_a_message_but_not_of_its_end) {
  EXPECT_TRUE(after("text_message", std::string_view{""}).empty());
  EXPECT_EQ(after("text_message", std::string_view{"hello"}).size(), 1U);
  EXPECT_TRUE(after("text_message", std::string_view{""}).empty());
}

TEST_F(AnEventWatch, tells_of_switches_that_move) {
  EXPECT_TRUE(after("breaker_state", number(1)).empty());
  EXPECT_EQ(after("breaker_state", number(0)).at(0).type, Type::breaker_moved);
  EXPECT_TRUE(after("gas_valve_position", number(1)).empty());
  EXPECT_EQ(after("gas_valve_position", number(0)).at(0).type, Type::valve_moved);
}

TEST_F(AnEventWatch, takes_the_valve_of_another_device_for_another_valve) {
  EXPECT_TRUE(after("gas_valve_position", number(1)).empty());
  exchanged_ = {{Device::gas, 1}};
  const auto events = after("gas_valve_position", number(0));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, Type::meter_replaced);
  EXPECT_EQ(events[0].key, "gas_equipment_id");
}

TEST_F(AnEventWatch, starts_afresh_with_another_meter) {
  EXPECT_TRUE(after("power_failures", number(4)).empty());
  meter_changed_ = true;
  const auto events = after("power_failures", number(9));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, Type::meter_replaced);
}

}  // namespace
}  // namespace p1meter
