// SPDX-License-Identifier: Apache-2.0
// CLI tests: keys from options.
#include "cli/cipher_keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <utility>
#include <vector>

#include "support/temporary_directory.hpp"

namespace p1meter::cli {
namespace {

const std::string digits = "36C66639E48A8CA4D6BC8B282A793BBB";

std::string error_of(const std::string& value) {
  const auto key = read_cipher_key(value);
  return key ? "none" : key.error();
}

TEST(AKeyOption, takes_a_key) {
  EXPECT_TRUE(read_cipher_key("36c66639 e48a8ca4 d6bc8b28 2a793bbb") == parse_cipher_key(digits));
  EXPECT_TRUE(read_cipher_key("sixteen octets !") == parse_cipher_key("sixteen octets !"));
}

TEST(AKeyOption, takes_a_file_with_a_key) {
  const test::TemporaryDirectory directory;
  EXPECT_TRUE(read_cipher_key('@' + directory.file("key", digits + "\r\n")) ==
              parse_cipher_key(digits));
}

TEST(AKeyOption, takes_a_pipe_as_shells_make_them) {
  const test::TemporaryDirectory directory;
  const std::string pipe = (directory.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer{[&pipe] {
    std::FILE* file = std::fopen(pipe.c_str(), "w");
    std::fputs(digits.c_str(), file);
    std::fclose(file);
  }};
  const auto key = read_cipher_key('@' + pipe);
  writer.join();
  EXPECT_TRUE(key == parse_cipher_key(digits));
}

TEST(AKeyOption, says_what_is_wrong_without_showing_anything) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(error_of(digits.substr(1)), "expected 32 hex digits, not 31");
  EXPECT_EQ(error_of(""), "expected 32 hex digits, not 0");
  EXPECT_EQ(error_of('@' + digits),
            "the file behind the @ cannot be read: No such file or directory");
  EXPECT_EQ(error_of("@"), "the file behind the @ cannot be read: No such file or directory");
  EXPECT_EQ(error_of('@' + directory.path().string()),
            "the file behind the @ cannot be read: Is a directory");
  EXPECT_EQ(error_of('@' + directory.file("short", digits.substr(1))),
            "the file holds no key: expected 32 hex digits, not 31");
  EXPECT_EQ(error_of('@' + directory.file("long", std::string(300, 'A'))),
            "the file behind the @ cannot be read: it is larger than 256 bytes");
}

/// argv as the system makes it.
class Arguments {
 public:
  explicit Arguments(std::vector<std::string> words) : words_{std::move(words)} {
    for (auto& word : words_) pointers_.push_back(word.data());
  }
  [[nodiscard]] std::span<char* const> span() const { return pointers_; }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_{};
};

TEST(KeysOfTheCommandLine, leave_only_stars_there) {
  const Arguments arguments{
      {"p1meter", "decode", "--key", digits, "--auth-key=sixteen octets !", "--keys=x", "file"}};
  GivenKeys given = take_keys(arguments.span());

  EXPECT_EQ(given.key.text, digits);
  EXPECT_EQ(given.auth_key.text, "sixteen octets !");
  EXPECT_EQ(arguments.words(),
            (std::vector<std::string>{"p1meter", "decode", "--key", std::string(32, '*'),
                                      "--auth-key=" + std::string(16, '*'), "--keys=x", "file"}));
}

TEST(KeysOfTheCommandLine, are_options_only) {
  const Arguments arguments{{"p1meter", "decode", "--", "--key", "file"}};
  EXPECT_FALSE(take_keys(arguments.span()).key.given);
  const Arguments unfinished{{"p1meter", "decode", "--key"}};
  EXPECT_FALSE(take_keys(unfinished.span()).key.given);
}

TEST(KeysOfTheCommandLine, are_wiped_when_they_are_read) {
  const Arguments arguments{{"p1meter", "--key", digits, "--auth-key", "sixteen octets !"}};
  GivenKeys given = take_keys(arguments.span());
  const auto keys = read_keys(given);

  ASSERT_TRUE(keys && *keys) << keys.error();
  EXPECT_TRUE((*keys)->encryption == *parse_cipher_key(digits));
  EXPECT_TRUE((*keys)->authentication == *parse_cipher_key("sixteen octets !"));
  EXPECT_FALSE(given.key.given);
  EXPECT_FALSE(given.auth_key.given);
}

TEST(KeysOfTheCommandLine, say_what_is_wrong) {
  const auto error = [](std::vector<std::string> words) {
    const Arguments arguments{std::move(words)};
    GivenKeys given = take_keys(arguments.span());
    const auto keys = read_keys(given);
    return keys ? std::string{"none"} : keys.error();
  };
  EXPECT_EQ(error({"--layouts", "x"}), "none");
  EXPECT_EQ(error({"--key", ""}), "--key: is empty, expected 32 hex digits or 16 ASCII characters");
  EXPECT_EQ(error({"--key="}), "--key: is empty, expected 32 hex digits or 16 ASCII characters");
  EXPECT_EQ(error({"--key", digits, "--auth-key", ""}),
            "--auth-key: is empty, expected 32 hex digits or 16 ASCII characters");
  EXPECT_EQ(error({"--auth-key", digits}), "--auth-key needs --key");
  EXPECT_EQ(error({"--key", "12"}), "--key: expected 32 hex digits, not 2");
}

}  // namespace
}  // namespace p1meter::cli
