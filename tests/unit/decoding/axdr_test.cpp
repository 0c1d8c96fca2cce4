// SPDX-License-Identifier: Apache-2.0
#include "decoding/axdr.hpp"

#include <gtest/gtest.h>
#include <string>

#include "support/apdu_builder.hpp"

namespace p1meter::decoding {
namespace {

using test::dlms::octets;

AxdrReader reader_of(const std::string& data) { return {data.data(), data.data() + data.size()}; }

/// What is wrong with the first element, which must be.
ProblemCode fault_of(const std::string& data) {
  AxdrReader reader = reader_of(data);
  AxdrElement element;
  EXPECT_FALSE(reader.next_whole(element, 0));
  EXPECT_GE(reader.fault_at(), data.data());
  EXPECT_LE(reader.fault_at(), data.data() + data.size());
  return reader.fault();
}

TEST(AnAxdrReader, takes_every_type_that_lists_hold) {
  struct Case {
    std::string data;
    std::string_view name;
    std::size_t size;
  };
  const Case cases[] = {
      {octets("00"), "null-data", 0},
      {octets("03 01"), "boolean", 1},
      {octets("04 0A FF C0"), "bit-string", 2},
      {octets("05 FFFFFFFE"), "double-long", 4},
      {octets("06 00000001"), "double-long-unsigned", 4},
      {octets("09 02 4142"), "octet-string", 2},
      {octets("0A 01 41"), "visible-string", 1},
      {octets("0C 00"), "utf8-string", 0},
      {octets("0D 42"), "bcd", 1},
      {octets("0F FF"), "integer", 1},
      {octets("10 FFFE"), "long", 2},
      {octets("11 FF"), "unsigned", 1},
      {octets("12 FFFF"), "long-unsigned", 2},
      {octets("14 FFFFFFFFFFFFFFFF"), "long64", 8},
      {octets("15 FFFFFFFFFFFFFFFF"), "long64-unsigned", 8},
      {octets("16 1B"), "enum", 1},
      {octets("17 3F800000"), "float32", 4},
      {octets("18 3FF0000000000000"), "float64", 8},
      {octets("19 07E8010F010E000200800000"), "date-time", 12},
      {octets("1A 07E8010F01"), "date", 5},
      {octets("1B 0E000200"), "time", 4},
      {octets("01 02 11 01 11 02"), "array", 4},
      {octets("02 01 00"), "structure", 1},
  };
  for (const Case& one : cases) {
    AxdrReader reader = reader_of(one.data);
    AxdrElement element;

    ASSERT_TRUE(reader.next_whole(element, 0)) << one.name;
    EXPECT_EQ(shape_of(element.type).name, one.name);
    EXPECT_EQ(element.content.size(), one.size) << one.name;
    EXPECT_EQ(reader.left(), 0U) << one.name;

    for (std::size_t size = 0; size < one.data.size(); ++size) {  // cut anywhere, in memory too
      const std::string cut{one.data.substr(0, size)};
      const ProblemCode fault = fault_of(cut);
      EXPECT_TRUE(fault == ProblemCode::data_cut || fault == ProblemCode::count_impossible)
          << one.name << ' ' << size;
    }
  }
}

TEST(AnAxdrReader, refuses_types_that_no_list_holds) {
  for (const char* data :
       {"07 00", "08 00", "0B 00", "0E 00", "13 00 00", "1C 00", "80 00", "FF 00"}) {
    EXPECT_EQ(fault_of(octets(data)), ProblemCode::type_unknown) << data;
  }
}

TEST(AnAxdrReader, knows_lengths_of_one_to_four_octets) {
  for (const char* data : {"09 02 4142", "09 81 02 4142", "09 82 0002 4142", "09 83 000002 4142",
                           "09 84 00000002 4142"}) {
    const std::string text = octets(data);
    AxdrReader reader = reader_of(text);
    AxdrElement element;
    ASSERT_TRUE(reader.next(element)) << data;
    EXPECT_EQ(element.content, "AB") << data;
  }
  EXPECT_EQ(fault_of(octets("09 80 4142")), ProblemCode::length_malformed);
  EXPECT_EQ(fault_of(octets("09 85 0000000002 4142")), ProblemCode::length_malformed);
  EXPECT_EQ(fault_of(octets("09 FF 4142")), ProblemCode::length_malformed);
}

TEST(AnAxdrReader, refuses_lengths_beyond_the_end) {
  for (const char* data : {"09 81 FF 41", "09 82 FFFF 41", "09 84 7FFFFFFF 41", "09 84 FFFFFFFF 41",
                           "0A 84 80000000 41", "04 84 FFFFFFFF 41", "04 81 FF 41", "09 84 00"}) {
    EXPECT_EQ(fault_of(octets(data)), ProblemCode::data_cut) << data;
  }
}

TEST(AnAxdrReader, refuses_more_elements_than_there_are_bytes) {
  for (const char* data :
       {"01 84 80000000 00", "02 84 FFFFFFFF 00", "01 02 00", "02 82 FFFF 00 00"}) {
    EXPECT_EQ(fault_of(octets(data)), ProblemCode::count_impossible) << data;
  }
}

TEST(AnAxdrReader, goes_eight_levels_deep_and_no_deeper) {
  std::string nested = octets("11 05");
  for (int level = 0; level < 8; ++level) nested = octets("02 01") + nested;
  AxdrReader reader = reader_of(nested);
  AxdrElement element;
  EXPECT_TRUE(reader.next_whole(element, 0));

  EXPECT_EQ(fault_of(octets("02 01") + nested), ProblemCode::nested_too_deep);
  std::string endless;
  for (int level = 0; level < 10'000; ++level) endless += octets("01 01");
  EXPECT_EQ(fault_of(endless), ProblemCode::nested_too_deep);
}

TEST(AnAxdrReader, passes_over_what_lies_within_an_element) {
  const std::string data = octets("02 03 01 02 11 01 11 02 02 00 09 01 41 11 07");
  AxdrReader reader = reader_of(data);
  AxdrElement element;

  ASSERT_TRUE(reader.next_whole(element, 0));
  EXPECT_EQ(element.count, 3U);
  ASSERT_TRUE(reader.next(element));
  EXPECT_EQ(element.type, AxdrType::unsigned_byte);
  EXPECT_EQ(element.at, data.data() + data.size() - 2);
}

}  // namespace
}  // namespace p1meter::decoding
