// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS push lists. What the shipped layouts make of makers' lists is tested in settings.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "p1meter/decoding/decode.hpp"
#include "support/apdu_builder.hpp"

namespace p1meter {
namespace {

using namespace test::dlms;

/// Decodes from memory that ends where the APDU does, so that a read beyond it is noticed.
struct Decoded {
  explicit Decoded(const std::string& bytes, ListLayouts given = {})
      : apdu{bytes.begin(), bytes.end()}, layouts{std::move(given)} {
    apdu.shrink_to_fit();
    decode_notification({apdu.data(), apdu.size()}, layouts, telegram);
  }
  [[nodiscard]] const CosemObject* find(std::string_view code) const {
    for (const CosemObject& object : telegram.objects) {
      if (to_string(object.obis) == code) return &object;
    }
    return nullptr;
  }
  /// "1234 W", "text", "?1234" for a number whose scale is not known, "-" for no such object
  [[nodiscard]] std::string value(std::string_view code) const {
    const CosemObject* object = find(code);
    if (object == nullptr) return "-";
    if (!object->number) return std::string{object->text};
    const std::string unit{unit_text(object->unit)};
    return (object->scale_unknown ? "?" : "") + to_string(*object->number) +
           (unit.empty() ? "" : ' ' + unit);
  }
  /// "scale_unknown@17 "...
  [[nodiscard]] std::string problems() const {
    std::string text;
    for (const Problem& problem : telegram.problems) {
      text += std::string{problem_name(problem.code)} + '@' + std::to_string(problem.offset) + ' ';
    }
    return text;
  }
  [[nodiscard]] std::string items() const {
    std::string text;
    for (const ListItem& item : telegram.items) {
      text += std::string{item.position} + ' ' + std::string{item.type} + '=' +
              std::string{item.value} + ' ';
    }
    return text;
  }

  std::vector<char> apdu;
  ListLayouts layouts;  // the telegram's layout is a view into these
  Telegram telegram{};
};

ListLayouts only(ListLayout layout) {
  ListLayouts layouts;
  layouts.add(std::move(layout));
  return layouts;
}

CodeScale scale_for(std::string_view code, std::optional<ListScale> scale) {
  return {parse_code_pattern(code).value(), scale};
}

// ---- the envelope

TEST(ANotification, may_have_its_date_time_in_every_form) {
  const std::string list = array({entry("1-0:1.7.0", u32(1234), 0, watt)});
  const std::string clock = some_clock();

  EXPECT_FALSE(Decoded{notification(list)}.telegram.time);
  for (const std::string& form :
       {octets("0C") + clock, octets("09 0C") + clock, octets("19") + clock}) {
    const Decoded decoded{notification(list, form)};
    ASSERT_TRUE(decoded.telegram.time);
    EXPECT_EQ(*decoded.telegram.time,
              (MeterClock{2024, 1, 15, 14, 0, 2, SeasonLetter::none, std::nullopt}));
    EXPECT_EQ(decoded.value("1-0:1.7.0"), "1234 W");
    EXPECT_EQ(decoded.problems(), "");
  }
}

TEST(ANotification, of_an_unknown_form_is_a_problem) {
  EXPECT_EQ(Decoded{""}.problems(), "apdu_unknown@0 ");
  EXPECT_EQ(Decoded{octets("C0 01")}.problems(), "apdu_unknown@0 ");
  EXPECT_EQ(Decoded{octets("0F")}.problems(), "apdu_malformed@1 ");
  EXPECT_EQ(Decoded{octets("0F 40000000")}.problems(), "apdu_malformed@5 ");
  EXPECT_EQ(Decoded{octets("0F 40000000 0B 00")}.problems(), "apdu_malformed@5 ");
  EXPECT_EQ(Decoded{octets("0F 40000000 09 0B 00")}.problems(), "apdu_malformed@5 ");
  EXPECT_EQ(Decoded{octets("0F 40000000 0C 07E8010F")}.problems(), "apdu_malformed@5 ");
  EXPECT_EQ(Decoded{octets("0F 40000000 00")}.problems(), "data_cut@6 ");
}

TEST(ANotification, says_when_its_date_time_is_none) {
  const std::string list = array({entry("1-0:1.7.0", u32(1), 0, watt)});
  const Decoded decoded{notification(list, octets("0C 07E70D01FF000000FF800000"))};

  EXPECT_FALSE(decoded.telegram.time);
  EXPECT_EQ(decoded.problems(), "time_malformed@5 ");
  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1 W");
}

TEST(ANotification, leaves_alone_what_is_the_callers) {
  Telegram telegram;
  const std::string apdu = notification(array({entry("1-0:1.7.0", u32(7), 0, watt)}));
  telegram.plain.assign(apdu.begin(), apdu.end());
  telegram.encrypted = true;
  telegram.ciphering = Ciphering{0x30, "KAM", 5};

  decode_notification({telegram.plain.data(), telegram.plain.size()}, {}, telegram);

  ASSERT_EQ(telegram.objects.size(), 1U);
  EXPECT_EQ(telegram.objects[0].raw.data(), telegram.plain.data() + 19);
  EXPECT_TRUE(telegram.encrypted && telegram.ciphering);
  EXPECT_EQ(telegram.protocol, Protocol::dlms);
}

TEST(ANotification, is_decoded_whatever_stands_behind_its_list) {
  const Decoded decoded{notification(array({entry("1-0:1.7.0", u32(7), 0, watt)})) + "garbage"};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "7 W");
  EXPECT_EQ(decoded.problems(), "");
}

// ---- structures

TEST(AListOfStructures, gives_exact_values_with_scaler_and_unit) {
  const Decoded decoded{notification(array({
      structure({obis("1-1:0.2.129"), visible_string("AIDON_V0001")}),
      structure({obis("0-0:96.1.0"), visible_string("7359992890941742")}),
      entry("1-0:1.7.0", u32(1362), 0, watt),
      entry("1-0:3.7.0", i32(-996), 0, var),
      entry("1-0:31.7.0", i16(-93), -1, ampere),
      entry("1-0:32.7.0", u16(2500), -1, volt),
      entry("1-0:1.8.0", u32(1'004'992), 1, watt_hour),
      entry("1-0:2.8.0", u64(999'999'999'999'999'999), 0, watt_hour),
      entry("1-0:3.8.0", i64(-999'999'999'999'999'999), 0, var_hour),
      entry("1-0:13.7.0", u16(987), -3, 255),
      entry("0-0:96.7.21", u8(200), 0, 255),
      entry("0-0:96.7.9", i8(-5), 0, 255),
  }))};

  EXPECT_EQ(decoded.telegram.identification, "AIDON_V0001");
  EXPECT_EQ(decoded.telegram.layout, "structures");
  EXPECT_EQ(decoded.value("0-0:96.1.0"), "7359992890941742");
  EXPECT_FALSE(decoded.find("0-0:96.1.0")->number);
  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1362 W");
  EXPECT_EQ(decoded.value("1-0:3.7.0"), "-996 var");
  EXPECT_EQ(decoded.value("1-0:31.7.0"), "-9.3 A");
  EXPECT_EQ(decoded.value("1-0:32.7.0"), "250.0 V");
  EXPECT_EQ(decoded.value("1-0:1.8.0"), "10049920 Wh");
  EXPECT_EQ(decoded.value("1-0:2.8.0"), "999999999999999999 Wh");
  EXPECT_EQ(decoded.value("1-0:3.8.0"), "-999999999999999999 varh");
  EXPECT_EQ(decoded.value("1-0:13.7.0"), "0.987");
  EXPECT_FALSE(decoded.find("1-0:13.7.0")->has_unit);
  EXPECT_EQ(decoded.value("0-0:96.7.21"), "200");
  EXPECT_EQ(decoded.value("0-0:96.7.9"), "-5");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AListOfStructures, says_where_each_object_and_value_is) {
  const Decoded decoded{notification(array({entry("1-0:1.7.0", u32(1234), 0, watt)}))};

  const CosemObject* power = decoded.find("1-0:1.7.0");
  ASSERT_NE(power, nullptr);
  EXPECT_EQ(power->offset, 8U);
  EXPECT_EQ(power->raw, octets("000004D2"));
  EXPECT_EQ(power->raw.data(), decoded.apdu.data() + 19);
  EXPECT_TRUE(power->has_unit && power->unit_known && power->text.empty());
}

TEST(AListOfStructures, has_its_clock_in_the_telegram) {
  const Decoded decoded{notification(swedish_list(), octets("0C FFFFFFFFFFFFFFFFFF8000FF"))};

  ASSERT_TRUE(decoded.telegram.time);
  EXPECT_EQ(to_string(place(*decoded.telegram.time, std::nullopt)), "2024-01-15T15:01:10+01:00");
  EXPECT_EQ(decoded.telegram.objects.size(), 27U);
  EXPECT_TRUE(decoded.find("0-0:1.0.0")->time);
  EXPECT_EQ(decoded.value("1-0:64.7.0"), "10 var");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AListOfStructures, keeps_units_that_are_not_known_apart_from_none) {
  const Decoded decoded{notification(array({entry("1-0:1.7.0", u32(5), 0, 77)}))};

  EXPECT_FALSE(decoded.find("1-0:1.7.0")->unit_known);
  EXPECT_TRUE(decoded.find("1-0:1.7.0")->has_unit);
}

TEST(AListOfStructures, keeps_the_first_of_a_repeated_code) {
  const Decoded decoded{notification(array({
      entry("1-0:1.7.0", u32(5), 0, watt),
      entry("1-0:1.7.0", u32(5), 0, watt),
      entry("1-0:1.7.0", u32(6), 0, watt),
      entry("1-0:2.7.0", u32(7), 0, watt),
  }))};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "5 W");
  EXPECT_EQ(decoded.value("1-0:2.7.0"), "7 W");
  EXPECT_EQ(decoded.telegram.objects.size(), 2U);
  EXPECT_EQ(decoded.problems(), "duplicate_object@50 ");
}

TEST(AListOfStructures, loses_only_what_is_no_structure_with_a_name) {
  const Decoded decoded{notification(array({
      entry("1-0:1.7.0", u32(5), 0, watt),
      structure({u32(1), structure({octet_string(octets("00"))})}),
      u32(7),
      entry("1-0:2.7.0", u32(6), 0, watt),
  }))};

  EXPECT_EQ(decoded.value("1-0:2.7.0"), "6 W");
  EXPECT_EQ(decoded.problems(), "object_malformed@29 object_malformed@41 ");
}

TEST(AListOfStructures, does_not_guess_a_scale_that_is_missing) {
  const Decoded decoded{notification(array({
      entry("1-0:1.7.0", u32(5), 0, watt),
      structure({obis("1-0:1.8.0"), u32(77)}),
      structure({obis("0-0:96.3.10"), boolean(true)}),
      structure({obis("0-0:17.0.0"), enumeration(3)}),
  }))};

  EXPECT_EQ(decoded.value("1-0:1.8.0"), "?77");
  EXPECT_EQ(decoded.value("0-0:96.3.10"), "1");
  EXPECT_EQ(decoded.value("0-0:17.0.0"), "3");
  EXPECT_EQ(decoded.problems(), "") << "whether it costs a reading is for the mapping to say";
}

TEST(ANumber, that_no_decimal_can_hold_is_left_out) {
  const Decoded decoded{notification(array({
      entry("1-0:1.8.0", u64(1'000'000'000'000'000'000), 0, watt_hour),
      entry("1-0:2.8.0", u64(UINT64_MAX), 0, watt_hour),
      entry("1-0:3.8.0", i64(-1'000'000'000'000'000'000), 0, var_hour),
      entry("1-0:1.7.0", u32(1), 19, watt),
      entry("1-0:2.7.0", u32(1), -128, watt),
      entry("1-0:3.7.0", u32(1), 18, var),
  }))};

  for (const char* code : {"1-0:1.8.0", "1-0:2.8.0", "1-0:3.8.0", "1-0:1.7.0", "1-0:2.7.0"}) {
    ASSERT_NE(decoded.find(code), nullptr) << code;
    EXPECT_FALSE(decoded.find(code)->number) << code;
  }
  EXPECT_EQ(decoded.value("1-0:3.7.0"), "1000000000000000000 var");
  EXPECT_EQ(decoded.telegram.problems.size(), 5U) << decoded.problems();
  for (const Problem& problem : decoded.telegram.problems) {
    EXPECT_EQ(problem.code, ProblemCode::number_too_long);
  }
}

TEST(AValue, of_every_type_has_text_number_or_time) {
  const Decoded decoded{notification(structure({
      structure({obis("0-0:96.1.0"), octet_string("KFM 12~")}),
      structure({obis("0-0:96.1.1"), octet_string(octets("00 AB 7F"))}),
      structure({obis("0-0:96.1.2"), tagged(0x0C, octets("02 4142"))}),
      structure({obis("0-0:96.1.3"), tagged(0x04, octets("09 FF 80"))}),
      structure({obis("0-0:96.1.4"), tagged(0x17, octets("3F800000"))}),
      structure({obis("0-0:96.1.5"), tagged(0x18, octets("3FF0000000000000"))}),
      structure({obis("0-0:96.1.6"), tagged(0x19, some_clock())}),
      structure({obis("0-0:96.1.8"), tagged(0x1A, octets("07E8010F01"))}),
      structure({obis("0-0:96.1.9"), null_data()}),
      structure({obis("0-0:97.0.0"), tagged(0x0D, octets("42")), scaler_unit(0, 255)}),
      structure({obis("0-0:97.0.1"), tagged(0x0D, octets("4A"))}),
      structure({obis("0-0:97.0.2"), array({u8(1), u8(2)})}),
      structure({obis("0-1:1.0.0"), octet_string(octets("FFFFFFFFFFFFFFFFFF8000FF"))}),
      structure({obis("0-2:1.0.0"), octet_string(octets("07E70D01FF000000FF800000"))}),
  }))};

  EXPECT_EQ(decoded.value("0-0:96.1.0"), "KFM 12~");
  EXPECT_EQ(decoded.value("0-0:96.1.1"), "00AB7F");
  EXPECT_EQ(decoded.value("0-0:96.1.2"), "AB");
  EXPECT_EQ(decoded.value("0-0:96.1.3"), "FF80");
  EXPECT_EQ(decoded.value("0-0:96.1.4"), "3F800000");
  EXPECT_EQ(decoded.value("0-0:96.1.5"), "3FF0000000000000");
  EXPECT_TRUE(decoded.find("0-0:96.1.6")->time);
  EXPECT_EQ(decoded.value("0-0:96.1.8"), "07E8010F01");
  EXPECT_EQ(decoded.value("0-0:96.1.9"), "");
  EXPECT_EQ(decoded.value("0-0:97.0.0"), "42");
  EXPECT_EQ(decoded.value("0-0:97.0.1"), "4A");
  EXPECT_EQ(decoded.find("0-0:97.0.2")->raw, octets("11 01 11 02"));
  EXPECT_TRUE(decoded.find("0-1:1.0.0")->time_unset);
  EXPECT_TRUE(decoded.find("0-2:1.0.0")->time_malformed);
  EXPECT_EQ(decoded.problems(), "");
}

// ---- pairs

TEST(AListOfPairs, may_carry_scalers_and_begin_with_a_clock) {
  const Decoded decoded{notification(structure({
      octet_string(octets("07E5091B 01 092F0F 00 FF88 80")),
      obis("1-0:1.8.0"),
      u32(12937),
      scaler_unit(0, watt_hour),
      obis("1-0:32.7.0"),
      u16(2337),
      scaler_unit(-1, volt),
      obis("1-0:13.7.0"),
      u16(1000),
      scaler_unit(-3, 255),
      octet_string("181220000017"),
  }))};

  EXPECT_EQ(decoded.telegram.layout, "pairs");
  EXPECT_EQ(decoded.value("1-0:1.8.0"), "12937 Wh");
  EXPECT_EQ(decoded.value("1-0:32.7.0"), "233.7 V");
  EXPECT_EQ(decoded.value("1-0:13.7.0"), "1.000");
  EXPECT_EQ(decoded.telegram.time->utc_offset, 120);
  EXPECT_EQ(decoded.items(), "10 octet-string=181220000017 ");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AListOfPairs, may_go_on_in_structures) {
  const Decoded decoded{notification(structure({
      obis("0-0:1.0.0"),
      octet_string(octets("07E50713 01 0F2E23 00 FF88 80")),
      structure({obis("0-0:96.1.0"), octet_string("KFM1200990017")}),
      entry("1-0:32.7.0", u16(2308), -1, volt),
      entry("1-0:1.8.0", u32(9108), 0, watt_hour),
  }))};

  EXPECT_EQ(decoded.value("0-0:96.1.0"), "KFM1200990017");
  EXPECT_EQ(decoded.value("1-0:32.7.0"), "230.8 V");
  EXPECT_EQ(decoded.value("1-0:1.8.0"), "9108 Wh");
  EXPECT_EQ(to_string(place(*decoded.telegram.time, std::nullopt)), "2021-07-19T15:46:35+02:00");
  EXPECT_EQ(decoded.problems(), "");
}

std::string named_pairs(const std::string& meter_type) {
  return notification(structure({
      visible_string("Kamstrup_V0001"),
      obis("1-1:96.1.1"),
      visible_string(meter_type),
      obis("1-1:1.7.0"),
      u32(1234),
      obis("1-1:1.8.0"),
      u32(5678),
  }));
}

TEST(AListOfPairs, without_a_layout_has_no_scales) {
  const Decoded decoded{named_pairs("684")};

  EXPECT_EQ(decoded.telegram.identification, "Kamstrup_V0001");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "?1234");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "?5678");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AListOfPairs, takes_each_scale_from_the_first_layout_that_fits_and_has_it) {
  ListLayouts layouts;
  layouts.add({.name = "other",
               .form = ListForm::pairs,
               .list_name = "KFM*",
               .scales = {scale_for("*-*:*.*.*", ListScale{5, Unit::volt})}});
  layouts.add({.name = "special",
               .form = ListForm::pairs,
               .meter_type = "685*",
               .scales = {scale_for("1-1:*.8.0", ListScale{1, Unit::watt_hour})}});
  layouts.add({.name = "general",
               .form = ListForm::pairs,
               .list_name = "Kamstrup_V????",
               .scales = {scale_for("1-1:1.7.0", ListScale{0, Unit::watt}),
                          scale_for("1-1:*.8.0", ListScale{0, Unit::watt_hour})}});

  const Decoded special{named_pairs("6851"), layouts};
  EXPECT_EQ(special.value("1-1:1.8.0"), "56780 Wh");
  EXPECT_EQ(special.value("1-1:1.7.0"), "1234 W");
  EXPECT_EQ(special.telegram.layout, "special");
  EXPECT_EQ(special.problems(), "");

  const Decoded general{named_pairs("684"), layouts};
  EXPECT_EQ(general.value("1-1:1.8.0"), "5678 Wh");
  EXPECT_EQ(general.telegram.layout, "general");
}

TEST(AListOfPairs, takes_the_first_scale_of_a_layout_that_has_the_code) {
  ListLayouts layouts;
  layouts.add({.name = "general",
               .form = ListForm::pairs,
               .scales = {scale_for("1-0:33.7.0", ListScale{-3, Unit::none}),
                          scale_for("1-0:1.7.0", ListScale{1, Unit::watt}),
                          scale_for("1-0:*.7.0", ListScale{2, Unit::var}),
                          scale_for("1-0:1.*.0", ListScale{3, Unit::watt_hour})}});

  std::string content;
  for (const char* code : {"1-0:1.7.0", "1-0:33.7.0", "1-0:2.7.0", "1-0:1.8.0", "1-0:2.8.0"}) {
    content += obis(code) + u32(5);
  }
  const Decoded decoded{notification(tagged(0x02, length(10) + content)), layouts};
  EXPECT_EQ(decoded.value("1-0:1.7.0"), "50 W");
  EXPECT_EQ(decoded.value("1-0:33.7.0"), "0.005");
  EXPECT_EQ(decoded.value("1-0:2.7.0"), "500 var");
  EXPECT_EQ(decoded.value("1-0:1.8.0"), "5000 Wh");
  EXPECT_EQ(decoded.value("1-0:2.8.0"), "?5");
}

TEST(AListOfPairs, leaves_unknown_what_a_layout_calls_unknown) {
  ListLayouts layouts;
  layouts.add({.name = "careful",
               .form = ListForm::pairs,
               .contains = {parse_code_pattern("1-1:96.1.1").value()},
               .scales = {scale_for("1-1:1.8.0", std::nullopt)}});
  layouts.add({.name = "general",
               .form = ListForm::pairs,
               .scales = {scale_for("*-*:*.*.*", ListScale{0, Unit::watt})}});

  const Decoded decoded{named_pairs("684"), layouts};
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "?5678");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "1234 W");
}

TEST(AListOfPairs, has_its_unnamed_elements_named_by_a_layout) {
  const std::string list = notification(
      structure({obis("1-0:1.7.0"), u32(1), scaler_unit(0, watt), octet_string("181220000017")}));
  const Decoded decoded{list, only({.name = "noe",
                                    .form = ListForm::pairs,
                                    .elements = 4,
                                    .positions = {{.position = 3, .obis = Obis{0, 0, 96, 1, 0}}}})};

  EXPECT_EQ(decoded.value("0-0:96.1.0"), "181220000017");
  EXPECT_EQ(decoded.items(), "");
}

TEST(AListOfPairs, with_a_name_at_its_end_loses_only_that) {
  const Decoded decoded{
      notification(structure({obis("1-0:1.7.0"), boolean(true), obis("1-0:2.7.0")}))};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1");
  EXPECT_EQ(decoded.problems(), "object_malformed@18 ");
}

TEST(AListOfPairs, holds_numbers_of_every_type) {
  const Decoded decoded{notification(structure(
      {obis("1-0:1.7.0"), i16(-75), obis("1-0:2.7.0"), boolean(true), obis("1-0:3.7.0"),
       enumeration(2), obis("1-0:4.7.0"), i32(-5), scaler_unit(-1, watt), obis("1-0:5.7.0"), u64(7),
       obis("1-0:6.7.0"), u32(4'294'967'295), obis("1-0:7.7.0"), u8(9)}))};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "?-75");
  EXPECT_EQ(decoded.value("1-0:2.7.0"), "1");
  EXPECT_EQ(decoded.value("1-0:3.7.0"), "2");
  EXPECT_EQ(decoded.value("1-0:4.7.0"), "-0.5 W");
  EXPECT_EQ(decoded.value("1-0:5.7.0"), "?7");
  EXPECT_EQ(decoded.value("1-0:6.7.0"), "?4294967295");
  EXPECT_EQ(decoded.value("1-0:7.7.0"), "?9");
  EXPECT_EQ(decoded.find("1-0:6.7.0")->raw, octets("FFFFFFFF"));
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AListOfPairs, keeps_the_first_of_two_values_of_a_code) {
  const Decoded decoded{notification(
      structure({obis("1-0:1.7.0"), boolean(true), obis("1-0:2.7.0"), boolean(true),
                 obis("1-0:1.7.0"), boolean(false), obis("1-0:3.7.0"), boolean(true)}))};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1");
  EXPECT_EQ(decoded.value("1-0:3.7.0"), "1");
  EXPECT_EQ(decoded.problems(), "duplicate_object@28 ");
}

TEST(AListOfPairs, takes_no_scale_from_behind_its_end) {
  const Decoded decoded{notification(structure({obis("1-0:1.7.0"), u32(5)})) +
                        scaler_unit(-1, watt)};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "?5");
}

TEST(AListOfPairs, takes_no_serial_number_for_a_name) {
  const Decoded decoded{notification(
      structure({obis("1-0:1.7.0"), boolean(true), octet_string(octets("361220000017")),
                 boolean(true), obis("1-0:2.7.0"), boolean(true)}))};

  EXPECT_EQ(decoded.telegram.objects.size(), 2U);
  EXPECT_EQ(decoded.items(), "2 octet-string=361220000017 3 boolean=true ");
}

TEST(APushMark, names_no_value) {
  const Decoded decoded{
      notification(structure({obis("0-6:25.9.0"), octet_string("12345678"), u32(1), u32(2)}))};

  EXPECT_TRUE(decoded.telegram.objects.empty());
  EXPECT_EQ(decoded.problems(), "list_unknown@6 ");
  EXPECT_EQ(decoded.items(),
            "0 octet-string=0006190900FF 1 octet-string=12345678 "
            "2 double-long-unsigned=1 3 double-long-unsigned=2 ");
}

// ---- a clock in doubt

TEST(ADoubtfulClock, and_what_ends_the_list_are_both_said) {
  const std::string doubtful = octets("07E8010F 01 0E000200 8000 02");
  const std::string pair = obis("1-0:1.7.0") + u32(5);
  const std::string pairs = tagged(0x02, length(5)) + octet_string(doubtful) + pair;
  const Decoded listed{notification(pairs + obis("1-0:2.7.0") + u32(7).substr(0, 3))};
  EXPECT_EQ(listed.value("1-0:1.7.0"), "?5");
  EXPECT_EQ(listed.problems(), "time_doubtful@8 data_cut@43 ");

  const std::string list = array({structure({obis("1-0:1.7.0"), u32(5)})});
  const Decoded sent{notification(list.substr(0, list.size() - 1), tagged(0x0C, doubtful))};
  EXPECT_EQ(sent.problems(), "data_cut@30 time_doubtful@5 ");
}

// ---- described

std::string descriptor(unsigned interface_class, std::string_view code, int attribute) {
  return structure({u16(interface_class), obis(code), i8(attribute), u16(0)});
}

TEST(ADescribedList, has_values_in_the_order_of_the_descriptors) {
  const Decoded decoded{notification(structure({
      array({descriptor(40, "0-8:25.9.0", 2), descriptor(40, "0-8:25.9.0", 1),
             descriptor(8, "0-0:1.0.0", 2), descriptor(3, "1-1:1.7.0", 2),
             descriptor(3, "1-1:1.8.0", 2), descriptor(1, "0-0:96.14.0", 2),
             descriptor(3, "1-1:1.8.0", 3)}),
      obis("0-8:25.9.0"),
      octet_string(some_clock()),
      u32(362),
      u32(9'876'543),
      u8(2),
      scaler_unit(1, watt_hour),
  }))};

  EXPECT_EQ(decoded.telegram.layout, "described");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "?362");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "98765430 Wh");
  EXPECT_EQ(decoded.value("0-0:96.14.0"), "2") << "class data has no scale";
  EXPECT_TRUE(decoded.telegram.time);
  EXPECT_EQ(decoded.problems(), "");
}

TEST(ADescribedList, takes_a_registers_value_and_scale_by_their_attributes) {
  const Decoded decoded{notification(structure({
      array({descriptor(40, "0-8:25.9.0", 2), descriptor(5, "1-0:1.4.0", 3),
             descriptor(5, "1-0:1.4.0", 2), descriptor(5, "1-0:1.4.0", 4),
             descriptor(4, "1-0:1.6.0", 4), descriptor(4, "1-0:1.6.0", 2),
             descriptor(4, "1-0:1.6.0", 3), descriptor(4, "1-0:1.6.0", 5),
             descriptor(5, "1-0:2.4.0", 2), descriptor(5, "1-0:2.4.0", 3)}),
      u32(111),
      u32(222),
      scaler_unit(1, watt),
      u8(7),
      u32(333),
      scaler_unit(2, watt),
      octet_string(some_clock()),
      u32(444),
      scaler_unit(0, watt),
  }))};

  EXPECT_EQ(decoded.value("1-0:1.4.0"), "2220 W") << "neither the last average nor its lack";
  EXPECT_EQ(decoded.value("1-0:1.6.0"), "33300 W") << "not its status";
  EXPECT_TRUE(decoded.find("1-0:1.6.0")->time);
  EXPECT_EQ(decoded.value("1-0:2.4.0"), "?444") << "3 is no scale of a demand register";
  EXPECT_EQ(decoded.items(), "1 double-long-unsigned=111 4 unsigned=7 9.0 integer=0 9.1 enum=27 ");
}

TEST(ADescribedList, may_leave_the_array_itself_undescribed) {
  const Decoded decoded{
      notification(structure({array({descriptor(3, "1-1:1.7.0", 3), descriptor(3, "1-1:1.7.0", 2)}),
                              scaler_unit(0, watt), u32(362)}))};

  EXPECT_EQ(decoded.value("1-1:1.7.0"), "362 W");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(ADescribedList, may_begin_with_what_looks_like_a_pair) {
  const Decoded decoded{notification(
      structure({array({descriptor(40, "0-8:25.9.0", 2), descriptor(1, "0-0:96.1.0", 2),
                        descriptor(1, "0-0:96.14.0", 2)}),
                 obis("1-0:1.7.0"), u8(2)}))};

  EXPECT_EQ(decoded.telegram.layout, "described");
  EXPECT_EQ(decoded.value("0-0:96.14.0"), "2");
}

TEST(ADescribedList, says_when_values_are_missing) {
  const Decoded decoded{notification(
      structure({array({descriptor(40, "0-8:25.9.0", 2), descriptor(1, "0-0:96.14.0", 2),
                        descriptor(3, "1-1:1.7.0", 2), descriptor(3, "1-1:2.7.0", 2)}),
                 u8(2)}))};

  EXPECT_EQ(decoded.value("0-0:96.14.0"), "2");
  EXPECT_NE(decoded.problems().find("object_malformed@"), std::string::npos);
}

// ---- positional and unknown

ListLayout made_up() {
  const auto tag = [](std::string_view name) { return 1U << parse_dlms_type(name).value(); };
  return {.name = "made-up",
          .form = ListForm::positional,
          .elements = 5,
          .types = {{3, tag("long-unsigned")}},
          .positions = {
              {.position = 0, .role = ListPosition::Role::list_name},
              {.position = 1, .role = ListPosition::Role::clock_date},
              {.position = 2, .role = ListPosition::Role::clock_time},
              {.position = 3, .obis = Obis{1, 0, 32, 7, 0}, .scale = ListScale{-1, Unit::volt}}}};
}

TEST(APositionalList, is_named_by_its_layout) {
  const Decoded decoded{
      notification(structure({octet_string("X1"), octet_string(octets("07E9 0C03 03")),
                              octet_string(octets("0F 00 0A 00")), u16(2341), u8(9)})),
      only(made_up())};

  EXPECT_EQ(decoded.telegram.layout, "made-up");
  EXPECT_EQ(decoded.telegram.identification, "X1");
  EXPECT_EQ(*decoded.telegram.time, (MeterClock{2025, 12, 3, 15, 0, 10, SeasonLetter::none, {}}));
  EXPECT_EQ(decoded.value("1-0:32.7.0"), "234.1 V");
  EXPECT_EQ(decoded.items(), "4 unsigned=9 ");
  EXPECT_EQ(decoded.problems(), "");
}

TEST(APositionalList, of_other_types_or_length_is_another_list) {
  const auto list = [](const std::string& fourth) {
    return notification(structure({octet_string("X1"), null_data(), null_data(), fourth, u8(9)}));
  };
  EXPECT_EQ(Decoded(list(u32(1)), only(made_up())).problems(), "list_unknown@6 ");
  EXPECT_EQ(Decoded(notification(structure({u8(1)})), only(made_up())).problems(),
            "list_unknown@6 ");
  EXPECT_NE(Decoded(list(u16(1)), only(made_up())).problems(), "list_unknown@6 ");
}

TEST(APositionalList, with_a_list_name_is_asked_before_all_other_forms) {
  ListLayout layout = made_up();
  layout.list_name = "KFM_0*";
  layout.types.clear();
  // the type would pass for a code with a value behind it
  const std::string list = notification(structure(
      {octet_string("KFM_001"), octet_string(octets("010001070001")), u32(5), u16(2341), u8(0)}));

  EXPECT_EQ(Decoded(list, only(layout)).value("1-0:32.7.0"), "234.1 V");
  EXPECT_EQ(Decoded(list).value("1-0:32.7.0"), "-");
}

TEST(AnUnknownList, is_shown_as_it_is) {
  const Decoded decoded{notification(
      structure({u32(4'294'967'295), i8(-1), octet_string(octets("00FF")), visible_string("abc"),
                 null_data(), structure({boolean(false), array({u64(UINT64_MAX)}), array({})}),
                 tagged(0x17, octets("3F800000")), i64(INT64_MIN), enumeration(3)}))};

  EXPECT_EQ(decoded.problems(), "list_unknown@6 ");
  EXPECT_EQ(decoded.items(),
            "0 double-long-unsigned=4294967295 1 integer=-1 2 octet-string=00FF "
            "3 visible-string=abc 4 null-data= 5.0 boolean=false "
            "5.1.0 long64-unsigned=18446744073709551615 5.2 array= 6 float32=3F800000 "
            "7 long64=-9223372036854775808 8 enum=3 ");
  EXPECT_EQ(decoded.telegram.items[1].offset, 13U);
}

TEST(AnUnknownList, is_shown_in_full_although_its_count_cannot_be) {
  const Decoded decoded{octets("0F 40000000 00 01 7F 02 28") + std::string(40, '\0')};

  ASSERT_EQ(decoded.telegram.items.size(), 40U);
  EXPECT_EQ(decoded.telegram.items.back().position, "0.39");
}

TEST(AnUnknownList, may_be_a_single_value_or_empty) {
  EXPECT_EQ(Decoded{notification(u32(5))}.items(), "0 double-long-unsigned=5 ");
  EXPECT_EQ(Decoded{notification(u32(5))}.problems(), "list_unknown@6 ");
  EXPECT_EQ(Decoded{notification(structure({}))}.problems(), "list_unknown@6 ");
}

// ---- bad input

std::vector<std::string> good_lists() {
  return {
      notification(swedish_list(), octets("0C") + some_clock()),
      notification(structure({octet_string(some_clock()), obis("1-0:1.8.0"), u32(12937),
                              scaler_unit(0, watt_hour), obis("1-0:1.7.0"), u32(7),
                              scaler_unit(0, watt), octet_string("181220000017")})),
      notification(structure({array({descriptor(40, "0-8:25.9.0", 2), descriptor(3, "1-1:1.7.0", 2),
                                     descriptor(3, "1-1:1.7.0", 3)}),
                              u32(362), scaler_unit(0, watt)})),
      notification(structure({octet_string("X1"), octet_string(octets("07E90C0303")),
                              octet_string(octets("0F000A00")), u16(2341), u8(9)})),
  };
}

TEST(APositionalList, without_a_name_is_no_known_one_when_it_is_cut_or_has_no_clock) {
  const ListLayout nameless{
      .name = "nameless",
      .form = ListForm::positional,
      .elements = 2,
      .positions = {
          {.position = 0, .obis = Obis{0, 0, 1, 0, 0}},
          {.position = 1, .obis = Obis{1, 0, 1, 7, 0}, .scale = ListScale{0, Unit::watt}}}};
  const auto list = notification(structure({octet_string(some_clock()), u32(1234)}));
  EXPECT_EQ(Decoded(list, only(nameless)).value("1-0:1.7.0"), "1234 W");
  const Decoded cut{list.substr(0, list.size() - 1), only(nameless)};
  EXPECT_TRUE(cut.telegram.objects.empty());
  const Decoded other{notification(structure({octet_string("1234"), u32(1234)})), only(nameless)};
  EXPECT_EQ(other.telegram.layout, "");
  EXPECT_TRUE(other.telegram.objects.empty());
}

TEST(AList, that_is_cut_anywhere_keeps_what_stood_before) {
  ListLayout layout = made_up();
  layout.list_name = "X1";
  const ListLayouts layouts = only(layout);
  for (const std::string& list : good_lists()) {
    std::size_t most = 0;
    for (std::size_t size = 0; size < list.size(); ++size) {
      const Decoded decoded{list.substr(0, size), layouts};
      ASSERT_FALSE(decoded.telegram.problems.empty()) << size;
      EXPECT_EQ(decoded.telegram.layout, "") << "nobody knows what the whole list is";
      for (const Problem& problem : decoded.telegram.problems) EXPECT_LE(problem.offset, size);
      for (const CosemObject& object : decoded.telegram.objects) EXPECT_LT(object.offset, size);
      EXPECT_GE(decoded.telegram.objects.size() + 1, most)
          << "a pair without its scaler is no more than one";
      most = std::max(most, decoded.telegram.objects.size());
    }
    EXPECT_EQ(Decoded(list, layouts).telegram.problems.size(), 0U);
    EXPECT_GE(most, 1U);
  }
}

TEST(AList, with_a_count_that_cannot_be_is_read_as_far_as_it_goes) {
  for (const char* count : {"84 80000000", "84 FFFFFFFF", "82 FFFF", "7F"}) {
    const Decoded decoded{octets("0F 40000000 00 01") + octets(count) +
                          entry("1-0:1.7.0", u32(1234), 0, watt)};
    EXPECT_EQ(decoded.value("1-0:1.7.0"), "1234 W") << count;
    EXPECT_EQ(decoded.problems(), "count_impossible@6 ") << count;
    EXPECT_LT(decoded.telegram.objects.capacity(), 100U);
  }
}

TEST(AList, keeps_the_objects_before_a_bad_element) {
  const std::string good = entry("1-0:1.7.0", u32(1234), 0, watt);
  const std::string codes = octets("0F 40000000 00 01 02");
  std::string nested;
  for (int level = 0; level < 9; ++level) nested += octets("02 01");
  const std::pair<std::string, std::string> cases[] = {
      {octets("02 03 09 06 0100020700FF 09 84 FFFFFFFF"), "data_cut@39 "},
      {octets("02 03 09 06 0100020700FF 09 80"), "length_malformed@39 "},
      {octets("02 03 09 06 0100020700FF 13 00"), "type_unknown@39 "},
      {octets("02 03 09 06 0100020700FF") + nested, "nested_too_deep@51 "},
      {octets("02 81 09 06 0100020700FF"), "count_impossible@29 "},
      {octets("55"), "type_unknown@29 "},
  };
  for (const auto& [bad, problem] : cases) {
    const Decoded decoded{codes + good + bad};
    EXPECT_EQ(decoded.value("1-0:1.7.0"), "1234 W") << problem;
    EXPECT_EQ(decoded.problems(), problem);
  }
}

TEST(AList, of_thousands_of_codes_is_decoded_whole) {
  std::string content;
  std::size_t count = 0;
  for (int a = 0; a < 16; ++a) {
    for (int c = 0; c < 250; ++c) {
      content += entry(std::to_string(a) + "-0:" + std::to_string(c) + ".7.0", u32(1), 0, watt);
      ++count;
    }
  }
  const Decoded decoded{notification(tagged(0x01, length(count) + content))};

  EXPECT_EQ(decoded.telegram.objects.size(), count);
  EXPECT_EQ(decoded.problems(), "");
}

TEST(AList, shows_no_more_items_than_anybody_reads) {
  const Decoded decoded{notification(tagged(0x01, length(20'000) + std::string(20'000, '\0')))};

  EXPECT_EQ(decoded.telegram.items.size(), 1000U);
  EXPECT_EQ(decoded.problems(), "list_unknown@6 ");
}

// ---- patterns

TEST(ACodePattern, takes_codes_that_agree_in_its_groups) {
  const auto matches = [](std::string_view pattern, std::string_view code) {
    return parse_code_pattern(pattern).value().matches(parse_obis(code).value());
  };
  EXPECT_TRUE(matches("1-0:1.8.0", "1-0:1.8.0"));
  EXPECT_FALSE(matches("1-0:1.8.0", "1-0:1.8.0*1"));
  EXPECT_TRUE(matches("1-*:*.8.*", "1-1:4.8.2"));
  EXPECT_FALSE(matches("1-*:*.8.*", "1-1:4.7.2"));
  EXPECT_TRUE(matches("1-0:1.8.0**", "1-0:1.8.0*1"));
  for (const char* bad :
       {"", "1-0:1.8", "1-0:1.8.0.", "1-0:1.8.256", "1-0:1.8.0*", "1-0:1.8.0 ", "a"}) {
    EXPECT_FALSE(parse_code_pattern(bad)) << bad;
  }
}

}  // namespace
}  // namespace p1meter
