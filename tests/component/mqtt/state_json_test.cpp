// SPDX-License-Identifier: Apache-2.0
// Tests of the texts of messages and the names of topics.
#include "adapters/mqtt/state_json.hpp"

#include <gtest/gtest.h>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "adapters/mqtt/reasons.hpp"
#include "settings/template_text.hpp"
#include "support/fake_meter.hpp"

namespace p1meter::mqtt {
namespace {

using test::FakeMeter;

MeterTime winter(const char* utc) { return {*parse_instant(utc), 60, TimeCertainty::exact}; }

std::string state_of(const FakeMeter& meter) {
  MeterTopics topics;
  for (std::size_t i = 0; i < meter.keys().size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    const auto current = meter.current(id);
    if (current && current->time) topics.key(id).has_time = true;
  }
  std::string out = "left from before";
  write_state(meter, topics, out);
  return out;
}

TEST(AState, is_complete_json_without_any_key) {
  EXPECT_EQ(state_of(FakeMeter{}), R"({"timestamp":null,"received":null})");
}

TEST(AState, holds_known_keys_as_null_until_they_have_a_value) {
  FakeMeter meter;
  meter.know("power_import");
  meter.set("power_export", "0.000");

  EXPECT_EQ(state_of(meter),
            R"({"power_import":null,"power_export":0.000,"timestamp":null,"received":null})");
}

TEST(AState, leaves_out_keys_that_are_not_published) {
  FakeMeter meter;
  meter.set("power_import", "1");
  meter.set("text_message", std::string{"x"});
  meter.hide("text_message");

  EXPECT_EQ(state_of(meter), R"({"power_import":1,"timestamp":null,"received":null})");
}

TEST(AState, gives_times_with_offset_and_ours_in_utc) {
  FakeMeter meter;
  meter.time = winter("2024-01-15T13:00:02Z");
  meter.received = *parse_instant("2024-01-15T13:00:02.125Z");
  meter.set("gas_volume", *parse_decimal("00112.384"), winter("2024-01-15T12:55:00Z"));

  EXPECT_EQ(state_of(meter),
            R"({"gas_volume":112.384,"gas_volume_time":"2024-01-15T13:55:00+01:00",)"
            R"("timestamp":"2024-01-15T14:00:02+01:00","received":"2024-01-15T13:00:02.125Z"})");
}

TEST(AState, never_calls_a_time_without_zone_an_instant) {
  FakeMeter meter;
  auto unplaced = winter("2024-01-15T12:55:00Z");
  unplaced.certainty = TimeCertainty::zone_unknown;
  meter.set("gas_volume", *parse_decimal("1"), unplaced);

  EXPECT_EQ(state_of(meter),
            R"({"gas_volume":1,"gas_volume_time":null,"timestamp":null,"received":null})");
  EXPECT_EQ(time_text({.value = *parse_decimal("1"), .time = unplaced}), "");
}

TEST(AState, keeps_the_member_of_a_time_whose_value_is_gone) {
  FakeMeter meter;
  MeterTopics topics;
  meter.know("gas_volume");
  topics.key(0).has_time = true;
  std::string out;
  write_state(meter, topics, out);

  EXPECT_EQ(out, R"({"gas_volume":null,"gas_volume_time":null,"timestamp":null,"received":null})");
}

TEST(AState, has_one_member_timestamp_although_a_reading_is_called_so) {
  FakeMeter meter;
  meter.set("timestamp", std::string{"2024-01-15T14:00:02+01:00"}, std::nullopt, ReadingKind::time);
  meter.time = winter("2024-01-15T13:00:02Z");

  EXPECT_EQ(state_of(meter), R"({"timestamp":"2024-01-15T14:00:02+01:00","received":null})");
}

TEST(AState, escapes_texts_and_replaces_what_is_no_utf_8) {
  FakeMeter meter;
  meter.set("text_message", std::string{"a\"b\\c\n\x01\xFF"}, std::nullopt, ReadingKind::text);

  EXPECT_EQ(state_of(meter),
            "{\"text_message\":\"a\\\"b\\\\c\\n\\u0001\xEF\xBF\xBD\",\"timestamp\":null,"
            "\"received\":null}");
}

TEST(AScalar, is_the_bare_value) {
  EXPECT_EQ(scalar_text(*parse_decimal("001234.560"), ReadingKind::cumulative), "1234.560");
  EXPECT_EQ(scalar_text(*parse_decimal("99999999.999"), ReadingKind::cumulative), "99999999.999");
  EXPECT_EQ(scalar_text(std::string_view{"a \"b\""}, ReadingKind::text), "a \"b\"");
  EXPECT_EQ(scalar_text(std::string_view{"\xC3\xA9 \x80"}, ReadingKind::text),
            "\xC3\xA9 \xEF\xBF\xBD");
  EXPECT_EQ(scalar_text(Value{}, ReadingKind::setting), "");
}

TEST(AScalar, is_compact_json_where_the_value_is_a_list) {
  const std::vector<ListRow> rows{
      {.stamp = std::nullopt, .time = winter("2023-06-21T08:24:10Z"), .value = Decimal{4757, 0}}};
  EXPECT_EQ(scalar_text(std::span<const ListRow>{rows}, ReadingKind::failure_log),
            R"([{"end":"2023-06-21T09:24:10+01:00","duration":4757}])");
}

KeyInfo key_named(const std::string& key, const std::string& topic = {}) {
  KeyInfo info;
  info.key = key;
  info.topic = topic;
  return info;
}

std::string topic_of(const BaseTopic& base, const KeyInfo& key,
                     std::string_view keys = "{base}/{meter}/{topic}") {
  const auto parsed = settings::parse_template(keys, settings::TemplateScope::key_topic);
  return key_topic(parsed.value(), base, {"home", "E0047", &key}, {}).value_or("(none)");
}

TEST(AKeysTopic, is_the_key_a_last_level_or_a_whole_topic) {
  const BaseTopic base{"p1meter", "p1meter"};

  EXPECT_EQ(topic_of(base, key_named("power_import")), "p1meter/home/power_import");
  EXPECT_EQ(topic_of(base, key_named("power_import", "actual")), "p1meter/home/actual");
  EXPECT_EQ(topic_of(base, key_named("power_import", "meter/actual")), "meter/actual");
}

TEST(AKeysTopic, stays_below_the_test_topic_in_a_test_run) {
  const BaseTopic base{"p1meter-test", "p1meter"};

  EXPECT_EQ(topic_of(base, key_named("k", "actual")), "p1meter-test/home/actual");
  EXPECT_EQ(topic_of(base, key_named("k", "meter/actual")), "p1meter-test/meter/actual");
  EXPECT_EQ(topic_of(base, key_named("k", "p1meter/x/y")), "p1meter-test/x/y");
  EXPECT_EQ(topic_of(base, key_named("k", "{base}/x/y")), "p1meter-test/x/y");
  EXPECT_EQ(topic_of(base, key_named("k"), "tele/{base}/{topic}"),
            "p1meter-test/tele/p1meter-test/k");
}

TEST(AKeysTopic, is_filled_in) {
  const BaseTopic base{"a/b", "a/b"};
  KeyInfo gas = key_named("gas2_volume", "{key}_m3");
  gas.device = Device::gas;
  gas.device_number = 2;
  gas.obis = parse_obis("0-2:24.2.1");

  EXPECT_EQ(topic_of(base, gas, "{base}/{device}/{topic}"), "a/b/gas2/gas2_volume_m3");
  EXPECT_EQ(topic_of(base, gas, "x/{meter}/{obis}"), "x/home/0-2:24.2.1");
  EXPECT_EQ(topic_of(base, gas, "{equipment_id}/{key}"), "E0047/gas2_volume");
  EXPECT_EQ(topic_of(base, key_named("power_net"), "{device}/{obis}"), "electricity/power_net");
}

TEST(AKeysTopic, holds_no_character_that_a_topic_cannot) {
  const BaseTopic base{"p1meter", "p1meter"};
  const KeyInfo key = key_named("k");
  const auto parsed =
      settings::parse_template("{equipment_id}/{key}", settings::TemplateScope::key_topic);

  EXPECT_EQ(key_topic(*parsed, base, {"home", "a/b+c#\n", &key}, {}), "a_b_c__/k");
  EXPECT_EQ(key_topic(*parsed, base, {"home", "", &key}, {}), std::nullopt);
}

TEST(ATopic, is_not_published_to_when_a_broker_would_end_the_connection_for_it) {
  EXPECT_TRUE(publishable("p1meter/home/state"));
  EXPECT_FALSE(publishable(""));
  EXPECT_FALSE(publishable("a/+/b"));
  EXPECT_FALSE(publishable("a/#"));
  EXPECT_FALSE(publishable(std::string_view{"a\0b", 3}));
  EXPECT_FALSE(publishable(std::string(70'000, 'a')));
}

TEST(AClientId, is_stable_short_and_different_for_each_role_and_configuration) {
  const auto id = derive_client_id("machine", "/etc/p1meter.yaml", "p1meter", "run");
  EXPECT_EQ(id.size(), 20U) << id;
  EXPECT_TRUE(id.starts_with("p1meter-"));
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef", 8), std::string::npos);
  EXPECT_EQ(id, derive_client_id("machine", "/etc/p1meter.yaml", "p1meter", "run"));
  EXPECT_NE(id, derive_client_id("machine", "/etc/p1meter.yaml", "p1meter", "homie"));
  EXPECT_NE(id, derive_client_id("machine", "/etc/other.yaml", "p1meter", "run"));
  EXPECT_NE(derive_client_id("ab", "c", "d", "e"), derive_client_id("a", "bc", "d", "e"));
}

TEST(AReasonCode, is_told_in_words_and_by_number_when_it_is_unknown) {
  EXPECT_NE(reason_text(0x86).find("password"), std::string::npos);
  EXPECT_NE(reason_text(4).find("password"), std::string::npos);
  EXPECT_EQ(reason_text(0xEE), "reason code 238");
  EXPECT_TRUE(refuses_version(1));
  EXPECT_TRUE(refuses_version(0x84));
  EXPECT_FALSE(refuses_version(0x86));
}

}  // namespace
}  // namespace p1meter::mqtt
