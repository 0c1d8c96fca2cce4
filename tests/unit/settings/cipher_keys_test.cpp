// SPDX-License-Identifier: Apache-2.0
// Settings tests: the keys of meters that encrypt.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using p1meter::test::TemporaryDirectory;
using test::contains;
using test::faults;
using test::good;
using test::lines;

const std::string digits = "36C66639E48A8CA4D6BC8B282A793BBB";

std::optional<CipherKey> key_of(std::string_view text) { return *parse_cipher_key(text); }

TEST(AMetersKeys, are_read) {
  const auto meter = good(
                         "meters:\n- decryption_key: 36c66639-e48a8ca4-d6bc8b28-2a793bbb\n"
                         "  authentication_key: \"sixteen octets !\"\n"
                         "  verify_tag: false\n")
                         .meters[0];

  const auto keys = meter.cipher.keys();
  ASSERT_TRUE(keys);
  EXPECT_TRUE(key_of(digits) == keys->encryption);
  EXPECT_TRUE(key_of("sixteen octets !") == keys->authentication);
  EXPECT_FALSE(keys->verify_tag);
}

TEST(AMetersKeys, are_none_and_tags_are_checked_when_nothing_is_said) {
  const auto meter = good("meters: [{name: home}]").meters[0];
  EXPECT_FALSE(meter.cipher.keys());
  const auto keys = good("meters: [{decryption_key: " + digits + "}]").meters[0].cipher.keys();
  ASSERT_TRUE(keys);
  EXPECT_FALSE(keys->authentication);
  EXPECT_TRUE(keys->verify_tag);
}

TEST(AMetersKeys, belong_to_one_meter) {
  const auto settings = good("meters:\n- {name: a, source: \"-\", decryption_key: " + digits +
                             "}\n- {name: b, source: \"file:x\"}\n");
  EXPECT_TRUE(settings.meters[0].cipher.keys());
  EXPECT_FALSE(settings.meters[1].cipher.keys());
  EXPECT_FALSE(settings.meters[0].cipher == settings.meters[1].cipher);
}

TEST(AMetersKeys, say_what_is_wrong_with_them) {
  EXPECT_EQ(faults("meters: [{decryption_key: 36C66639E48A8CA4D6BC8B282A793BB}]"),
            "1:27: meters[0].decryption_key: found a value that is not shown, expected 32 hex "
            "digits, not 31\n");
  EXPECT_EQ(faults("meters: [{decryption_key: \"\"}]"),
            "1:27: meters[0].decryption_key: found \"\", expected 32 hex digits or 16 ASCII "
            "characters, or no such line\n");
  EXPECT_EQ(faults("meters: [{decryption_key: " + digits + ", authentication_key: ''}]"),
            "1:81: meters[0].authentication_key: found \"\", expected 32 hex digits or 16 ASCII "
            "characters, or no such line\n");
  EXPECT_EQ(faults("meters: [{authentication_key: [a]}]"),
            "1:31: meters[0].authentication_key: found a list, expected 32 hex digits or 16 ASCII "
            "characters\n");
}

TEST(AMetersKeys, have_no_effect_alone) {
  for (const std::string_view alone : {"authentication_key: sixteen-octets-!", "verify_tag: false",
                                       "authentication_key_file: \"%d/x\""}) {
    EXPECT_TRUE(contains(test::warnings("meters: [{" + std::string{alone} + "}]"),
                         "has no effect without decryption_key"));
  }
}

TEST(AMetersKeys, are_never_shown_by_a_fault) {
  const std::string ascii = "Zq7+aB.c/dEfghij";
  for (const std::string& secret :
       {digits, digits + "00", digits.substr(1), "0x" + digits, ascii}) {
    for (const std::string name : {"decryption_key", "authentication_key"}) {
      for (const std::string& text : {
               name + ": [" + secret + "]",
               name + ": {" + secret + ": x}",
               name + ": \"" + secret + "?\"",
               name + ": !" + secret,
               name + ": *" + secret,
               name + ": &" + secret,
               name + ": " + secret + ": x",
               name + ":" + secret,
               "nam: 1, " + name + ": " + secret,
               name + "s: " + secret,
               name + ": " + secret + ", " + name + "_file: /nope",
               name + ": " + secret + ", " + name + ": " + secret,
               name + "_file: \"" + secret + "\"",
           }) {
        for (const std::string& yaml :
             {"meters: [{" + text + "}]\n", "meters:\n- source: auto\n  " + text + "\n",
              "meters: " + text + "\n"}) {
          const auto loaded = test::load(yaml);
          const auto said = lines(loaded.faults) + lines(loaded.warnings);
          EXPECT_FALSE(contains(said, secret.substr(2, 12))) << yaml << said;
        }
      }
    }
  }
}

TEST(AMetersKeys, are_masked_when_shown) {
  const auto settings = good("meters: [{decryption_key: " + digits +
                             ", authentication_key: " + digits + ", verify_tag: false}]");
  const auto shown = effective_yaml(settings);

  EXPECT_TRUE(contains(shown, "decryption_key: \"****************\""));
  EXPECT_TRUE(contains(shown, "authentication_key: \"****************\""));
  EXPECT_TRUE(contains(shown, "verify_tag: false"));
  EXPECT_FALSE(contains(shown, "36C6"));
  EXPECT_TRUE(good(shown).meters[0].cipher.keys());
  EXPECT_FALSE(contains(shown, "36c6"));
  EXPECT_FALSE(contains(effective_yaml(good("")), "decryption_key:"));
}

class AKeyFile : public testing::Test {
 protected:
  Loaded load_with(const std::string& entries) {
    return load_file(directory_.file("p1meter.yaml", "meters: [{" + entries + "}]\n"));
  }
  void private_file(const std::string& name, const std::string& text) {
    chmod(directory_.file(name, text).c_str(), 0600);
  }

  TemporaryDirectory directory_{};
};

TEST_F(AKeyFile, gives_the_key) {
  private_file("key", digits + '\n');
  private_file("ak.key", "\xEF\xBB\xBF  sixteen octets !\r\n");

  const auto loaded = load_with("decryption_key_file: key, authentication_key_file: ak.key");

  EXPECT_EQ(lines(loaded.faults) + lines(loaded.warnings), "");
  EXPECT_TRUE(loaded.settings.meters[0].cipher.decryption_key == key_of(digits));
  EXPECT_TRUE(loaded.settings.meters[0].cipher.authentication_key == key_of("sixteen octets !"));
}

TEST_F(AKeyFile, belongs_to_one_meter) {
  private_file("key", digits);
  const auto path =
      directory_.file("p1meter.yaml",
                      "meters:\n- {name: a, source: \"-\", decryption_key_file: key}\n"
                      "- {name: b, source: \"file:x\"}\n");
  const auto loaded = load_file(path);
  EXPECT_TRUE(loaded.settings.meters[0].cipher.keys());
  EXPECT_FALSE(loaded.settings.meters[1].cipher.keys());
}

TEST_F(AKeyFile, without_a_key_is_a_fault_that_does_not_show_it) {
  private_file("short.key", digits.substr(1));
  private_file("two.key", digits + "\n" + digits + "\n");
  private_file("empty.key", "\n");
  private_file("binary.key", std::string{"\0\1\2", 3});
  private_file("huge.key", std::string(1000, 'A'));

  for (const auto& [name, message] :
       {std::pair{"short.key", "the file holds no key: expected 32 hex digits, not 31"},
        std::pair{"two.key", "the file holds no key: expected 32 hex digits or 16 ASCII"},
        std::pair{"empty.key", "cannot be used: it is empty"},
        std::pair{"binary.key", "cannot be used: it is no text"},
        std::pair{"huge.key", "cannot be used: it is larger than"},
        std::pair{"absent.key", "/absent.key cannot be used: No such file"},
        std::pair{"absent", "the file cannot be used: No such file"}}) {
    const auto loaded = load_with(std::string{"decryption_key_file: "} + name);
    ASSERT_EQ(loaded.faults.size(), 1U) << name;
    EXPECT_TRUE(contains(to_string(loaded.faults[0]), message)) << to_string(loaded.faults[0]);
    EXPECT_TRUE(contains(to_string(loaded.faults[0]), ": meters[0].decryption_key_file: "));
    EXPECT_FALSE(contains(to_string(loaded.faults[0]), digits.substr(4, 8)));
    EXPECT_FALSE(loaded.settings.meters[0].cipher.keys());
  }
}

TEST_F(AKeyFile, excludes_a_key) {
  private_file("key", digits);
  for (const std::string name : {"decryption_key", "authentication_key"}) {
    const auto loaded = load_with(name + ": " + digits + ", " + name + "_file: key");
    ASSERT_EQ(loaded.faults.size(), 1U);
    EXPECT_EQ(loaded.faults[0].message,
              name + " and " + name + "_file are both given, expected one of them");
  }
}

TEST_F(AKeyFile, may_be_a_credential_of_systemd) {
  private_file("home.key", digits + '\n');
  setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  const auto inside = load_with("decryption_key_file: \"%d/home.key\"");
  unsetenv("CREDENTIALS_DIRECTORY");
  const auto outside = load_with("decryption_key_file: \"%d/home.key\"");

  EXPECT_TRUE(inside.settings.meters[0].cipher.decryption_key == key_of(digits));
  EXPECT_EQ(lines(outside.faults), "");
  EXPECT_TRUE(contains(lines(outside.warnings), "not read: systemd passes credentials"));
}

TEST_F(AKeyFile, that_systemd_should_have_passed_is_a_fault_of_who_deciphers_with_it) {
  const auto path = directory_.file(
      "p1meter.yaml",
      "meters: [{decryption_key_file: \"%d/home.key\", authentication_key_file: \"%d/a\"}]\n");

  const auto loaded = load_file(path, Credentials::expected);

  ASSERT_EQ(loaded.faults.size(), 2U) << lines(loaded.faults);
  EXPECT_TRUE(contains(loaded.faults[0].message, "'LoadCredential=home.key:/path/of/the/file'"));
  EXPECT_TRUE(contains(loaded.faults[1].message, "'LoadCredential=a:/path/of/the/file'"));
}

TEST_F(AKeyFile, or_a_configuration_that_everybody_can_read_is_warned_about) {
  chmod(directory_.file("open.key", digits).c_str(), 0644);
  EXPECT_TRUE(contains(lines(load_with("decryption_key_file: open.key").warnings),
                       "everybody on this machine can read "));

  const auto path = directory_.file("inline.yaml", "meters: [{decryption_key: " + digits + "}]\n");
  chmod(path.c_str(), 0644);
  EXPECT_TRUE(contains(lines(load_file(path).warnings), ":1:27: meters[0].decryption_key: "));
  chmod(path.c_str(), 0640);
  EXPECT_EQ(lines(load_file(path).warnings), "");
}

TEST_F(AKeyFile, or_a_configuration_that_everybody_can_read_is_warned_about_once) {
  chmod(directory_.file("open.key", digits).c_str(), 0644);
  chmod(directory_.file("other.key", digits).c_str(), 0644);
  const auto path =
      directory_.file("p1meter.yaml",
                      "meters:\n"
                      "- {name: a, source: \"-\", decryption_key_file: open.key, "
                      "authentication_key_file: open.key}\n"
                      "- {name: b, source: \"file:b\", decryption_key_file: open.key}\n"
                      "- {name: c, source: \"file:c\", decryption_key_file: other.key}\n"
                      "- {name: d, source: \"file:d\", decryption_key: " +
                          digits + ", authentication_key: " + digits +
                          "}\n- {name: e, source: \"file:e\", decryption_key: " + digits +
                          "}\nmqtt: {host: broker, username: me, password: secret}\n");
  chmod(path.c_str(), 0644);
  const auto loaded = load_file(path);
  EXPECT_EQ(lines(loaded.faults), "");
  ASSERT_EQ(loaded.warnings.size(), 3U) << lines(loaded.warnings);
  EXPECT_EQ(loaded.warnings[0].key, "meters[0].decryption_key_file");
  EXPECT_EQ(loaded.warnings[1].key, "meters[2].decryption_key_file");
  EXPECT_EQ(loaded.warnings[2].key, "meters[3].decryption_key");
}

}  // namespace
}  // namespace p1meter::settings
