// SPDX-License-Identifier: Apache-2.0
// Settings tests: the mqtt section.
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "loading_text.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using p1meter::test::TemporaryDirectory;
using test::contains;
using test::faults;
using test::good;
using test::lines;

TEST(ABrokerSection, takes_every_key) {
  const auto mqtt = good(
                        "mqtt:\n"
                        "  host: [a, \"b:8883\", \"[::1]:1\"]\n"
                        "  port: 1884\n"
                        "  username: user\n"
                        "  password: \"pass word\"\n"
                        "  version: 3.1.1\n"
                        "  base_topic: home/p1\n"
                        "  client_id: me\n"
                        "  keep_alive: 30s\n"
                        "  tls: {alpn: [x, y], insecure: true}\n"
                        "  topics:\n"
                        "    raw: {enabled: true, qos: 2, retain: true}\n"
                        "    state: {retain: false}\n")
                        .mqtt;

  EXPECT_EQ(mqtt.brokers, (std::vector<BrokerAddress>{{"a", 1884}, {"b", 8883}, {"::1", 1}}));
  EXPECT_EQ(mqtt.username, "user");
  EXPECT_EQ(mqtt.password, "pass word");
  EXPECT_EQ(mqtt.version, MqttVersion::v3_1_1);
  EXPECT_EQ(mqtt.base_topic, "home/p1");
  EXPECT_EQ(mqtt.client_id, "me");
  EXPECT_EQ(mqtt.keep_alive, seconds{30});
  ASSERT_TRUE(mqtt.tls);
  EXPECT_EQ(mqtt.tls->alpn, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(mqtt.tls->insecure);
  EXPECT_EQ(mqtt.raw, (TopicClass{true, 2, true}));
  EXPECT_EQ(mqtt.state, (TopicClass{true, 0, false}));
  EXPECT_EQ(mqtt.status, MqttSettings{}.status);
}

TEST(ABrokerSection, leaves_the_port_open_when_none_is_given) {
  EXPECT_EQ(good("mqtt: {host: h}\n").mqtt.brokers, (std::vector<BrokerAddress>{{"h", 0}}));
  EXPECT_EQ(good("mqtt: {host: h, port: auto}\n").mqtt.brokers[0].port, 0);
  EXPECT_EQ(good("mqtt: {host: h, version: 5}\n").mqtt.version, MqttVersion::v5);
  EXPECT_TRUE(good("mqtt: {host: \"\"}\n").mqtt.brokers.empty());
  EXPECT_TRUE(good("mqtt: {host: []}\n").mqtt.brokers.empty());
}

TEST(ABrokerSection, turns_tls_on_and_off_in_a_word) {
  EXPECT_TRUE(good("mqtt: {tls: true}\n").mqtt.tls);
  EXPECT_TRUE(good("mqtt: {tls: {}}\n").mqtt.tls);
  EXPECT_TRUE(good("mqtt:\n  tls:\n").mqtt.tls);
  EXPECT_FALSE(good("mqtt: {tls: false}\n").mqtt.tls);
  EXPECT_TRUE(contains(faults("mqtt: {tls: yes}\n"), "expected true, false or a mapping"));
  EXPECT_TRUE(contains(faults("mqtt: {tls: [ca]}\n"), "expected true, false or a mapping"));
}

TEST(ABrokerSection, shows_all_its_faults_at_once) {
  EXPECT_EQ(
      faults("mqtt:\n"
             "  host: [\"mqtt://h\", {}]\n"
             "  port: 70000\n"
             "  keep_alive: 10\n"
             "  version: 4\n"
             "  base_topic: a/#\n"
             "  topics: {state: {qos: 3}, stat: {}}\n"),
      "2:10: mqtt.host[0]: found \"mqtt://h\", expected a host name or address alone, without "
      "mqtt:// (port, username and tls are keys of their own)\n"
      "2:22: mqtt.host[1]: found a mapping, expected a host name or address; or a list of these\n"
      "3:9: mqtt.port: found '70000', expected a number from 1 to 65535, or auto\n"
      "4:15: mqtt.keep_alive: found '10', expected a time from 5s to 1h (500ms, 10s, 5min, 1h)\n"
      "5:12: mqtt.version: found '4', expected auto, 5 or 3.1.1\n"
      "6:15: mqtt.base_topic: found 'a/#', expected a topic without + and #\n"
      "7:25: mqtt.topics.state.qos: found '3', expected a number from 0 to 2\n"
      "7:29: mqtt.topics.stat: unknown key; did you mean 'state'?\n");
}

TEST(AText, has_no_control_characters_that_escapes_could_bring) {
  for (const std::string_view text : {"a\\0b", "a\\x7Fb", "a\\nb", "\\u0001"}) {
    EXPECT_TRUE(contains(faults("mqtt: {username: \"" + std::string{text} + "\"}\n"),
                         "expected printable characters"))
        << text;
  }
}

TEST(APassword, is_never_shown_by_a_fault) {
  const std::string secret = "hunter2";
  for (const std::string& text :
       {"mqtt: {password: [" + secret + "]}\n", "mqtt: {password: {" + secret + ": x}}\n",
        "mqtt: " + secret + "\n", "mqtt: {pasword: " + secret + "}\n",
        "mqtt: {host: \"mqtt://u:" + secret + "@h\"}\n",
        "mqtt: {password: " + secret + ", password_file: /nope}\n",
        "mqtt: {password: a" + std::string(65535, 'x') + secret + "}\n"}) {
    EXPECT_NE(faults(text), "") << text.substr(0, 100);
    EXPECT_FALSE(contains(faults(text), secret)) << text.substr(0, 100);
  }
}

class APasswordFile : public testing::Test {
 protected:
  Loaded load_with(const std::string& password_file, const std::string& more = "") {
    const auto path = directory_.file(
        "p1meter.yaml", "mqtt: {host: h, password_file: \"" + password_file + "\"" + more + "}\n");
    return load_file(path);
  }
  void private_file(const std::string& name, const std::string& text) {
    chmod(directory_.file(name, text).c_str(), 0600);
  }

  TemporaryDirectory directory_{};
};

TEST_F(APasswordFile, gives_the_password_without_its_line_end) {
  private_file("secret", "pass word\n");
  private_file("dos", "pass word\r\n");
  private_file("bare", "pass word");

  for (const std::string name : {"secret", "dos", "bare"}) {
    const auto loaded = load_with(name);

    EXPECT_EQ(lines(loaded.faults) + lines(loaded.warnings), "");
    EXPECT_EQ(loaded.settings.mqtt.password, "pass word") << name;
  }
  EXPECT_EQ(load_with((directory_.path() / "secret").string()).settings.mqtt.password, "pass word");
}

TEST_F(APasswordFile, is_a_fault_when_it_cannot_be_used) {
  private_file("empty", "\n");
  private_file("binary", std::string{"a\0b", 3});
  private_file("huge", std::string(100'000, 'x'));
  const auto pipe = (directory_.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);

  for (const std::string name : {"absent", "empty", "binary", "huge", "pipe", "."}) {
    const auto loaded = load_with(name);

    ASSERT_EQ(loaded.faults.size(), 1U) << name << '\n' << lines(loaded.faults);
    EXPECT_TRUE(contains(to_string(loaded.faults[0]), ":1:32: mqtt.password_file: the file "));
  }
}

TEST_F(APasswordFile, excludes_a_password) {
  private_file("secret", "x\n");

  const auto loaded = load_with("secret", ", password: y");

  ASSERT_EQ(loaded.faults.size(), 1U);
  EXPECT_TRUE(contains(loaded.faults[0].message, "password and password_file are both given"));
}

TEST_F(APasswordFile, may_be_a_credential_of_systemd) {
  private_file("mqtt", "from systemd\n");
  setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  for (const std::string name :
       {"%d/mqtt", "$CREDENTIALS_DIRECTORY/mqtt", "${CREDENTIALS_DIRECTORY}/mqtt"}) {
    const auto loaded = load_with(name);

    EXPECT_EQ(lines(loaded.faults), "");
    EXPECT_EQ(loaded.settings.mqtt.password, "from systemd") << name;
  }
  unsetenv("CREDENTIALS_DIRECTORY");

  const auto outside = load_with("%d/mqtt");

  EXPECT_EQ(lines(outside.faults), "");
  ASSERT_EQ(outside.warnings.size(), 1U);
  EXPECT_TRUE(contains(outside.warnings[0].message, "not read: systemd passes credentials"));
}

TEST_F(APasswordFile, that_systemd_should_have_passed_is_a_fault_of_who_connects_with_it) {
  const auto path = directory_.file("p1meter.yaml", "mqtt: {password_file: \"%d/mqtt\"}\n");

  const auto loaded = load_file(path, Credentials::expected);

  EXPECT_EQ(lines(loaded.faults),
            path +
                ":1:23: mqtt.password_file: systemd has passed no credentials "
                "($CREDENTIALS_DIRECTORY is not set): "
                "'LoadCredential=mqtt:/path/of/the/file' under [Service] (systemctl edit "
                "p1meter) passes it\n");
  EXPECT_EQ(lines(loaded.warnings), "");
}

TEST_F(APasswordFile, that_is_not_among_the_credentials_says_how_it_comes_there) {
  setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  const auto loaded = load_with("%d/mqtt");
  unsetenv("CREDENTIALS_DIRECTORY");

  EXPECT_TRUE(contains(lines(loaded.faults),
                       "/mqtt cannot be used: No such file or directory; "
                       "'LoadCredential=mqtt:/path/of/the/file' under [Service]"))
      << lines(loaded.faults);
}

class ATlsSection : public testing::Test {
 protected:
  Loaded load_with_credentials(Credentials credentials = Credentials::optional) {
    const auto path =
        directory_.file("p1meter.yaml",
                        "mqtt: {host: h, tls: {ca: \"%d/ca\", certificate: \"%d/certificate\", "
                        "key: \"${CREDENTIALS_DIRECTORY}/key\"}}\n");
    return load_file(path, credentials);
  }

  TemporaryDirectory directory_{};
};

TEST_F(ATlsSection, may_name_credentials_of_systemd) {
  for (const std::string name : {"ca", "certificate", "key"}) directory_.file(name, "x\n");
  setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  const auto loaded = load_with_credentials(Credentials::expected);
  unsetenv("CREDENTIALS_DIRECTORY");

  EXPECT_EQ(lines(loaded.faults), "");
  const auto& tls = *loaded.settings.mqtt.tls;
  EXPECT_EQ(tls.ca, (directory_.path() / "ca").string());
  EXPECT_EQ(tls.certificate, (directory_.path() / "certificate").string());
  EXPECT_EQ(tls.key, (directory_.path() / "key").string());
}

TEST_F(ATlsSection, says_of_each_credential_that_systemd_has_not_passed_what_to_do) {
  const auto looked_at = load_with_credentials();
  const auto connected = load_with_credentials(Credentials::expected);

  EXPECT_EQ(lines(looked_at.faults), "");
  EXPECT_EQ(looked_at.warnings.size(), 3U) << lines(looked_at.warnings);
  ASSERT_EQ(connected.faults.size(), 3U) << lines(connected.faults);
  EXPECT_TRUE(
      contains(to_string(connected.faults[0]), ":1:27: mqtt.tls.ca: systemd has passed no"));
  EXPECT_TRUE(contains(connected.faults[2].message, "'LoadCredential=key:/path/of/the/file'"));
}

TEST_F(ATlsSection, says_how_a_credential_that_is_missing_comes_there) {
  setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  const auto loaded = load_with_credentials();
  unsetenv("CREDENTIALS_DIRECTORY");

  ASSERT_EQ(loaded.faults.size(), 3U) << lines(loaded.faults);
  EXPECT_TRUE(contains(loaded.faults[1].message,
                       "/certificate cannot be read: No such file or directory; "
                       "'LoadCredential=certificate:/path/of/the/file'"));
}

TEST_F(APasswordFile, or_a_configuration_that_everybody_can_read_is_warned_about) {
  chmod(directory_.file("open", "x\n").c_str(), 0644);
  const auto inline_password = directory_.file("inline.yaml", "mqtt: {password: x}\n");

  EXPECT_TRUE(contains(lines(load_with("open").warnings), "everybody on this machine can read"));
  chmod(inline_password.c_str(), 0644);
  EXPECT_TRUE(contains(lines(load_file(inline_password).warnings), ":1:18: mqtt.password: "));
  chmod(inline_password.c_str(), 0640);
  EXPECT_EQ(lines(load_file(inline_password).warnings), "");
}

TEST_F(APasswordFile, is_not_the_only_file_that_must_be_there) {
  const auto ca = directory_.file("ca.pem", "x");
  const auto path =
      directory_.file("tls.yaml", "mqtt: {tls: {ca: ca.pem, certificate: no.pem, key: no.key}}\n");

  const auto loaded = load_file(path);

  EXPECT_EQ(loaded.settings.mqtt.tls->ca, ca);
  ASSERT_EQ(loaded.faults.size(), 2U);
  EXPECT_TRUE(contains(loaded.faults[0].message, "no.pem cannot be read: No such file"));
  EXPECT_TRUE(contains(faults("mqtt: {tls: {key: /dev/null}}\n"), "without its certificate"));
}

TEST(AConfigurationFile, that_cannot_be_read_is_one_fault) {
  const TemporaryDirectory directory;
  const auto unreadable = [](const std::string& path) {
    const auto loaded = load_file(path);
    EXPECT_EQ(loaded.faults.size(), 1U) << path;
    return lines(loaded.faults);
  };

  EXPECT_EQ(unreadable("/nowhere/p1meter.yaml"),
            "/nowhere/p1meter.yaml: cannot be read: No such file or directory\n");
  EXPECT_TRUE(contains(unreadable(directory.path().string()), "Is a directory"));
  EXPECT_TRUE(contains(unreadable("/dev/zero"), "larger than 1048576 bytes"));
}

TEST(AHomieSection, is_off_unless_a_version_is_given) {
  EXPECT_EQ(good("mqtt: {host: h}\n").homie.version, HomieVersion::off);
  EXPECT_EQ(good("homie: {version: off}\n").homie.version, HomieVersion::off);
  EXPECT_EQ(good("homie: {version: 4}\n").homie.version, HomieVersion::v4);
  const auto homie = good("homie: {version: 5, domain: house}\n").homie;
  EXPECT_EQ(homie.version, HomieVersion::v5);
  EXPECT_EQ(homie.domain, "house");
}

TEST(AHomieSection, refuses_other_versions_and_domains_of_several_levels) {
  EXPECT_TRUE(contains(faults("homie: {version: 3}\n"), "homie.version: "));
  for (const char* domain : {"a/b", "+", "\"#\"", "$x", "\"\""})
    EXPECT_TRUE(
        contains(faults(std::string{"homie: {domain: "} + domain + "}\n"), "homie.domain: "))
        << domain;
}

}  // namespace
}  // namespace p1meter::settings
