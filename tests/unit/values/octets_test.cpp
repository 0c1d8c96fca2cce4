// SPDX-License-Identifier: Apache-2.0
// Values: lengths in binary data, and the numbers of units.
#include "p1meter/values/octets.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

#include "p1meter/values/dlms_unit.hpp"

namespace p1meter {
namespace {

using namespace std::string_view_literals;

TEST(AnAxdrLength, is_one_octet_or_a_count_of_octets) {
  for (const auto& [bytes, value] :
       {std::pair{"\0"sv, 0U}, std::pair{"\x7F"sv, 127U}, std::pair{"\x81\xFF"sv, 255U},
        std::pair{"\x82\x01\x02"sv, 258U}, std::pair{"\x83\1\0\0"sv, 65536U},
        std::pair{"\x84\xFF\xFF\xFF\xFF"sv, 4'294'967'295U}}) {
    const AxdrLength length = read_axdr_length(std::string{bytes} + "more");
    EXPECT_EQ(length.value, value);
    EXPECT_EQ(length.size, bytes.size());
  }
}

TEST(AnAxdrLength, of_no_or_more_than_four_octets_does_not_exist) {
  for (const auto bytes : {"\x80\1\1"sv, "\x85\1\1\1\1\1"sv, "\xFF\1"sv}) {
    EXPECT_EQ(read_axdr_length(bytes).size, 0U);
    EXPECT_FALSE(read_axdr_length(bytes).is_within(bytes.size()));
  }
}

TEST(AnAxdrLength, that_is_cut_is_not_within_its_bytes) {
  for (const auto bytes : {""sv, "\x81"sv, "\x82\1"sv, "\x84\1\1\1"sv}) {
    EXPECT_GT(read_axdr_length(bytes).size, bytes.size());
    EXPECT_FALSE(read_axdr_length(bytes).is_within(bytes.size()));
  }
}

TEST(AUnitOfDlms, has_one_number_both_ways) {
  for (const Unit unit : {Unit::watt, Unit::watt_hour, Unit::var_hour, Unit::volt, Unit::ampere,
                          Unit::cubic_metre, Unit::none}) {
    EXPECT_EQ(dlms_units[dlms_unit_number(unit)], static_cast<std::uint8_t>(unit));
  }
  EXPECT_EQ(dlms_unit_number(Unit::kilowatt), dlms_unit_number(Unit::none))
      << "meters send powers of ten in the scaler";
}

}  // namespace
}  // namespace p1meter
