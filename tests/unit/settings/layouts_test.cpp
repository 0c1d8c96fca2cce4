// SPDX-License-Identifier: Apache-2.0
// Settings: layouts of DLMS lists: their faults, and what the shipped ones make of makers' lists.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "loading_text.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/mapping/meter_profile.hpp"
#include "settings/fault_list.hpp"
#include "settings/layouts_yaml.hpp"
#include "support/apdu_builder.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using namespace p1meter::test::dlms;
using p1meter::test::TemporaryDirectory;
using test::contains;
using test::lines;

/// All faults, one a line.
std::string faults_of(std::string_view yaml) { return lines(load_layouts_text(yaml, "f").faults); }

/// A list decoded with the shipped layouts, or with others.
struct Decoded {
  explicit Decoded(std::string bytes) : Decoded{std::move(bytes), make_list_layouts()} {}
  Decoded(std::string bytes, ListLayouts given)
      : apdu{std::move(bytes)}, layouts{std::move(given)} {
    decode_notification(apdu, layouts, telegram);
  }
  /// "1234 W", "text", "?1234" for a number whose scale is not known, "-" for no such object
  [[nodiscard]] std::string value(std::string_view code) const {
    for (const CosemObject& object : telegram.objects) {
      if (to_string(object.obis) != code) continue;
      if (!object.number) return std::string{object.text};
      const std::string unit{unit_text(object.unit)};
      return (object.scale_unknown ? "?" : "") + to_string(*object.number) +
             (unit.empty() ? "" : ' ' + unit);
    }
    return "-";
  }
  [[nodiscard]] std::string time() const {
    return telegram.time ? to_string(place(*telegram.time, std::nullopt)) : "";
  }
  [[nodiscard]] std::size_t problems() const { return telegram.problems.size(); }
  /// The meter profile, with "+" where its clock follows the summer time: "austria+"
  [[nodiscard]] std::string profile() const {
    const MeterProfile found = detect_profile(telegram);
    return std::string{found.name} + (found.zone && found.zone->summer_time ? "+" : "");
  }

  std::string apdu;
  ListLayouts layouts;
  Telegram telegram{};
};

/// A structure of any elements.
std::string list_of(const std::vector<std::string>& elements) {
  std::string content;
  for (const auto& element : elements) content += element;
  return notification(tagged(0x02, length(elements.size()) + content));
}
std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// ---- the shipped layouts

TEST(TheShippedLayouts, have_no_faults_and_names_of_their_own) {
  std::set<std::string> names;
  for (const EmbeddedText& file : shipped_layouts()) {
    const LayoutsLoaded loaded = load_layouts_text(file.text, std::string{file.name});
    EXPECT_EQ(lines(loaded.faults), "");
    EXPECT_FALSE(loaded.layouts.empty()) << file.name;
    for (const ListLayout& layout : loaded.layouts) {
      EXPECT_TRUE(names.insert(layout.name).second) << layout.name;
    }
  }
  EXPECT_GE(names.size(), 15U);
}

TEST(ALayoutOfKaifa, names_every_list_of_norway) {
  const std::vector<std::string> head{octet_string("KFM_001"),
                                      octet_string("6970631400000017"),
                                      octet_string("MA304H3E"),
                                      u32(1234),
                                      u32(5),
                                      u32(6),
                                      u32(62)};
  const std::vector<std::string> one{u32(7405), u32(2231)};
  const std::vector<std::string> three{u32(7405), u32(512), u32(1999),
                                       u32(2231), u32(0),   u32(2246)};
  const std::vector<std::string> hour{octet_string(some_clock()), u32(10'789'103), u32(1),
                                      u32(4411), u64(2'104'910)};

  EXPECT_EQ(Decoded(list_of({u32(1234)})).value("1-0:1.7.0"), "1234 W");
  for (const auto& [list, layout] :
       {std::pair{joined(head, one), "kaifa-no-9"}, std::pair{joined(head, three), "kaifa-no-13"},
        std::pair{joined(joined(head, one), hour), "kaifa-no-14"},
        std::pair{joined(joined(head, three), hour), "kaifa-no-18"}}) {
    const Decoded decoded{list_of(list)};
    EXPECT_EQ(decoded.telegram.layout, layout);
    EXPECT_EQ(decoded.telegram.identification, "KFM_001");
    EXPECT_EQ(decoded.value("0-0:96.1.0"), "6970631400000017");
    EXPECT_EQ(decoded.value("0-0:96.1.7"), "MA304H3E");
    EXPECT_EQ(decoded.value("1-0:4.7.0"), "62 var");
    EXPECT_EQ(decoded.value("1-0:31.7.0"), "7.405 A");
    EXPECT_EQ(decoded.value("1-0:32.7.0"), "223.1 V");
    EXPECT_EQ(decoded.profile(), "norway-kaifa+");
    EXPECT_EQ(decoded.problems(), 0U) << layout;
    EXPECT_TRUE(decoded.telegram.items.empty()) << layout;
  }
  const Decoded all{list_of(joined(joined(head, three), hour))};
  EXPECT_EQ(all.value("1-0:72.7.0"), "224.6 V");
  EXPECT_EQ(all.value("1-0:71.7.0"), "1.999 A");
  EXPECT_EQ(all.value("1-0:1.8.0"), "10789103 Wh");
  EXPECT_EQ(all.value("1-0:4.8.0"), "2104910 varh");
  EXPECT_EQ(all.time(), "2024-01-15T14:00:02");
}

TEST(ALayoutOfKaifa, reads_the_worked_example) {
  const Decoded decoded{octets("0F40000000 090C07E8010F010E0002FF800000 020106000004D2")};

  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1234 W");
  EXPECT_EQ(decoded.time(), "2024-01-15T14:00:02");
  EXPECT_EQ(decoded.telegram.layout, "kaifa-no-1");
  EXPECT_EQ(decoded.profile(), "norway-kaifa+");
}

TEST(ALayoutOfKaifa, of_one_element_takes_a_structure_of_one_number_only) {
  for (const std::string& other : {array({u32(1234)}), structure({u16(1234)}),
                                   structure({u32(1234), u32(1)}), structure({i32(1234)})}) {
    const Decoded decoded{notification(other)};
    EXPECT_EQ(decoded.telegram.layout, "");
    EXPECT_EQ(decoded.value("1-0:1.7.0"), "-");
    EXPECT_EQ(decoded.problems(), 1U);
  }
}

TEST(ALayoutOfKaifa, gives_scales_to_the_pairs_of_sweden) {
  const Decoded decoded{
      list_of({obis("1-0:0.2.129"), octet_string("KFM_001"), obis("0-0:96.1.7"),
               octet_string("MA304H4"), obis("1-0:1.7.0"), u32(1577), obis("1-0:31.7.0"), u32(32),
               obis("1-0:32.7.0"), u32(2322), obis("1-0:3.8.0"), u32(4411)})};

  EXPECT_EQ(decoded.telegram.layout, "kaifa-se");
  EXPECT_EQ(decoded.profile(), "sweden");
  EXPECT_EQ(decoded.value("1-0:1.7.0"), "1577 W");
  EXPECT_EQ(decoded.value("1-0:31.7.0"), "0.032 A");
  EXPECT_EQ(decoded.value("1-0:32.7.0"), "232.2 V");
  EXPECT_EQ(decoded.value("1-0:3.8.0"), "4411 varh");
  EXPECT_EQ(decoded.problems(), 0U);
}

std::vector<std::string> kamstrup(const std::string& number_code, const std::string& type) {
  return {visible_string("Kamstrup_V0001"),
          obis(number_code),
          number_code == "1-1:0.0.1" ? u32(99'000'017) : visible_string("5706567000000017"),
          obis("1-1:96.1.1"),
          visible_string(type),
          obis("1-1:1.7.0"),
          u32(1234),
          obis("1-1:31.7.0"),
          u32(438),
          obis("1-1:32.7.0"),
          u16(231),
          obis("1-1:1.8.0"),
          u32(1'234'567),
          obis("1-1:3.8.0"),
          u32(83)};
}

TEST(ALayoutOfKamstrup, counts_energy_in_tens_in_norway) {
  const Decoded decoded{list_of(kamstrup("1-1:0.0.5", "6841121BN243101040"))};

  EXPECT_EQ(decoded.telegram.identification, "Kamstrup_V0001");
  EXPECT_EQ(decoded.telegram.layout, "kamstrup-no");
  EXPECT_EQ(decoded.profile(), "norway");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "1234 W");
  EXPECT_EQ(decoded.value("1-1:31.7.0"), "4.38 A");
  EXPECT_EQ(decoded.value("1-1:32.7.0"), "231 V");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "12345670 Wh");
  EXPECT_EQ(decoded.value("1-1:3.8.0"), "830 varh");
  EXPECT_EQ(decoded.problems(), 0U);
}

TEST(ALayoutOfKamstrup, counts_energy_in_ones_in_sweden) {
  const Decoded decoded{list_of(kamstrup("1-1:0.0.5", "6841131BN245101092"))};

  EXPECT_EQ(decoded.telegram.layout, "kamstrup-se");
  EXPECT_EQ(decoded.profile(), "sweden");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "1234567 Wh");
  EXPECT_EQ(decoded.value("1-1:31.7.0"), "4.38 A");
}

TEST(ALayoutOfKamstrup, does_not_guess_currents_behind_transformers) {
  const Decoded decoded{list_of(kamstrup("1-1:0.0.5", "6851121BN243101040"))};

  EXPECT_EQ(decoded.value("1-1:31.7.0"), "?438");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "12345670 Wh");
  EXPECT_EQ(decoded.telegram.layout, "kamstrup-ct");
  EXPECT_EQ(decoded.problems(), 0U);
}

TEST(ALayoutOfKamstrup, does_not_guess_the_energies_of_the_danish_list) {
  const Decoded decoded{list_of(kamstrup("1-1:0.0.1", "684"))};

  EXPECT_EQ(decoded.telegram.layout, "kamstrup-push-1");
  EXPECT_EQ(decoded.value("1-1:0.0.1"), "99000017");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "1234 W");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "?1234567");
  EXPECT_EQ(decoded.problems(), 0U);
}

TEST(ALayoutOfIskra, names_the_lists_of_slovenia_and_croatia) {
  const std::vector<std::string> ids{octet_string(octets("49534B99000000174142434445464748")),
                                     octet_string("99000017")};
  const Decoded live{list_of(
      joined(ids, {u32(512), u32(0), u32(3), u32(4), u16(2387), u16(2371), u16(2380), u16(231),
                   u16(0), u16(15), u32(21), u32(41), u32(61), u32(22), u32(42), u32(62)}))};
  EXPECT_EQ(live.telegram.layout, "iskra-si-18");
  EXPECT_EQ(live.value("0-0:42.0.0"), "49534B99000000174142434445464748");
  EXPECT_EQ(live.value("1-0:32.7.0"), "238.7 V");
  EXPECT_EQ(live.value("1-0:31.7.0"), "2.31 A");
  EXPECT_EQ(live.value("1-0:62.7.0"), "62 W");

  const Decoded energies{list_of(
      joined(ids, {boolean(true), octet_string(octets("0001")), u32(1'234'567), u32(600'000),
                   u32(634'567), u32(10), u32(4), u32(6), u32(777), u32(888)}))};
  EXPECT_EQ(energies.telegram.layout, "iskra-si-12");
  EXPECT_EQ(energies.value("0-0:96.14.0"), "0001");
  EXPECT_EQ(energies.value("0-0:96.3.10"), "1");
  EXPECT_EQ(energies.value("1-0:4.8.0"), "888 varh");

  const Decoded celje{list_of(joined(ids, {u16(2341), u16(2339), u16(2350), u16(51), u16(0),
                                           u16(120), u32(362), u32(0), u32(7), u32(8)}))};
  EXPECT_EQ(celje.telegram.layout, "iskra-celje-12");
  EXPECT_EQ(celje.value("1-0:72.7.0"), "235.0 V");
  EXPECT_EQ(celje.value("1-0:4.7.0"), "8 var");
  const Decoded other{list_of(joined(ids, {u16(2341), u32(2339), u16(2350), u16(51), u16(0),
                                           u16(120), u32(362), u32(0), u32(7), u32(8)}))};
  EXPECT_EQ(other.telegram.layout, "") << "a voltage of another type than its neighbours";

  std::vector<std::string> ie5{octet_string("99000017"), octet_string(octets("0F000A00")),
                               octet_string(octets("07E8010F01"))};
  for (unsigned i = 0; i < 12; ++i) ie5.push_back(u32(1000 + i));
  ie5.push_back(u16(987));
  for (unsigned i = 0; i < 6; ++i) ie5.push_back(u32(20 + i));
  for (unsigned i = 0; i < 6; ++i) ie5.push_back(u16(2341));
  ie5 = joined(ie5, {u32(0), array({}), array({}), array({}), boolean(true)});
  const Decoded croatia{list_of(ie5)};
  EXPECT_EQ(croatia.telegram.layout, "iskra-ie5-33");
  EXPECT_EQ(croatia.time(), "2024-01-15T15:00:10");
  EXPECT_EQ(croatia.value("1-0:2.7.0"), "1011 W");
  EXPECT_EQ(croatia.value("1-0:13.7.0"), "0.987");
  EXPECT_EQ(croatia.value("1-0:71.7.0"), "23.41 A");
  EXPECT_EQ(croatia.telegram.items.size(), 5U);
  for (const auto* decoded : {&live, &energies, &celje}) EXPECT_EQ(decoded->profile(), "slovenia+");
  EXPECT_EQ(croatia.profile(), "croatia+");
  for (const auto* decoded : {&live, &energies, &celje, &croatia})
    EXPECT_EQ(decoded->problems(), 0U);
}

TEST(ALayoutOfIskra, of_austria_has_six_numbers_without_a_name) {
  std::vector<std::string> list{obis("0-6:25.9.0"), octet_string("12345678"),
                                octet_string(octets("0F000A00")),
                                octet_string(octets("07E90C0303"))};
  for (unsigned i = 0; i < 6; ++i) list.push_back(u32(1000 + i));
  const Decoded im350{list_of(list)};

  EXPECT_EQ(im350.telegram.layout, "iskra-im350-10");
  EXPECT_EQ(im350.time(), "2025-12-03T15:00:10");
  EXPECT_EQ(im350.value("0-0:96.1.0"), "12345678");
  EXPECT_EQ(im350.value("1-0:1.8.0"), "1000 Wh");
  EXPECT_EQ(im350.value("1-0:4.8.0"), "1003 varh");
  EXPECT_EQ(im350.value("1-0:2.7.0"), "1005 W");
  const Decoded kelag{list_of(joined(list, {octet_string(""), octet_string("")}))};
  EXPECT_EQ(kelag.telegram.layout, "kelag-am550-12");
}

TEST(ALayoutOfKamstrup, tells_sweden_by_the_meters_type_without_energies_too) {
  std::vector<std::string> list = kamstrup("1-1:0.0.5", "6841131BN245101092");
  list.resize(list.size() - 4);
  const Decoded decoded{list_of(list)};

  EXPECT_EQ(decoded.value("1-1:1.8.0"), "-");
  EXPECT_EQ(decoded.profile(), "sweden");
}

TEST(AListOfAidon, tells_its_country_by_its_name) {
  const auto profile = [](std::string_view name) {
    return Decoded(notification(array({structure({obis("1-1:0.2.129"), visible_string(name)}),
                                       entry("1-0:1.7.0", u32(1234), 0, watt)})))
        .profile();
  };
  EXPECT_EQ(profile("AIDON_V0001"), "norway");
  EXPECT_EQ(profile("AIDON_H0001"), "sweden");
}

TEST(ALayoutOfLandisGyr, scales_the_described_list_of_switzerland) {
  const auto descriptor = [](unsigned interface_class, std::string_view code, int attribute) {
    return structure({u16(interface_class), obis(code), i8(attribute), u16(0)});
  };
  const Decoded decoded{
      list_of({array({descriptor(40, "0-8:25.9.0", 2), descriptor(40, "0-8:25.9.0", 1),
                      descriptor(8, "0-0:1.0.0", 2), descriptor(3, "1-1:1.7.0", 2),
                      descriptor(3, "1-1:32.7.0", 2), descriptor(3, "1-1:31.7.0", 2),
                      descriptor(3, "1-1:1.8.0", 2)}),
               obis("0-8:25.9.0"), octet_string(some_clock()), u32(362), u16(234), u16(51),
               u32(9'876'543)})};

  EXPECT_EQ(decoded.telegram.layout, "landis-gyr-e450-ch");
  EXPECT_EQ(decoded.profile(), "switzerland+");
  EXPECT_EQ(decoded.value("1-1:1.7.0"), "362 W");
  EXPECT_EQ(decoded.value("1-1:32.7.0"), "234 V");
  EXPECT_EQ(decoded.value("1-1:31.7.0"), "0.51 A");
  EXPECT_EQ(decoded.value("1-1:1.8.0"), "9876543 Wh");
  EXPECT_EQ(decoded.time(), "2024-01-15T14:00:02");
  EXPECT_EQ(decoded.problems(), 0U);
}

TEST(ALayoutOfLandisGyr, names_the_list_of_burgenland) {
  const Decoded decoded{
      list_of({u16(234), u16(233), u16(235), u16(51), u16(7), u16(120), u32(362), u32(0),
               u32(1'234'567), u32(89), u16(987), u16(0), u16(0), octet_string("LGZ9900017")})};

  EXPECT_EQ(decoded.telegram.layout, "landis-gyr-burgenland-14");
  EXPECT_EQ(decoded.profile(), "austria+");
  EXPECT_EQ(decoded.value("1-0:72.7.0"), "235 V");
  EXPECT_EQ(decoded.value("1-0:51.7.0"), "0.07 A");
  EXPECT_EQ(decoded.value("1-0:13.7.0"), "0.987");
  EXPECT_EQ(decoded.value("0-0:96.1.0"), "LGZ9900017");
  EXPECT_EQ(decoded.telegram.items.size(), 2U);
}

TEST(ALayoutOfAustria, names_the_serial_number_at_the_end) {
  std::vector<std::string> list{octet_string(octets("07E5091B 01 092F0F 00 FF88 80"))};
  for (const char* code :
       {"1-0:1.8.0", "1-0:2.8.0", "1-0:1.7.0", "1-0:2.7.0", "1-0:32.7.0", "1-0:52.7.0",
        "1-0:72.7.0", "1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0", "1-0:13.7.0"}) {
    list = joined(list, {obis(code), u16(1000), scaler_unit(-1, 255)});
  }
  list.push_back(octet_string("181220000017"));
  const Decoded decoded{list_of(list)};

  EXPECT_EQ(decoded.value("0-0:96.1.0"), "181220000017");
  EXPECT_EQ(decoded.time(), "2021-09-27T09:47:15+02:00");
  EXPECT_EQ(decoded.telegram.layout, "netz-noe");
  EXPECT_EQ(decoded.profile(), "austria+");
}

// ---- the user's layouts

constexpr std::string_view own_layout =
    "my-meter:\n"
    "  form: positional\n"
    "  elements: 3\n"
    "  types: {1: long-unsigned}\n"
    "  positions:\n"
    "    0: list_name\n"
    "    1: {code: \"1-0:32.7.0\", unit: V, scaler: -1}\n";

TEST(AUsersLayout, names_a_list_that_nobody_knew) {
  const TemporaryDirectory directory;
  const std::string apdu = list_of({octet_string("MINE"), u16(2341), u32(7)});
  EXPECT_EQ(Decoded(apdu).value("1-0:32.7.0"), "-");

  const LayoutsLoaded loaded = load_layouts(directory.file("my.yaml", std::string{own_layout}));
  ASSERT_EQ(lines(loaded.faults), "");
  const Decoded decoded{apdu, make_list_layouts(loaded.layouts)};

  EXPECT_EQ(decoded.value("1-0:32.7.0"), "234.1 V");
  EXPECT_EQ(decoded.telegram.identification, "MINE");
  EXPECT_EQ(decoded.telegram.items.size(), 1U);
}

TEST(AUsersLayout, changes_one_scale_and_leaves_the_rest_to_the_shipped_ones) {
  const LayoutsLoaded loaded = load_layouts_text(
      "mine: {form: pairs, list: \"Kamstrup*\", scales: {\"1-1:*.8.0\": {unit: Wh}}}\n", "f");
  const Decoded decoded{list_of(kamstrup("1-1:0.0.1", "684")), make_list_layouts(loaded.layouts)};

  EXPECT_EQ(decoded.value("1-1:1.8.0"), "1234567 Wh");
  EXPECT_EQ(decoded.value("1-1:31.7.0"), "4.38 A");
  EXPECT_EQ(decoded.telegram.layout, "mine");
}

TEST(UsersLayouts, come_from_the_files_of_a_directory_by_name) {
  const TemporaryDirectory directory;
  directory.file("b.yaml", "second: {form: pairs, scales: {\"1-0:1.7.0\": {unit: W}}}\n");
  directory.file("a.yml", "first: {form: pairs, scales: {\"1-0:1.7.0\": {unit: W}}}\n");
  directory.file("notes.txt", "no layout: [\n");
  const auto path = directory.file("p1meter.conf", "layouts: .\n");

  const Loaded loaded = load_file(path);

  EXPECT_EQ(lines(loaded.faults), "");
  ASSERT_EQ(loaded.settings.layouts.size(), 2U);
  EXPECT_EQ(loaded.settings.layouts[0].name, "first");
  EXPECT_EQ(loaded.settings.layouts[1].name, "second");
}

TEST(UsersLayouts, show_their_faults_beside_those_of_the_configuration) {
  const TemporaryDirectory directory;
  const auto own = directory.file("own.yaml", "a: {form: pairs}\nb: {form: list}\n");
  const auto path = directory.file("p1meter.yaml", "layouts: own.yaml\nlog: {level: x}\n");

  const auto text = lines(load_file(path).faults);

  EXPECT_TRUE(contains(text, path + ":2:14: log.level")) << text;
  EXPECT_TRUE(contains(text, own + ":1:1: a: 'scales' is missing")) << text;
  EXPECT_TRUE(contains(text, own + ":2:11: b.form: found 'list', expected ")) << text;
}

TEST(UsersLayouts, that_are_not_there_are_a_fault_where_they_are_named) {
  const TemporaryDirectory directory;
  const auto path = directory.file("p1meter.yaml", "layouts: absent\n");

  const auto text = lines(load_file(path).faults);

  EXPECT_TRUE(contains(text, path + ":1:10: layouts: ")) << text;
  EXPECT_TRUE(contains(text, "cannot be read")) << text;
}

TEST(ALayout, says_what_is_wrong_with_it_and_where) {
  struct Case {
    std::string_view yaml;
    std::string_view fault;
  };
  const Case cases[] = {
      {"[]\n", "f:1:1: "},
      {"a: 5\n", "f:1:4: a: "},
      {"\"A b\": {form: pairs, scales: {}}\n", "f:1:1: A b: expected a layout's name"},
      {"a: {scales: {}}\n",
       "f:1:1: a: 'form' is missing: structures, pairs, described or positional"},
      {"a: {form: pairs, scals: {}, scales: {}}\n",
       "f:1:18: a.scals: unknown key; did you mean 'scales'?"},
      {"a: {form: pairs, list: \"\", scales: {}}\n", "f:1:24: a.list: "},
      {"a: {form: pairs, profile: autria, scales: {}}\n",
       "a.profile: found 'autria', expected a meter profile like austria; did you mean 'austria'?"},
      {"a: {form: pairs, elements: 0, scales: {}}\n", "expected a number from 1 to 65535"},
      {"a: {form: pairs, scales: {\"1-0:1.8\": {unit: Wh}}}\n", "expected an OBIS code or pattern"},
      {"a: {form: pairs, scales: {\"1-0:1/300.8.0\": {unit: Wh}}}\n",
       "expected an OBIS code or pattern"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {unit: parsec}}}\n",
       "a.scales.1-0:1.8.0.unit: found 'parsec', expected a unit"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {unit: Wh, scaler: 19}}}\n",
       "expected a power of ten from -18 to 18"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {unit: Wh, scaler: 0.1}}}\n",
       "expected a power of ten from -18 to 18"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {scaler: 1}}}\n", "'unit' is missing"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {}}}\n",
       "expected {unit: Wh, scaler: 1}, unknown, or a list of them"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": maybe}}\n",
       "expected {unit: Wh, scaler: 1}, unknown, or a list of them"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {unit: Wh, code: x}}}\n", "unknown key"},
      {"a:\n  form: pairs\n  scales:\n    \"1-0:*.8.0\": {unit: Wh}\n    \"1-0:1.8.0\": {unit: "
       "Wh}\n",
       "f:5:5: a.scales.1-0:1.8.0: line 4 takes these codes already"},
      {"a:\n  form: pairs\n  scales:\n    \"1-0:1.8.0\": [{unit: Wh}, {unit: Wh, scaler: 1}]\n",
       "f:4:5: a.scales.1-0:1.8.0[1]: line 4 takes these codes already"},
      {"a: {form: pairs, scales: {\"1-0:1.8.0\": {unit: Wh, up_to: -1}}}\n",
       "expected the greatest number as sent that has this scale"},
      {"a: {form: positional, elements: 1, positions: {0: {code: \"1-0:1.7.0\", unit: W, up_to: "
       "9}}}\n",
       "unknown key"},
      {"a: {form: pairs, types: {0: enum}, scales: {}}\n",
       "only a positional list is known by its types"},
      {"a: {form: pairs, positions: {1: list_name}}\n", "only a positional list has list_name"},
      {"a: {form: pairs, contains: [\"1-0:1/2.8.0\"], scales: {}}\n", "a.contains: "},
      {"a: {form: positional, positions: {0: \"1-0:1.7.0\"}}\n", "'elements' is missing"},
      {"a: {form: positional, elements: 2}\n", "'positions' is missing"},
      {"a: {form: positional, elements: 2, positions: {2: \"1-0:1.7.0\"}}\n",
       "f:1:48: a.positions.2: the list has only 2 elements"},
      {"a: {form: positional, elements: 200, positions: {128: \"1-0:1.7.0\"}}\n",
       "expected a position from 0 to 127"},
      {"a: {form: positional, elements: 2, positions: {1: \"1-0:1.7.0\", 01: \"1-0:2.7.0\"}}\n",
       "position 1 is there already"},
      {"a: {form: positional, elements: 2, positions: {0: \"1-0:1.7.0\", 1: \"1-0:1.7.0\"}}\n",
       "position 0 is the same"},
      {"a: {form: positional, elements: 2, positions: {0: \"1-0:1.7\"}}\n", "expected a code like"},
      {"a: {form: positional, elements: 2, positions: {0: {unit: W}}}\n", "'code' is missing"},
      {"a: {form: positional, elements: 2, positions: {0: {code: \"1-0:1.7.0\", units: W}}}\n",
       "did you mean 'unit'?"},
      {"a: {form: positional, elements: 2, positions: {0: clock_time}}\n",
       "clock_time and clock_date go together"},
      {"a: {form: positional, elements: 2, scales: {}, positions: {0: list_name}}\n",
       "a positional list has no codes"},
      {"a: {form: positional, elements: 2, types: {0: u32}, positions: {0: list_name}}\n",
       "expected a type like long-unsigned"},
      {"a: {form: positional, elements: 2, types: {0: [enum, long-unsignd]}, positions: {0: "
       "list_name}}\n",
       "did you mean 'long-unsigned'?"},
      {"a: {form: positional, elements: 2, types: {0: enum, 00: enum}, positions: {0: "
       "list_name}}\n",
       "position 0 is there already"},
      {"a: {form: pairs, scales: {}}\na: {form: pairs, scales: {}}\n", "written twice"},
      {"a: [\n", "f:"},
  };
  for (const Case& one : cases) {
    EXPECT_TRUE(contains(faults_of(one.yaml), one.fault))
        << one.yaml << faults_of(one.yaml) << one.fault;
  }
  EXPECT_EQ(faults_of(""), "");
}

TEST(ALayout, has_all_its_faults_shown_at_once) {
  const auto text = faults_of(
      "a: {form: positional, elements: x, positions: {0: y, 1: {code: z, unit: q}}, more: 1}\nb: "
      "5\n");

  EXPECT_EQ(std::ranges::count(text, '\n'), 5) << text;
}

TEST(ALayout, is_left_out_for_a_fault_that_is_one_too_many_to_be_shown) {
  std::string many;
  for (std::size_t i = 0; i < fault_limit; ++i) many += "x,";
  const auto loaded = load_layouts_text(
      "a: {form: structures, types: {0: [" + many + "]}}\nb: {form: positional}\n", "user.yaml");

  EXPECT_EQ(loaded.faults.size(), fault_limit + 1);
  EXPECT_TRUE(loaded.layouts.empty());
}

}  // namespace
}  // namespace p1meter::settings
