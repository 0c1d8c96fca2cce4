// SPDX-License-Identifier: Apache-2.0
// Settings tests: templates of topics and payloads, and what is wrong with them.
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/template_reader.hpp"

namespace p1meter::settings {
namespace {

using test::contains;
using test::faults;
using test::good;
using test::warnings;
using Scope = TemplateScope;

TextTemplate parsed(std::string_view text, Scope scope = Scope::key_topic,
                    const TemplateNames& names = {}) {
  const auto result = parse_template(text, scope, names);
  EXPECT_TRUE(result) << text;
  return result.value_or(TextTemplate{});
}

std::string refusal(std::string_view text, Scope scope = Scope::key_topic) {
  const auto result = parse_template(text, scope);
  return result ? "accepted"
                : std::to_string(result.error().offset) + ": " + result.error().message;
}

TEST(ATemplate, is_texts_and_placeholders_in_turn) {
  const auto topic = parsed("{base}/x/{topic}!");

  ASSERT_EQ(topic.pieces.size(), 4U);
  EXPECT_EQ(topic.pieces[0].word, Word::base);
  EXPECT_EQ(topic.pieces[1].text, "/x/");
  EXPECT_EQ(topic.pieces[2].word, Word::topic);
  EXPECT_EQ(topic.pieces[3].text, "!");
  EXPECT_EQ(topic.written, "{base}/x/{topic}!");
  EXPECT_TRUE(topic.begins_with(Word::base));
}

TEST(ATemplate, takes_doubled_braces_as_braces) {
  const auto text = parsed("{{\"v\":{value}}}", Scope::reading);

  ASSERT_EQ(text.pieces.size(), 3U);
  EXPECT_EQ(text.pieces[0].text, "{\"v\":");
  EXPECT_EQ(text.pieces[1].word, Word::value);
  EXPECT_EQ(text.pieces[2].text, "}");
}

TEST(ATemplate, knows_forms_where_there_are_any) {
  EXPECT_EQ(parsed("{time:unix}", Scope::reading).pieces[0].form, WordForm::unix_time);
  EXPECT_EQ(parsed("{unit:ascii}", Scope::reading).pieces[0].form, WordForm::ascii);
  EXPECT_EQ(refusal("{unit:asci}", Scope::reading),
            "0: {unit} has no form 'asci'; did you mean 'ascii'?");
  EXPECT_EQ(refusal("{value:unix}", Scope::reading), "0: {value} has no form 'unix'; expected raw");
}

TEST(ATemplate, says_where_a_brace_is_wrong) {
  EXPECT_TRUE(contains(refusal("ab{base"), "2: found '{' without a placeholder"));
  EXPECT_TRUE(contains(refusal("a{}"), "1: found '{' without a placeholder"));
  EXPECT_TRUE(contains(refusal("{\"v\": 1}"), "0: found '{' without a placeholder"));
  EXPECT_TRUE(contains(refusal("base}"), "4: found '}' without '{'"));
}

TEST(ATemplate, names_what_may_have_been_meant) {
  EXPECT_EQ(refusal("x{bsae}"), "1: unknown placeholder {bsae}; did you mean 'base'?");
  EXPECT_EQ(refusal("{value}", Scope::daemon_topic),
            "0: unknown placeholder {value}; expected base");
}

TEST(ATemplate, knows_fields_and_keys_of_the_configuration) {
  const TemplateNames names{.fields = {"metric"}, .keys_known = [] {
                              return std::vector<std::string_view>{"power_import"};
                            }};

  EXPECT_EQ(parsed("{metric}", Scope::reading, names).pieces[0].word, Word::field);
  EXPECT_EQ(parsed("{power_import:raw}", Scope::state, names).pieces[0].word, Word::reading);
  EXPECT_FALSE(parse_template("{power_import}", Scope::reading, names));
}

TEST(TopicsOfClasses, are_read_as_templates) {
  const auto mqtt = good(
                        "mqtt: {topics: {keys: {topic: '{base}/s/{topic}/state', payload: raw}, "
                        "status: {topic: 'tele/{base}/LWT', online: Online, offline: Offline}}}\n")
                        .mqtt;

  EXPECT_EQ(mqtt.templates.keys.written, "{base}/s/{topic}/state");
  EXPECT_EQ(mqtt.templates.keys_payload.form, Payload::Form::raw);
  EXPECT_EQ(mqtt.templates.status.written, "tele/{base}/LWT");
  EXPECT_EQ(mqtt.templates.online, "Online");
  EXPECT_EQ(mqtt.templates.offline, "Offline");
  EXPECT_EQ(mqtt.templates.state.written, "{base}/{meter}/state");
}

TEST(TopicsOfClasses, tell_their_faults_with_line_and_column) {
  EXPECT_EQ(faults("mqtt:\n  topics:\n    state: {topic: \"{base}/{metre}/x\"}\n"),
            "3:28: mqtt.topics.state.topic: unknown placeholder {metre}; did you mean 'meter'?\n");
  EXPECT_EQ(faults("mqtt: {topics: {raw: {topic: 'a/#/{meter}'}}}\n"),
            "1:30: mqtt.topics.raw.topic: found \"a/#/{meter}\", expected a topic without + and "
            "#\n");
  EXPECT_TRUE(contains(faults("mqtt: {topics: {raw: {topic: \"a\\0/{meter}\"}}}\n"), "1:"));
  EXPECT_TRUE(contains(faults("mqtt: {topics: {keys: {topic: '{base}//{key}'}}}\n"),
                       "without empty levels"));
}

constexpr std::string_view two_meters =
    "meters: [{name: a, source: '-'}, {name: b, source: 'file:x'}]\n";

TEST(TopicsOfClasses, must_tell_several_meters_apart) {
  EXPECT_EQ(faults(std::string{two_meters} + "mqtt: {topics: {keys: {topic: '{base}/{topic}'}}}\n"),
            "2:31: mqtt.topics.keys.topic: expected {meter} in it: both meters would share this "
            "topic\n");
  EXPECT_EQ(faults(std::string{two_meters} +
                   "mqtt: {topics: {keys: {topic: '{base}/{equipment_id}/{topic}'}}}\n"),
            "");
  EXPECT_EQ(faults("mqtt: {topics: {keys: {topic: '{base}/{topic}'}}}\n"), "");
}

TEST(APayload, is_a_form_a_text_or_json) {
  const auto rules = good(
                         "readings:\n"
                         "  power_import: {payload: influx}\n"
                         "  power_export: {payload: \"{value} {unit}\"}\n"
                         "  power_net: {payload: {v: \"{value}\", l: [\"{unit}\", x]}}\n")
                         .readings.rules();

  EXPECT_EQ(rules[0].payload->form, Payload::Form::influx);
  EXPECT_EQ(rules[1].payload->form, Payload::Form::text);
  const auto& tree = rules[2].payload->tree;
  EXPECT_EQ(rules[2].payload->form, Payload::Form::tree);
  EXPECT_EQ(tree.names, (std::vector<std::string>{"v", "l"}));
  EXPECT_TRUE(tree.items[0].leaf.is_one_word());
  EXPECT_EQ(tree.items[1].kind, JsonTemplate::Kind::list);
}

TEST(APayload, has_its_faults_where_they_stand) {
  EXPECT_EQ(faults("readings:\n  power_import:\n    payload:\n      a: {b: \"x {valeu}\"}\n"),
            "4:17: readings.power_import.payload.a.b: unknown placeholder {valeu}; did you mean "
            "'value'?\n");
  EXPECT_TRUE(
      contains(faults("readings: {power_import: {payload: {a: {value}}}}\n"), "must be quoted"));
  EXPECT_TRUE(contains(faults("mqtt: {topics: {state: {payload: raw}}}\n"),
                       "expected json, influx, a text or a mapping"));
}

TEST(APayload, is_warned_about_where_the_meters_digits_stand_beside_the_unit_of_the_value) {
  EXPECT_EQ(warnings("mqtt: {messages: [{on: state, topic: a, payload: [{r: '{raw}', u: "
                     "'{unit:ascii}'}]}]}\n"),
            "test.yaml:1:50: mqtt.messages[0].payload: {raw} is in the meter's own unit, which may "
            "be another "
            "than the one beside it; {raw:unit} is that one\n");
  EXPECT_TRUE(contains(warnings("readings: {default: {payload: '{raw} {unit}'}}\n"), "{raw:unit}"));
  EXPECT_TRUE(contains(warnings("mqtt: {topics: {state: {payload: {r: '{power_import:raw}', u: "
                                "'{power_import:unit}'}}}}\n"),
                       "{power_import:raw_unit} is that one"));
  for (const char* payload : {"'{raw} {raw:unit}'", "'{value:raw} {unit}'",
                              "'{value} {unit} {raw}'", "'{raw}'", "'{value} {unit}'"}) {
    EXPECT_EQ(warnings("readings: {default: {payload: " + std::string{payload} + "}}\n"), "");
  }
}

TEST(APayload, of_statistics_knows_the_present_time) {
  EXPECT_EQ(faults("mqtt: {messages: [{on: statistics, topic: a, payload: '{now} {now:unix}'}]}\n"),
            "");
}

TEST(ABaseTopic, that_is_empty_is_told_that_it_must_not_be) {
  EXPECT_TRUE(contains(faults("mqtt: {base_topic: ''}\n"), "must not be empty"));
}

TEST(APayload, of_the_state_knows_the_keys_there_are) {
  EXPECT_EQ(faults("mqtt: {topics: {state: {payload: {p: '{power_import}', g: '{gas2_volume:raw}', "
                   "u: '{power_net:unit}', t: '{gas_volume:unix}', z: '{timestamp:unix}'}}}}\n"),
            "");
  EXPECT_EQ(faults("mqtt: {topics: {state: {payload: '{powr_import}'}}}\n"),
            "1:35: mqtt.topics.state.payload: unknown placeholder {powr_import}; did you mean "
            "'power_import'?\n");
  EXPECT_EQ(faults("obis: {\"1-0:94.99.9\": {key: pump_hours, unit: h}}\n"
                   "mqtt: {topics: {state: {payload: '{pump_hours}'}}}\n"),
            "");
}

TEST(Fields, are_placeholders_wherever_they_are_written) {
  const auto settings = good(
      "mqtt: {topics: {keys: {payload: {m: '{metric}'}}}}\n"
      "readings:\n"
      "  default: {fields: {metric: general, room: cellar}}\n"
      "  power_import: {fields: {metric: GridPower}}\n");
  KeyInfo key;
  key.key = "power_import";

  EXPECT_EQ(settings.readings.style(key).fields,
            (std::map<std::string, std::string>{{"metric", "GridPower"}, {"room", "cellar"}}));
  EXPECT_TRUE(
      contains(faults("readings: {default: {fields: {value: x}}}\n"), "{value} has a meaning"));
  EXPECT_TRUE(contains(faults("readings: {default: {fields: {a b: x}}}\n"), "expected a name"));
}

TEST(APayload, reads_the_same_again_with_its_literals_and_the_texts_that_look_like_them) {
  const std::string tree =
      "{a: 5, b: \"5\", c: -1.50, d: \"-1.50\", e: true, f: \"true\", g: null, h: \"null\", i: "
      "007}";
  const auto payload =
      *good("readings: {power_net: {payload: " + tree + "}}\n").readings.rules()[0].payload;

  EXPECT_EQ(payload_yaml(payload), tree);
  EXPECT_EQ(payload.tree.items[0].kind, JsonTemplate::Kind::literal);
  EXPECT_EQ(payload.tree.items[1].kind, JsonTemplate::Kind::leaf);
}

TEST(APayload, may_have_a_null_with_an_anchor) {
  EXPECT_EQ(faults("readings: {power_net: {payload: {d: &x null, e: *x}}}\n"), "");
}

TEST(Messages, are_read_in_order) {
  const auto messages =
      good(
          "mqtt:\n"
          "  messages:\n"
          "    - {on: state, topic: '{base}/json', payload: [{m: '{tail}', r: '{raw}'}], qos: 1}\n"
          "    - {on: statistics, topic: 'sys/{hostname}', payload: '{memory_free}', "
          "interval: 5min, retain: true}\n")
          .mqtt.messages;

  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].on, MqttMessage::On::state);
  EXPECT_TRUE(messages[0].payload.lists_readings());
  EXPECT_EQ(messages[0].qos, 1);
  EXPECT_EQ(messages[1].on, MqttMessage::On::statistics);
  EXPECT_EQ(messages[1].interval, std::chrono::minutes{5});
  EXPECT_TRUE(messages[1].retain);
}

TEST(Messages, say_what_is_missing_or_out_of_place) {
  EXPECT_EQ(faults("mqtt: {messages: [{on: state}]}\n"),
            "1:19: mqtt.messages[0]: topic is missing\n");
  EXPECT_TRUE(contains(faults("mqtt: {messages: [{topic: a}]}\n"), "on is missing"));
  EXPECT_TRUE(contains(faults("mqtt: {messages: [{on: state, topic: a, interval: 1min}]}\n"),
                       "only messages on statistics have an interval"));
  EXPECT_TRUE(contains(faults("mqtt: {messages: [{on: statistics, topic: a, payload: "
                              "'{power_import}'}]}\n"),
                       "unknown placeholder {power_import}"));
  EXPECT_TRUE(
      contains(faults("mqtt: {messages: [{on: state, topic: a, payload: ['{key}', '{raw}']}]}\n"),
               "expected a list of one element"));
  EXPECT_TRUE(contains(faults("mqtt: {messages: [5]}\n"), "expected a mapping with on and topic"));
}

TEST(TopicsOfReadings, may_hold_placeholders_but_not_themselves) {
  EXPECT_EQ(faults("readings: {power_import: {topic: '{base}/total/{key}'}}\n"), "");
  EXPECT_TRUE(contains(faults("readings: {power_import: {topic: 'x/{topic}'}}\n"),
                       "unknown placeholder {topic}"));
}

TEST(TopicsOfReadings, are_compared_as_they_will_be) {
  EXPECT_TRUE(contains(faults("readings:\n"
                              "  power_import: {topic: '{base}/x'}\n"
                              "  power_export: {topic: p1meter/x}\n"),
                       "3:25: readings.power_export.topic: found 'p1meter/x', expected another: "
                       "readings.power_import at 2:25 has it already"));
  EXPECT_TRUE(contains(faults("mqtt: {topics: {keys: {topic: '{base}/{topic}'}}}\n"
                              "readings: {power_import: {topic: p1meter/power_export}}\n"),
                       "it is the topic of the key power_export"));
  EXPECT_EQ(faults("mqtt: {topics: {keys: {topic: '{base}/{topic}'}}}\n"
                   "readings: {power_import: {topic: 'p1meter/home/power_export'}}\n"),
            "");
  EXPECT_EQ(
      faults(std::string{two_meters} + "readings: {power_import: {topic: '{base}/{meter}/x/y'}}\n"),
      "");
}

}  // namespace
}  // namespace p1meter::settings
