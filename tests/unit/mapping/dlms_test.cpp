// SPDX-License-Identifier: Apache-2.0
// Mapping of binary telegrams: numbers come without characters.
#include <gtest/gtest.h>

#include "p1meter/mapping/meter_profile.hpp"
#include "settings/settings.hpp"

namespace p1meter::test {
namespace {

constexpr std::string_view bytes{"\x06\x00\x01\x02\x03", 5};  // what raw holds: never shown

/// A list as the DLMS decoder gives it.
class List {
 public:
  List() {
    telegram_.protocol = Protocol::dlms;
    telegram_.link = Link::hdlc;
    telegram_.integrity = Integrity::ok;
  }
  List& number(std::string_view code, Decimal value, Unit unit) {
    CosemObject& object = add(code);
    object.number = value;
    object.unit = unit;
    object.has_unit = unit != Unit::none;
    return *this;
  }
  List& unscaled(std::string_view code, std::int64_t value) {
    CosemObject& object = add(code);
    object.number = Decimal{value, 0};
    object.scale_unknown = true;
    return *this;
  }
  List& text(std::string_view code, std::string_view text) {
    add(code).text = text;
    if (code.ends_with(":0.2.129")) telegram_.identification = text;
    return *this;
  }
  List& time(const MeterClock& clock) {
    telegram_.time = clock;
    add("0-0:1.0.0").time = clock;
    return *this;
  }
  List& on_mbus() {
    telegram_.link = Link::mbus;
    return *this;
  }
  List& profile(std::string_view name) {
    telegram_.profile = name;
    return *this;
  }
  [[nodiscard]] const Telegram& telegram() const { return telegram_; }

 private:
  CosemObject& add(std::string_view code) {
    CosemObject object;
    object.obis = parse_obis(code).value();
    object.raw = bytes;
    return telegram_.objects.emplace_back(object);
  }
  Telegram telegram_{};
};

class BinaryMeter {
 public:
  explicit BinaryMeter(MapperOptions options = {}) : mapper_{table_, std::move(options)} {}

  void map(const List& list) {
    list_ = list;
    mapped_ = mapper_.map(list_.telegram(), parse_instant("2024-01-15T13:00:03Z").value());
  }
  [[nodiscard]] std::string value(std::string_view key) const {
    for (const Reading& reading : mapped_.readings) {
      if (mapper_.keys()[reading.key].key != key) continue;
      if (const auto* number = std::get_if<Decimal>(&reading.value)) {
        return to_string(*number) + std::string{unit_text(reading.unit)};
      }
      if (const auto* text = std::get_if<std::string_view>(&reading.value)) {
        return std::string{*text};
      }
      return "list";
    }
    return "";
  }
  [[nodiscard]] std::string unknown() const {
    std::string all;
    for (const UnknownObject& object : mapped_.unknown) {
      all += to_string(object.obis) + '=' + std::string{object.text} + ' ';
    }
    return all;
  }
  [[nodiscard]] std::string problems() const {
    std::string all;
    for (const Problem& problem : mapped_.problems) {
      all += std::string{problem_name(problem.code)} + '(' + std::string{problem.text} + ") ";
    }
    return all;
  }
  [[nodiscard]] const MappedTelegram& mapped() const { return mapped_; }

 private:
  ObisTable table_{settings::make_obis_table()};
  Mapper mapper_;
  List list_{};
  MappedTelegram mapped_{};
};

TEST(ABinaryList, gives_its_numbers_in_the_default_units) {
  BinaryMeter meter;
  meter.map(List{}
                .text("1-1:0.2.129", "AIDON_V0001")
                .text("0-0:96.1.0", "7359992890000000")
                .text("0-0:96.1.7", "6525")
                .number("1-0:1.7.0", {1362, 0}, Unit::watt)
                .number("1-0:31.7.0", {93, -1}, Unit::ampere)
                .number("1-0:32.7.0", {2500, -1}, Unit::volt)
                .number("1-0:1.8.0", {1234, 1}, Unit::watt_hour)
                .number("1-0:13.7.0", {985, -3}, Unit::none));
  EXPECT_EQ(meter.value("list_version"), "AIDON_V0001");
  EXPECT_EQ(meter.value("equipment_id"), "7359992890000000");
  EXPECT_EQ(meter.value("meter_type"), "6525");
  EXPECT_EQ(meter.value("power_import"), "1362W");
  EXPECT_EQ(meter.value("current_l1"), "9.3A");
  EXPECT_EQ(meter.value("voltage_l1"), "250.0V");
  EXPECT_EQ(meter.value("energy_import_total"), "12.34kWh");
  EXPECT_EQ(meter.value("power_factor"), "0.985");
  EXPECT_EQ(meter.value("power_net"), "1362W");
  EXPECT_EQ(meter.problems(), "");
  EXPECT_EQ(meter.mapped().profile, "norway");
}

List import_alone() { return List{}.number("1-0:1.7.0", {1362, 0}, Unit::watt); }

TEST(ABinaryList, of_import_alone_gives_no_net_power_before_a_fuller_list) {
  BinaryMeter meter;
  meter.map(import_alone());
  EXPECT_EQ(meter.value("power_import"), "1362W");
  EXPECT_EQ(meter.value("power_net"), "") << "list 2 with an export may follow";
  meter.map(import_alone().number("1-0:2.7.0", {0, 0}, Unit::watt));
  EXPECT_EQ(meter.value("power_net"), "1362W");
  meter.map(import_alone());
  EXPECT_EQ(meter.value("power_net"), "") << "its export is not here";
}

TEST(ABinaryList, of_import_alone_gives_the_net_power_of_a_meter_that_never_exports) {
  BinaryMeter meter;
  meter.map(List{}
                .number("1-0:1.8.0", {1234, 1}, Unit::watt_hour)
                .number("1-0:32.7.0", {2500, -1}, Unit::volt));
  meter.map(import_alone());
  EXPECT_EQ(meter.value("power_net"), "") << "that list told nothing of powers";
  meter.map(import_alone().number("1-0:32.7.0", {2500, -1}, Unit::volt));
  EXPECT_EQ(meter.value("power_net"), "1362W");
  meter.map(import_alone());
  EXPECT_EQ(meter.value("power_net"), "1362W");
}

TEST(ABinaryList, of_kamstrup_in_denmark_has_energies_of_each_phase) {
  BinaryMeter meter;
  meter.map(List{}
                .text("1-1:0.2.129", "Kamstrup_V0001")
                .text("1-1:0.0.1", "12345678")
                .text("1-1:96.1.1", "6841121BN243101040")
                .number("1-1:21.7.0", {100, 0}, Unit::watt)
                .number("1-1:42.8.0", {1234567, 0}, Unit::watt_hour)
                .number("1-1:61.8.0", {7654321, 0}, Unit::watt_hour));
  EXPECT_EQ(meter.value("equipment_id"), "12345678");
  EXPECT_EQ(meter.value("meter_type"), "6841121BN243101040");
  EXPECT_EQ(meter.value("energy_export_l2"), "1234.567kWh");
  EXPECT_EQ(meter.value("energy_import_l3"), "7654.321kWh");
  EXPECT_EQ(meter.mapped().profile, "denmark");
}

List kamstrup() {
  return List{}
      .text("1-1:0.2.129", "Kamstrup_V0001")
      .text("1-1:0.0.5", "5706567000000000")
      .unscaled("1-1:1.7.0", 1234)
      .unscaled("1-1:1.8.0", 5678)
      .unscaled("1-1:3.8.0", 90)
      .unscaled("1-1:31.7.0", 512)
      .unscaled("0-0:96.7.21", 7);
}

TEST(ABinaryNumber, without_a_scale_is_told_and_not_published) {
  BinaryMeter meter;
  meter.map(kamstrup());
  EXPECT_EQ(meter.value("equipment_id"), "5706567000000000");
  EXPECT_EQ(meter.value("power_import"), "");
  EXPECT_EQ(meter.value("energy_import_total"), "");
  EXPECT_EQ(meter.value("power_failures"), "7") << "a count has no scale";
  EXPECT_EQ(meter.unknown(), "1-1:1.7.0=1234 1-1:1.8.0=5678 1-1:3.8.0=90 1-1:31.7.0=512 ");
  EXPECT_EQ(meter.problems(),
            "scale_unknown(1234) scale_unknown(5678) scale_unknown(90) scale_unknown(512) ");
}

TEST(ABinaryNumber, takes_the_scale_of_energies_from_the_settings) {
  BinaryMeter meter{{.energy_scale = Decimal{10, 0}}};
  meter.map(kamstrup());
  EXPECT_EQ(meter.value("energy_import_total"), "56.780kWh");
  EXPECT_EQ(meter.value("reactive_energy_import_total"), "0.900kvarh");
  EXPECT_EQ(meter.value("power_import"), "");
  EXPECT_EQ(meter.problems(), "scale_unknown(1234) scale_unknown(512) ");
}

TEST(ABinaryNumber, is_published_as_sent_where_the_settings_say_so) {
  BinaryMeter meter{{.publish_unscaled = true}};
  meter.map(kamstrup());
  EXPECT_EQ(meter.value("power_import"), "1234W");
  EXPECT_EQ(meter.value("current_l1"), "512A");
  EXPECT_EQ(meter.value("energy_import_total"), "") << "energies have energy_scale";
}

TEST(ABinaryNumber, whose_scale_comes_later_counts_then) {
  BinaryMeter meter;
  meter.map(List{}.unscaled("1-0:1.7.0", 1234));
  meter.map(List{}.number("1-0:1.7.0", {1234, 0}, Unit::watt));
  EXPECT_EQ(meter.value("power_import"), "1234W");
  meter.map(List{}.unscaled("1-0:1.7.0", 1234));
  EXPECT_EQ(meter.value("power_import"), "");
}

TEST(ABinaryList, gives_codes_and_texts_as_they_stand) {
  BinaryMeter meter;
  meter.map(List{}
                .number("0-0:96.3.10", {1, 0}, Unit::none)
                .text("0-0:96.14.0", "0002")
                .text("0-0:42.0.0", "ISK1030775213859")
                .text("0-0:96.13.0", ""));
  EXPECT_EQ(meter.value("breaker_state"), "1");
  EXPECT_EQ(meter.value("tariff"), "2");
  EXPECT_EQ(meter.value("logical_device_name"), "ISK1030775213859");
}

TEST(ABinaryObject, that_no_entry_takes_is_shown_in_digits) {
  BinaryMeter meter;
  meter.map(List{}.number("17-0:1.7.0", {42, -1}, Unit::watt).text("1-0:94.99.9", "ab"));
  EXPECT_EQ(meter.unknown(), "17-0:1.7.0=4.2 1-0:94.99.9=ab ");
}

MeterClock noon_in_june() { return {.year = 2024, .month = 6, .day = 12, .hour = 12}; }

std::string time_of(const List& list, MapperOptions options = {}) {
  BinaryMeter meter{std::move(options)};
  meter.map(list);
  return to_string(meter.mapped().time.value());
}

TEST(ABinaryClock, needs_no_zone_where_it_has_a_deviation) {
  MeterClock clock = noon_in_june();
  clock.utc_offset = 120;
  EXPECT_EQ(time_of(List{}.time(clock)), "2024-06-12T12:00:00+02:00");
}

TEST(ABinaryClock, follows_its_makers_habit_in_norway) {
  const auto list = [](std::string_view version) {
    return List{}.text("1-1:0.2.129", version).time(noon_in_june());
  };
  EXPECT_EQ(time_of(list("AIDON_V0001")), "2024-06-12T12:00:00+01:00");
  EXPECT_EQ(time_of(list("Kamstrup_V0001").text("1-1:0.0.5", "5706567000000001")),
            "2024-06-12T12:00:00+01:00");
  EXPECT_EQ(time_of(list("KFM_001")), "2024-06-12T12:00:00+02:00");
  EXPECT_EQ(time_of(list("AIDON_V0001"), {.zone = Zone{60, true}}), "2024-06-12T12:00:00+02:00")
      << "the setting overrides";
}

TEST(ABinaryClock, of_kamstrup_is_norwegian_only_in_a_list_that_norway_has) {
  const auto list = [] {
    return List{}.text("1-1:0.2.129", "Kamstrup_V0001").time(noon_in_june());
  };
  EXPECT_EQ(time_of(list().text("1-1:0.0.1", "12345678")), "2024-06-12T12:00:00+02:00")
      << "push 1 of a meter without powers of its phases";
  EXPECT_EQ(time_of(list().number("1-1:21.7.0", {1, 0}, Unit::watt)), "2024-06-12T12:00:00+02:00");
  EXPECT_EQ(time_of(list()), "2024-06-12T12:00:00") << "nothing says which list it is";
}

TEST(ABinaryClock, stays_local_time_in_an_unknown_country) {
  EXPECT_EQ(time_of(List{}.time(noon_in_june())), "2024-06-12T12:00:00");
}

TEST(ABinaryMeter, keeps_its_profile_through_the_lists_that_do_not_tell_it) {
  BinaryMeter meter;
  const List named =
      List{}.text("1-1:0.2.129", "AIDON_V0001").text("0-0:96.1.0", "73599").time(noon_in_june());
  const List nameless = List{}.number("1-0:1.7.0", {1, 0}, Unit::watt).time(noon_in_june());
  for (int round = 0; round < 2; ++round) {
    meter.map(named);
    EXPECT_EQ(meter.mapped().profile, "norway");
    meter.map(nameless);
    EXPECT_EQ(meter.mapped().profile, "norway");
    EXPECT_EQ(to_string(*meter.mapped().time), "2024-06-12T12:00:00+01:00");
  }
  meter.map(List{}.text("1-1:0.2.129", "KFM_001").text("0-0:96.1.0", "73599"));
  EXPECT_EQ(meter.mapped().profile, "norway-kaifa") << "another one counts at once";
  meter.map(List{}.text("0-0:96.1.0", "73600").time(noon_in_june()));
  EXPECT_TRUE(meter.mapped().meter_changed);
  EXPECT_EQ(meter.mapped().profile, "unknown") << "another meter, of which nothing is known";
  EXPECT_EQ(to_string(*meter.mapped().time), "2024-06-12T12:00:00");
}

TEST(AMeterProfile, of_binary_lists_follows_from_what_they_hold) {
  const auto profile = [](const List& list) { return detect_profile(list.telegram()).name; };
  EXPECT_EQ(profile(List{}.text("1-1:0.2.129", "AIDON_H0001")), "sweden");
  EXPECT_EQ(profile(List{}.text("0-8:25.9.0", "")), "switzerland");
  EXPECT_EQ(profile(List{}.text("0-6:25.9.0", "")), "slovenia");
  EXPECT_EQ(profile(List{}.profile("croatia")), "croatia");
  EXPECT_EQ(profile(List{}.on_mbus()), "austria");
  EXPECT_EQ(profile(List{}), "unknown");
}

}  // namespace
}  // namespace p1meter::test
