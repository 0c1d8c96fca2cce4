// SPDX-License-Identifier: Apache-2.0
// Values: readings, their owned copies and the catalogue of keys.
#include "p1meter/values/reading.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

TEST(AnOwnedValue, is_equal_to_what_it_was_copied_from) {
  const ListRow row{std::nullopt, MeterTime{}, Decimal{5, 0}};
  const ListRow other{std::nullopt, MeterTime{}, Decimal{6, 0}};
  const Value values[] = {std::monostate{},
                          Decimal{15, -1},
                          std::string_view{"text"},
                          std::span<const ListRow>{&row, 1},
                          std::span<const ListRow>{&other, 1},
                          std::string_view{"other"},
                          Decimal{16, -1}};
  OwnedValue owned;
  for (const Value& value : values) {
    assign(owned, value);
    for (const Value& candidate : values) {
      EXPECT_EQ(same_value(borrow(owned), candidate), &candidate == &value);
    }
  }
}

TEST(AnOwnedValue, is_the_same_number_at_another_resolution) {
  EXPECT_TRUE(same_value(Decimal{150, -2}, Decimal{15, -1}));
}

TEST(AnOwnedValue, reuses_its_memory_for_text) {
  OwnedValue owned;
  assign(owned, std::string_view{"a text that is longer than any small-string buffer"});
  const auto* memory = std::get<std::string>(owned).data();

  assign(owned, std::string_view{"short"});

  EXPECT_EQ(std::get<std::string>(owned).data(), memory);
}

TEST(AKeyCatalogue, finds_keys_by_name_in_the_order_of_first_sight) {
  KeyCatalogue keys;
  KeyInfo info;
  info.key = "gas_volume";
  EXPECT_EQ(keys.add(info), 0);
  info.key = "tariff";
  EXPECT_EQ(keys.add(info), 1);

  EXPECT_EQ(keys.find("tariff"), KeyId{1});
  EXPECT_FALSE(keys.find("water_volume"));
  EXPECT_EQ(keys[0].key, "gas_volume");
  EXPECT_EQ(device_name(Device::gas), "gas");
  EXPECT_EQ(device_name(Device::electricity), "");
}

TEST(ADevice, is_named_in_one_word) {
  EXPECT_EQ(device_word({Device::gas, 1}), "gas");
  EXPECT_EQ(device_word({Device::gas, 2}), "gas2");
  EXPECT_EQ(device_word({Device::electricity, 1}), "electricity");
  EXPECT_EQ(device_word(KeyInfo{.device = Device::water, .device_number = 3}), "water3");
}

}  // namespace
}  // namespace p1meter
