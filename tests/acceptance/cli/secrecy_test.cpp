// SPDX-License-Identifier: Apache-2.0
// Acceptance: the keys of meters that encrypt appear nowhere.
#include <cctype>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "program.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

const std::string digits = "36C66639E48A8CA4D6BC8B282A793BBB";

/// Whether some of the key's digits are there, in either case.
bool shows_key(const Outcome& run) {
  std::string all = run.out + run.err;
  for (auto& c : all) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (std::size_t at = 0; at + 8 <= digits.size(); at += 4) {
    if (contains(all, digits.substr(at, 8))) return true;
  }
  return false;
}

TEST(AKey, is_not_shown_with_the_configuration) {
  const TemporaryDirectory directory;
  chmod(directory.file("home.key", digits + '\n').c_str(), 0600);
  for (const std::string& entries :
       {"decryption_key: " + digits + ", authentication_key: " + digits,
        std::string{"decryption_key_file: home.key, authentication_key_file: home.key"}}) {
    const std::string file = directory.file("good.yaml", "meters: [{" + entries + "}]\n");
    for (const auto& command :
         {std::vector<std::string>{"show", "config"}, {"show", "keys"}, {"check"}}) {
      auto arguments = command;
      arguments.insert(arguments.end(), {"--config", file});
      const Outcome run = p1meter(arguments);
      EXPECT_EQ(run.status, 0) << run.err;
      EXPECT_FALSE(shows_key(run)) << run.out << run.err;
    }
    const Outcome shown = p1meter({"show", "config", "--config", file});
    EXPECT_TRUE(contains(shown.out, "decryption_key: \"****************\"\n")) << shown.out;
    const std::string again = directory.file("again.yaml", shown.out);
    EXPECT_EQ(p1meter({"check", "--config", again}).status, 0);
  }
}

TEST(AKey, is_not_shown_when_it_is_wrong) {
  const TemporaryDirectory directory;
  chmod(directory.file("wrong.key", digits + "00\n").c_str(), 0600);
  for (const std::string& entries :
       {"decryption_key: " + digits + "0", "decryption_key: " + digits.substr(1),
        "decryption_key:" + digits, "decryption_key: !" + digits, "decription_key: " + digits,
        "decryption_key_file: " + digits, std::string{"decryption_key_file: wrong.key"}}) {
    const std::string file = directory.file("bad.yaml", "meters: [{" + entries + "}]\n");
    for (const std::string command : {"check", "run", "monitor"}) {
      const Outcome run = p1meter({command, "--config", file});
      EXPECT_EQ(run.status, 78) << command << ' ' << entries;
      EXPECT_FALSE(shows_key(run)) << entries << '\n' << run.err;
      EXPECT_TRUE(contains(run.err, file + ":1:")) << run.err;
    }
  }
}

TEST(AKey, is_not_shown_by_decode) {
  for (const auto& arguments : {std::vector<std::string>{"decode", "--help"},
                                {"decode", "--key", digits.substr(1), "-"},
                                {"decode", "--key", '@' + digits, "-"},
                                {"decode", "--auth-key", digits + "0", "-"}}) {
    const Outcome run = p1meter(arguments);
    EXPECT_FALSE(shows_key(run)) << run.out << run.err;
  }
}

TEST(AKey, is_not_shown_by_the_list_of_processes) {
  const TemporaryDirectory directory;
  const std::string pipe = (directory.path() / "pipe").string();
  // opening the pipe waits until the program reads it, its command line being understood
  const Outcome run =
      shell("mkfifo " + pipe + "; $P1METER decode --key " + digits + " " + pipe + " & exec 3>" +
            pipe + "; tr '\\0' ' ' </proc/$!/cmdline; exec 3>&-; wait");
  EXPECT_TRUE(contains(run.out, "decode --key **")) << run.out << run.err;
  EXPECT_FALSE(shows_key(run)) << run.out;
}

TEST(AKey, that_is_empty_is_an_error) {
  for (const auto& option : {std::vector<std::string>{"--key", ""}, {"--key="}}) {
    auto arguments = option;
    arguments.insert(arguments.begin(), "decode");
    arguments.emplace_back("-");
    const Outcome run = p1meter(arguments);
    EXPECT_EQ(run.status, 64) << run.err;
    EXPECT_TRUE(contains(run.err, "--key: is empty, expected 32 hex digits")) << run.err;
  }
}

}  // namespace
}  // namespace p1meter::test
