// SPDX-License-Identifier: Apache-2.0
// Completions: what bash, zsh and fish really offer.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>

#include "run.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

using Words = std::vector<std::string>;

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::string joined(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// A directory with the file capture.txt and the directory captures, in which a shell completes.
class Place {
 public:
  Place() {
    std::filesystem::create_directories(path() / "captures");
    home_.file("work/capture.txt", "x");
  }

  [[nodiscard]] std::filesystem::path path() const { return home_.path() / "work"; }
  [[nodiscard]] std::string home() const { return home_.path().string(); }

 private:
  TemporaryDirectory home_{};
};

/// What a shell offers for the last of some words; nothing when it is not installed.
using Shell = std::optional<Words> (*)(const Words& words);

std::optional<Words> offers_of(const Process::Setup& setup) {
  const Outcome shell = run(setup);
  if (shell.status == 127) return std::nullopt;
  EXPECT_EQ(shell.err, "");
  return lines_of(shell.out);
}

constexpr const char* bash_script =
    "cd \"$1\" && source \"$2\" && COMP_WORDS=(\"${@:3}\") && "
    "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _p1meter && printf '%s\\n' \"${COMPREPLY[@]}\"";

std::optional<Words> bash(const Words& words) {
  const Place place;
  Words command{"bash",
                "--norc",
                "-c",
                bash_script,
                "bash",
                place.path().string(),
                source_path("packaging/completions/p1meter.bash")};
  command.insert(command.end(), words.begin(), words.end());
  return offers_of({.command = command});
}

std::optional<Words> zsh(const Words& words) {
  const Place place;
  auto offers =
      offers_of({.command = {"zsh", "-f", source_path("tests/component/documents/complete.zsh"),
                             source_path("packaging/completions"), place.home(), joined(words)}});
  return offers;
}

std::optional<Words> fish(const Words& words) {
  const Place place;
  // the program itself need not be there, but fish asks whether it is
  auto offers = offers_of(
      {.command = {"fish", "--no-config", "-c",
                   "cd $argv[1]; source $argv[2]; complete -C $argv[3]", place.path().string(),
                   source_path("packaging/completions/p1meter.fish"), joined(words)},
       .environment = {{"HOME", place.home()},
                       {"XDG_CONFIG_HOME", place.home()},
                       {"XDG_DATA_HOME", place.home()}}});
  if (!offers) return offers;
  for (auto& line : *offers) line = line.substr(0, line.find('\t'));
  return offers;
}

struct Case {
  std::string name{};
  Words line{};      // the last word is the one that is completed
  Words offered{};   // all of them
  Words withheld{};  // none of them
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"a_command",
       {"p1meter", ""},
       {"run", "decode", "replay", "simulate", "monitor", "check", "show", "openhab", "convert"},
       {"keys", "capture.txt"}},
      {"a_command_that_was_begun", {"p1meter", "dec"}, {"decode"}, {"run"}},
      {"a_command_behind_an_option", {"p1meter", "--config", "x.yaml", "sh"}, {"show"}, {"run"}},
      {"an_option_of_the_program", {"p1meter", "--c"}, {"--config"}, {"--format"}},
      {"an_option_of_a_command", {"p1meter", "decode", "--fo"}, {"--format"}, {"--loop"}},
      {"an_option_of_the_program_behind_a_command",
       {"p1meter", "check", "--c"},
       {"--config"},
       {"--count"}},
      {"the_choices_of_an_option",
       {"p1meter", "decode", "--format", ""},
       {"table", "json", "yaml", "csv"},
       {"hex", "capture.txt"}},
      {"the_choices_of_an_option_of_the_same_name_elsewhere",
       {"p1meter", "replay", "--speed", ""},
       {"max"},
       {"capture.txt"}},
      {"what_to_show",
       {"p1meter", "show", ""},
       {"keys", "obis", "config", "profiles"},
       {"run", "capture.txt"}},
      {"nothing_behind_what_to_show", {"p1meter", "show", "keys", "p"}, {}, {"profiles"}},
      {"a_simulated_meter",
       {"p1meter", "simulate", "flu"},
       {"fluvius", "fluvius-50213"},
       {"dsmr5"}},
      {"no_second_simulated_meter", {"p1meter", "simulate", "dsmr5", "flu"}, {}, {"fluvius"}},
      {"where_to_simulate", {"p1meter", "simulate", "--to", "p"}, {"pty"}, {"profiles"}},
      {"a_file_where_one_is_taken", {"p1meter", "decode", "cap"}, {"capture.txt"}, {}},
      {"a_file_behind_an_option", {"p1meter", "decode", "--explain", "cap"}, {"capture.txt"}, {}},
      {"a_file_of_an_option", {"p1meter", "--config", "cap"}, {"capture.txt"}, {"check"}},
      {"no_file_where_none_is_taken", {"p1meter", "run", "cap"}, {}, {"capture.txt"}},
      {"no_file_for_a_key", {"p1meter", "decode", "--key", "cap"}, {}, {"capture.txt"}},
      {"a_directory_where_one_is_taken",
       {"p1meter", "openhab", "--out", "cap"},
       {},
       {"capture.txt"}},
  };
  return all;
}

struct NamedShell {
  std::string name{};
  Shell offers{};
};

/// Of a parameter, when its test fails.
std::ostream& operator<<(std::ostream& out, const Case& one) { return out << joined(one.line); }
std::ostream& operator<<(std::ostream& out, const NamedShell& shell) { return out << shell.name; }

class ACompletion : public testing::TestWithParam<std::tuple<NamedShell, Case>> {};

TEST_P(ACompletion, offers) {
  const auto& [shell, expected] = GetParam();

  const auto offers = shell.offers(expected.line);

  if (!offers) GTEST_SKIP() << shell.name << " is not installed";
  for (const auto& word : expected.offered) {
    EXPECT_TRUE(std::ranges::count(*offers, word) == 1)
        << joined(expected.line) << " lacks " << word << " in: " << joined(*offers);
  }
  for (const auto& word : expected.withheld) {
    EXPECT_TRUE(std::ranges::count(*offers, word) == 0)
        << joined(expected.line) << " offers " << word;
  }
}

INSTANTIATE_TEST_SUITE_P(, ACompletion,
                         testing::Combine(testing::Values(NamedShell{"bash", bash},
                                                          NamedShell{"zsh", zsh},
                                                          NamedShell{"fish", fish}),
                                          testing::ValuesIn(cases())),
                         [](const auto& parameters) {
                           return std::get<0>(parameters.param).name + "_" +
                                  std::get<1>(parameters.param).name;
                         });

bool offers_directory(const Words& offers) {
  return std::ranges::any_of(
      offers, [](const std::string& word) { return word == "captures" || word == "captures/"; });
}

TEST(Completions, offer_directories_for_openhab_in_every_shell) {
  for (const Shell shell : {bash, zsh, fish}) {
    const auto offers = shell({"p1meter", "openhab", "--out", "cap"});
    if (offers) {
      EXPECT_TRUE(offers_directory(*offers)) << joined(*offers);
    }
  }
}

TEST(Completions, offer_values_behind_an_equals_sign_which_is_a_word_to_bash) {
  EXPECT_EQ(bash({"p1meter", "decode", "--format", "=", "js"}), (Words{"json"}));
  EXPECT_EQ(bash({"p1meter", "decode", "--format", "="}), (Words{"csv", "json", "table", "yaml"}));
  EXPECT_EQ(bash({"p1meter", "--config", "=", "x.yaml", "sh"}), (Words{"show"}));
  if (const auto offers = fish({"p1meter", "decode", "--format=js"})) {
    EXPECT_EQ(*offers, (Words{"--format=json"}));
  }
}

}  // namespace
}  // namespace p1meter::test
