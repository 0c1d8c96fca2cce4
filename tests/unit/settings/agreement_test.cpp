// SPDX-License-Identifier: Apache-2.0
// Settings tests: validation, schema, reference configuration and documentation agree.
#include <gtest/gtest.h>
#include <set>

#include "json_of_yaml.hpp"
#include "loading_text.hpp"
#include "settings/definition.hpp"
#include "settings/docs.hpp"
#include "support/process.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using p1meter::test::Process;
using p1meter::test::source_path;
using p1meter::test::source_text;
using test::contains;
using test::lines;

constexpr std::string_view how_to_update =
    "cmake --build build/release --target update_settings_docs";

/// Takes the '#' from keys that are only shown.
std::string with_shown_keys(const std::string& text) {
  std::string result;
  bool indentation = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool shown = text[i] == '#' && indentation && i + 1 < text.size() && text[i + 1] != ' ' &&
                       text[i + 1] != '\n';
    indentation = text[i] == '\n' || (indentation && text[i] == ' ');
    if (!shown) result += text[i];
  }
  return result;
}

/// The paths of all values of a document, by the names of the definition.
void collect(const YamlNode& node, const std::string& path, std::set<std::string>& paths) {
  paths.insert(path);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (node.kind == YamlNode::Kind::list) {
      collect(node.items[i], path + "[]", paths);
    } else {
      const bool named = path == "readings" || path == "obis";
      collect(node.items[i], join_path(path, named ? "*" : node.keys[i].text), paths);
    }
  }
}

YamlNode tree_of(std::string_view text) {
  FaultList faults{"f"};
  YamlNode root = parse_yaml(text, faults);
  EXPECT_EQ(lines(faults.take_faults()), "");
  return root;
}

TEST(TheShippedReference, equals_the_definition) {
  EXPECT_EQ(source_text("config/p1meter.reference.yaml"), reference_yaml()) << how_to_update;
}

TEST(TheShippedSchema, equals_the_definition) {
  EXPECT_EQ(source_text("config/p1meter.schema.json"), json_schema()) << how_to_update;
}

TEST(TheDocumentation, equals_the_definition) {
  const auto document = source_text("docs/configuration.md");

  EXPECT_EQ(document, with_reference(document)) << how_to_update;
  EXPECT_EQ(with_reference("no marks"), "");
}

TEST(TheReference, is_valid_and_means_the_same_as_nothing) {
  const auto reference = test::good(reference_yaml());
  const auto nothing = test::good("");

  EXPECT_EQ(reference.meters, nothing.meters);
  EXPECT_EQ(reference.mqtt, nothing.mqtt);
  EXPECT_EQ(reference.obis, nothing.obis);
  EXPECT_EQ(reference.log.level, nothing.log.level);
  for (const auto kind : {ReadingKind::cumulative, ReadingKind::instantaneous, ReadingKind::text}) {
    for (const std::string_view name : {"energy_import_total", "power_net", "voltage_l1"}) {
      KeyInfo key;
      key.key = name;
      key.kind = kind;
      EXPECT_EQ(reference.readings.policy(key), nothing.readings.policy(key)) << name;
    }
  }
}

TEST(TheReference, shows_every_key_and_each_that_it_shows_is_valid) {
  std::set<std::string> shown;
  const auto text = with_shown_keys(reference_yaml());

  collect(tree_of(text), "", shown);

  for (const auto& key : keys()) EXPECT_TRUE(shown.contains(key.path)) << key.path;
  for (const auto& fault : test::load(text).faults) {
    EXPECT_TRUE(contains(fault.message, "No such file")) << to_string(fault);
  }
}

TEST(TheReference, explains_every_key) {
  const auto text = reference_yaml();
  for (const auto& key : keys()) {
    EXPECT_FALSE(key.meaning.empty()) << key.path;
    EXPECT_FALSE(key.example.empty()) << key.path;
    EXPECT_TRUE(contains(reference_markdown(), "`" + std::string{name_of(key.path)} + "`"));
  }
}

TEST(TheDefinition, has_a_valid_example_for_every_key) {
  const p1meter::test::TemporaryDirectory directory;
  for (const auto& key : keys()) {
    std::string yaml;
    int depth = 0;
    std::string_view rest = key.path;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('.'), rest.size());
      std::string_view name = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const bool list = name.ends_with("[]");
      if (list) name.remove_suffix(2);
      const bool reading = key.path.starts_with("readings.");
      yaml += std::string(static_cast<std::size_t>(depth++) * 2, ' ');
      yaml += name == "*" ? (reading ? "\"1-0:1.7.0\"" : "\"1-0:94.99.9\"") : std::string{name};
      yaml += rest.empty() ? ": " + std::string{key.example} + '\n' : ":\n";
      if (list) yaml += std::string(static_cast<std::size_t>(depth++) * 2, ' ') + "-\n";
    }
    if (key.path.starts_with("mqtt.messages[]")) {
      for (const std::string needed : {"on: statistics", "topic: x"}) {
        const std::string name = needed.substr(0, needed.find(':'));
        if (name_of(key.path) != name) yaml += "      " + needed + '\n';
      }
    }
    if (key.path.starts_with("obis.*") && key.path != "obis.*.key") yaml += "    key: some_key\n";

    for (const auto& fault : test::load(yaml).faults) {
      const bool needs_more = contains(fault.message, "No such file") ||
                              contains(fault.message, "without its certificate");
      EXPECT_TRUE(needs_more) << yaml << to_string(fault);
    }
  }
}

TEST(TheDefinition, has_a_section_above_every_key) {
  for (const auto& key : keys()) {
    EXPECT_NE(find_section(parent_of(key.path)), nullptr) << key.path;
  }
}

struct Sample {
  std::string yaml;
  bool valid;
};

/// Right and wrong in each way that a schema can see.
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {"", true},
      {reference_yaml(), true},
      {"meters:\nmqtt:\nreadings:\nobis:\nlog:\n", true},
      {"meters: [{name: a, source: auto}, {name: b-2, source: \"tcp://h:1\"}]", true},
      {"version: 1", true},
      {"version: 2", false},
      {"version: 1.5", false},
      {"version: \"1\"", false},
      {"meters: []", false},
      {"meters: {}", false},
      {"meters: [{name: Home}]", false},
      {"meters: [{name: \"\"}]", false},
      {"meters: [{nam: home}]", false},
      {"meters: [{source: usb}]", false},
      {"meters: [{source: /dev/ttyUSB0}]", true},
      {"meters: [{serial: {baud: auto}}]", true},
      {"meters: [{serial: {baud: 9600, data_bits: 7}}]", true},
      {"meters: [{serial: {baud: \"9600\"}}]", false},
      {"meters: [{serial: {baud: 1}}]", false},
      {"meters: [{serial: {parity: mark}}]", false},
      {"meters: [{crc: none}]", false},
      {"meters: [{telegram_limit: 64KiB}]", true},
      {"meters: [{telegram_limit: 65536}]", true},
      {"meters: [{telegram_limit: 1}]", false},
      {"meters: [{telegram_limit: big}]", false},
      {"meters: [{source: \"simulator:dsmr5\", live: true}]", true},
      {"meters: [{live: yes}]", false},
      {"meters: [{decryption_key: \"\"}]", false},
      {"meters: [{decryption_key: 0x36 0xc6 0x66 0x39 0xe4 0x8a 0x8c 0xa4 0xd6 0xbc 0x8b 0x28 0x2a "
       "0x79 0x3b 0xbb}]",
       true},
      {"meters: [{decryption_key: 36C66639E48A8CA4D6BC8B282A793BBB}]", true},
      {"meters: [{decryption_key: 11111111111111111111111111111111}]", true},
      {"meters: [{decryption_key: \" 0x36c66639:e48a8ca4-d6bc8b28 2a793bbb \"}]", true},
      {"meters: [{decryption_key: \"sixteen octets !\"}]", true},
      {"meters: [{decryption_key: \" sixteen octets ! \"}]", true},
      {"meters: [{decryption_key: \"fifteen octets!\"}]", false},
      {"meters: [{decryption_key: 36C66639E48A8CA4D6BC8B282A793BB}]", false},
      {"meters: [{authentication_key: 36C66639E48A8CA4D6BC8B282A793BBBB}]", false},
      {"meters: [{authentication_key: 36C66639E48A8CA4D6BC8B282A793BBG}]", false},
      {"meters: [{verify_tag: 0}]", false},
      {"mqtt: {host: a}", true},
      {"mqtt: {host: [a, \"b:1\"]}", true},
      {"mqtt: {host: {}}", false},
      {"mqtt: {host: true}", false},
      {"mqtt: {port: 1883}", true},
      {"mqtt: {port: 0}", false},
      {"mqtt: {port: x}", false},
      {"mqtt: {username: 5, password: 1234}", true},
      {"mqtt: {password: [x]}", false},
      {"mqtt: {version: 5}", true},
      {"mqtt: {version: \"5\"}", true},
      {"mqtt: {version: 3.1.1}", true},
      {"mqtt: {version: 4}", false},
      {"mqtt: {base_topic: a/b}", true},
      {"mqtt: {base_topic: \"a/#\"}", false},
      {"mqtt: {base_topic: \"\"}", false},
      {"mqtt: {keep_alive: 30s}", true},
      {"mqtt: {keep_alive: 30}", false},
      {"mqtt: {tls: true}", true},
      {"mqtt: {tls: {}}", true},
      {"mqtt: {tls: yes}", false},
      {"mqtt: {tls: {insecure: true, alpn: x}}", true},
      {"mqtt: {tls: {cafile: x}}", false},
      {"mqtt: {topics: {state: {qos: 2}}}", true},
      {"mqtt: {topics: {state: {qos: 3}}}", false},
      {"mqtt: {topics: {stat: {}}}", false},
      {"readings: {default: {interval: 0, refresh: off}}", true},
      {"readings: {default: {interval: 0s}}", true},
      {"readings: {default: {interval: 5}}", false},
      {"readings: {default: {refresh: never}}", false},
      {"readings: {power_import: {deadband: 5%}}", true},
      {"readings: {power_import: {deadband: 0.5, every: 3, aggregate: max}}", true},
      {"readings: {power_import: {deadband: -1}}", false},
      {"readings: {power_import: {every: 0}}", false},
      {"readings: {power_import: {every: 1.5}}", false},
      {"readings: {power_import: {intervall: 1s}}", false},
      {"readings: {power_import: {topic: \"a+\"}}", false},
      {"readings: {\"*_l{1,2}\": {on_change: true}}", true},
      {"readings: {\"1-0:1.7.0\": {unit: kW, topic: x, name: y}}", true},
      {"readings: {Power: {}}", false},
      {"obis: {\"1-0:94.99.9\": {key: pump_hours, unit: h, factor: 0.01, kind: cumulative}}", true},
      {"obis: {\"1-0:94.99.9\": [{key: a_v, when_unit: V}, {key: a_h, when_unit: h}]}", true},
      {"obis: {\"1-0:94.99.9\": {kex: a}}", false},
      {"obis: {\"1-0:94.99.9\": {key: a, kind: wrong}}", false},
      {"obis: {\"1-0:94.99.9\": x}", false},
      {"log: {level: debug}", true},
      {"log: {level: 1}", false},
      {"log: debug", false},
      {"foo: 1", false},
      {"- a", false},
  };
  return all;
}

TEST(TheValidation, accepts_and_refuses_the_samples) {
  for (const auto& [yaml, valid] : samples()) {
    EXPECT_EQ(test::load(yaml).faults.empty(), valid) << yaml << '\n' << test::faults(yaml);
  }
}

TEST(TheSchema, accepts_and_refuses_the_same_samples) {
  std::string documents;
  for (const auto& sample : samples()) {
    const auto json = test::json_of(tree_of(sample.yaml));
    documents += (documents.empty() ? "" : ", ") + (json == "null" ? std::string{"{}"} : json);
  }
  Process python{{.command = {"python3", "-c",
                              "import json, sys\n"
                              "try:\n"
                              "    import jsonschema\n"
                              "except ImportError:\n"
                              "    sys.exit(77)\n"
                              "schema = json.load(open(sys.argv[1]))\n"
                              "jsonschema.Draft7Validator.check_schema(schema)\n"
                              "validator = jsonschema.Draft7Validator(schema)\n"
                              "for document in json.load(sys.stdin):\n"
                              "    print(int(validator.is_valid(document)))\n",
                              source_path("config/p1meter.schema.json")},
                  .input = '[' + documents + ']'}};

  const auto status = python.wait(std::chrono::seconds{60});
  if (status == 77 || status == 127) GTEST_SKIP() << "python3-jsonschema is not installed";

  ASSERT_EQ(status, 0) << python.err();
  const std::string verdicts = python.out();
  ASSERT_EQ(verdicts.size(), samples().size() * 2);
  for (std::size_t i = 0; i < samples().size(); ++i) {
    EXPECT_EQ(verdicts[i * 2] == '1', samples()[i].valid) << samples()[i].yaml;
  }
}

}  // namespace
}  // namespace p1meter::settings
