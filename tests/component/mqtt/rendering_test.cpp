// SPDX-License-Identifier: Apache-2.0
// Tests of templates filled in, and of lines for InfluxDB.
#include "adapters/mqtt/rendering.hpp"

#include <gtest/gtest.h>

#include "adapters/mqtt/influx_line.hpp"
#include "settings/settings.hpp"
#include "settings/template_text.hpp"
#include "support/fake_meter.hpp"

namespace p1meter::mqtt {
namespace {

using test::FakeMeter;

const BaseTopic base{"p1meter", "p1meter"};
MeterTime winter(const char* utc) { return {*parse_instant(utc), 60, TimeCertainty::exact}; }

/// A meter with one reading of each sort.
class ARendering : public testing::Test {
 protected:
  ARendering() {
    meter.time = winter("2024-01-15T13:00:02Z");
    meter.received = *parse_instant("2024-01-15T13:00:02.125Z");
    KeyInfo gas;
    gas.key = "gas_volume";
    gas.name = "Gas, volume";
    gas.unit = Unit::cubic_metre;
    gas.kind = ReadingKind::cumulative;
    gas.device = Device::gas;
    gas.obis = parse_obis("0-1:24.2.1");
    meter.describe(gas);
    meter.set("gas_volume", *parse_decimal("00112.3850"), winter("2024-01-15T12:55:00Z"));
    meter.set_raw("gas_volume", "00112.3850");
    meter.set("text_message", std::string{"say \"hi\", a=b"}, std::nullopt, ReadingKind::text);
    meter.set("limit", OwnedValue{});
  }

  /// The payload as a configuration would have it, for one reading.
  std::string of_reading(const std::string& yaml, const std::string& key) {
    const auto loaded = settings::load_text(
        "readings: {default: {fields: {room: Cellar}, payload: " + yaml + "}}\n", "test.yaml");
    for (const auto& fault : loaded.faults) ADD_FAILURE() << to_string(fault);
    const auto own = loaded.settings.readings.style(meter.keys()[*meter.keys().find(key)]);
    const auto reading = *meter.current(*meter.keys().find(key));
    const KeyStyle style{.kind = &kind, .payload = &*own.payload, .own = &own};
    const std::string topic = "p1meter/x/" + key;
    const ReadingSubject subject{meter, base, "E47", reading, style, topic, key};
    std::string out;
    return render(*own.payload, lookup_in(subject), out) ? out : "(nothing)";
  }
  std::string of_state(const std::string& yaml) {
    const auto loaded =
        settings::load_text("mqtt: {topics: {state: {payload: " + yaml + "}}}\n", "test.yaml");
    for (const auto& fault : loaded.faults) ADD_FAILURE() << to_string(fault);
    std::string out;
    const bool said = render(loaded.settings.mqtt.templates.state_payload,
                             lookup_in(StateSubject{meter, base, topics}), out);
    return said ? out : "(nothing)";
  }
  std::string influx_of(const std::string& key, std::optional<int> decimals = std::nullopt) {
    const settings::ReadingStyle own{.decimals = decimals};
    const KeyStyle style{.kind = &kind, .payload = &payload, .own = &own};
    const auto reading = *meter.current(*meter.keys().find(key));
    return influx_line(ReadingSubject{meter, base, {}, reading, style, {}, {}});
  }

  void set_power(const char* digits, std::string raw, Unit raw_unit) {
    if (!meter.keys().find("power_import")) {
      KeyInfo info;
      info.key = "power_import";
      info.unit = Unit::watt;
      info.kind = ReadingKind::instantaneous;
      meter.describe(info);
    }
    meter.set("power_import", digits);
    meter.set_raw("power_import", std::move(raw), raw_unit);
  }

  FakeMeter meter{};
  MeterTopics topics{};
  const settings::TopicClass kind{};
  const settings::Payload payload{};
};

TEST_F(ARendering, fills_a_text) {
  EXPECT_EQ(of_reading("'{name}: {value} {unit}/{unit:ascii} ({raw}) {{{device}}}'", "gas_volume"),
            "Gas, volume: 112.3850 m³/m3 (00112.3850) {gas}");
  EXPECT_EQ(of_reading("'{key} {topic} {tail} {obis} {meter} {base} {equipment_id} {room}'",
                       "gas_volume"),
            "gas_volume gas_volume x/gas_volume 0-1:24.2.1 home p1meter E47 Cellar");
}

TEST_F(ARendering, takes_the_values_own_time_and_else_the_telegrams) {
  EXPECT_EQ(of_reading("'{time} {time:unix}'", "gas_volume"),
            "2024-01-15T13:55:00+01:00 1705323300");
  EXPECT_EQ(of_reading("'{time}'", "text_message"), "2024-01-15T14:00:02+01:00");
  EXPECT_EQ(of_reading("'{time:dsmr}'", "text_message"), "240115140002W");
  meter.time = MeterTime{*parse_instant("2024-10-27T00:30:05Z"), 120, TimeCertainty::exact};
  EXPECT_EQ(of_reading("'{time:dsmr}'", "text_message"), "241027023005S");
  meter.time = MeterTime{*parse_instant("2024-06-12T07:30:20Z"), 60, TimeCertainty::exact};
  EXPECT_EQ(of_reading("'{time:dsmr}'", "text_message"), "240612083020W") << "standard all year";
  EXPECT_EQ(of_reading("'{received} {received:unix}'", "text_message"),
            "2024-01-15T13:00:02.125Z 1705323602");
}

TEST_F(ARendering, says_nothing_of_a_time_whose_zone_nobody_knows) {
  meter.time->certainty = TimeCertainty::zone_unknown;

  EXPECT_EQ(of_reading("'{time}'", "text_message"), "(nothing)");
  EXPECT_EQ(of_reading("{v: '{value}', t: '{time}'}", "text_message"),
            R"({"v":"say \"hi\", a=b"})");
}

TEST_F(ARendering, gives_json_the_type_of_what_stands_alone) {
  EXPECT_EQ(of_reading("{v: '{value}', r: '{raw}', t: '{time:unix}', x: '{value} m3', "
                       "l: ['{unit}', {d: '{device}'}], fixed: '5'}",
                       "gas_volume"),
            R"({"v":112.3850,"r":"00112.3850","t":1705323300,"x":"112.3850 m3",)"
            R"("l":["m³",{"d":"gas"}],"fixed":"5"})");
  EXPECT_EQ(of_reading("{v: '{value}', u: '{unit}', o: '{obis}'}", "limit"), R"({"v":null})");
}

TEST_F(ARendering, gives_the_meters_own_digits_with_the_meters_own_unit) {
  set_power("389", "00.389", Unit::kilowatt);
  EXPECT_EQ(of_reading("'{raw} {raw:unit}, {value} {unit}'", "power_import"), "00.389 kW, 389 W");
  EXPECT_EQ(of_state("{r: '{power_import:raw}', u: '{power_import:raw_unit}'}"),
            R"({"r":"00.389","u":"kW"})");

  set_power("389", "", Unit::none);  // a mean
  EXPECT_EQ(of_reading("'{raw} {raw:unit}'", "power_import"), "389 W");
}

TEST_F(ARendering, gives_a_value_in_the_meters_own_digits_where_they_say_the_same) {
  set_power("389", "000389", Unit::watt);
  EXPECT_EQ(of_reading("{v: '{value:raw}', u: '{unit}'}", "power_import"),
            R"({"v":"000389","u":"W"})");
  set_power("389", "00.389", Unit::kilowatt);
  EXPECT_EQ(of_reading("{v: '{value:raw}', u: '{unit}'}", "power_import"),
            R"({"v":"389","u":"W"})");
  EXPECT_EQ(of_reading("'{value:raw}'", "text_message"), "say \"hi\", a=b");
}

TEST_F(ARendering, has_no_digits_of_a_list) {
  meter.set("log", OwnedValue{std::vector<ListRow>{}}, std::nullopt, ReadingKind::failure_log);
  EXPECT_EQ(of_reading("{v: '{value}', r: '{raw}', d: '{value:raw}', u: '{raw:unit}'}", "log"),
            R"({"v":[],"r":null,"d":null})");
}

TEST_F(ARendering, gives_json_the_numbers_and_words_that_stand_there_without_quotes) {
  EXPECT_EQ(of_reading("{v: '{value}', i: 5, d: -1.50, e: 1e3, z: 0, t: true, f: false, n: null, "
                       "l: [1, '1', null]}",
                       "gas_volume"),
            R"({"v":112.3850,"i":5,"d":-1.50,"e":1e3,"z":0,"t":true,"f":false,"n":null,)"
            R"("l":[1,"1",null]})");
  EXPECT_EQ(of_reading("{q: 'true', n: \"null\", s: '5', y: yes, x: 0x1F, o: 007, p: +5, d: 5., "
                       "c: .5, w: True, u: 5 m, e: 1e}",
                       "gas_volume"),
            R"({"q":"true","n":"null","s":"5","y":"yes","x":"0x1F","o":"007","p":"+5","d":"5.",)"
            R"("c":".5","w":"True","u":"5 m","e":"1e"})");
}

TEST_F(ARendering, rounds_half_to_even) {
  const auto digits = [](Decimal number, int decimals) {
    return to_string(std::get<Decimal>(rounded(Value{number}, decimals)));
  };
  EXPECT_EQ(digits({1123850, -4}, 2), "112.38");
  EXPECT_EQ(digits({1123851, -4}, 2), "112.39");
  EXPECT_EQ(digits({25, -1}, 0), "2");
  EXPECT_EQ(digits({35, -1}, 0), "4");
  EXPECT_EQ(digits({-25, -1}, 0), "-2");
  EXPECT_EQ(digits({5, 0}, 2), "5") << "nothing is added";
}

TEST_F(ARendering, fills_a_state_with_what_the_meter_has) {
  EXPECT_EQ(of_state("{g: '{gas_volume}', r: '{gas_volume:raw}', u: '{gas_volume:unit}', "
                     "t: '{gas_volume:time}', x: '{gas_volume:unix}', at: '{timestamp:unix}', "
                     "m: '{meter}', none: '{power_import}'}"),
            R"({"g":112.3850,"r":"00112.3850","u":"m³","t":"2024-01-15T13:55:00+01:00",)"
            R"("x":1705323300,"at":1705323602,"m":"home"})");
  EXPECT_EQ(of_state("'{power_import}'"), "(nothing)");
}

TEST_F(ARendering, tells_a_key_that_is_gone_from_one_that_never_was) {
  meter.lose("gas_volume");

  EXPECT_EQ(of_state("{g: '{gas_volume}', p: '{power_import}'}"), R"({"g":null})");
}

TEST_F(ARendering, writes_a_line_for_each_reading) {
  EXPECT_EQ(influx_of("gas_volume"),
            "p1meter,meter=home,key=gas_volume value=112.3850 1705323300000000000");
  EXPECT_EQ(influx_of("gas_volume", 1),
            "p1meter,meter=home,key=gas_volume value=112.4 1705323300000000000");
  EXPECT_EQ(influx_of("text_message"),
            R"(p1meter,meter=home,key=text_message text="say \"hi\", a=b" 1705323602000000000)");
  EXPECT_EQ(influx_of("limit"), "");
}

TEST_F(ARendering, escapes_what_a_line_would_take_for_its_own) {
  FakeMeter other{"my home,a=b"};
  other.set("text_message", std::string{"two\nlines\\"}, std::nullopt, ReadingKind::text);
  const auto reading = *other.current(*other.keys().find("text_message"));
  const KeyStyle style{.kind = &kind, .payload = &payload, .own = nullptr};

  EXPECT_EQ(influx_line(ReadingSubject{other, base, {}, reading, style, {}, {}}),
            R"(p1meter,meter=my\ home\,a\=b,key=text_message text="two lines\\")");
}

TEST_F(ARendering, writes_one_line_of_all_numbers_of_a_state) {
  meter.set("power_import", "193");

  EXPECT_EQ(influx_line(StateSubject{meter, base, topics}),
            "p1meter,meter=home gas_volume=112.3850,power_import=193 1705323602000000000");
  EXPECT_EQ(influx_line(StateSubject{FakeMeter{}, base, topics}), "");
}

}  // namespace
}  // namespace p1meter::mqtt
