// SPDX-License-Identifier: Apache-2.0
// Manual pages: they agree with the program, and those who show them find nothing wrong.
#include "cli/documents/manual_pages.hpp"

#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "cli/app.hpp"
#include "cli/documents/documents.hpp"
#include "cli/documents/outline.hpp"
#include "cli/documents/roff.hpp"
#include "cli/exit_codes.hpp"
#include "run.hpp"
#include "settings/definition.hpp"
#include "support/source_tree.hpp"

namespace p1meter::cli::documents {
namespace {

using p1meter::test::run;
using p1meter::test::source_path;
using p1meter::test::source_text;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Command whole_program() {
  Context context;
  return outline(*make_app(context));
}

TEST(TheDocuments, equal_the_program) {
  for (const auto& [path, text] : all_documents()) {
    EXPECT_EQ(source_text(path), text) << "cmake --build build/release --target update_cli_docs";
  }
}

void expect_described(const Command& command, const std::string& page) {
  EXPECT_TRUE(contains(page, command.name)) << command.name;
  EXPECT_TRUE(contains(page, roff_text(command.meaning))) << command.name;
  for (const auto& option : command.options) {
    for (const auto& spelling : option.spellings) {
      EXPECT_TRUE(contains(page, roff_bold(spelling))) << command.name << ' ' << spelling;
    }
    EXPECT_TRUE(contains(page, roff_text(option.meaning))) << option.meaning;
  }
  for (const auto& argument : command.arguments) {
    EXPECT_TRUE(contains(page, roff_text(argument.meaning))) << argument.meaning;
  }
  for (const auto& inner : command.commands) expect_described(inner, page);
}

TEST(TheCommandPage, describes_every_command_option_and_argument) {
  const Command program = whole_program();

  expect_described(program, command_page(program, "1.2.3"));
}

TEST(TheCommandPage, names_the_version_and_no_date) {
  EXPECT_TRUE(contains(command_page(whole_program(), "1.2.3"),
                       ".TH P1METER 1 \"\" \"p1meter 1.2.3\" \"User Commands\"\n"));
}

TEST(TheCommandPage, explains_every_exit_status_with_its_name) {
  const std::string page = command_page(whole_program(), "1");

  for (const auto& status : exit_statuses) {
    const std::string entry = roff_bold(std::to_string(status.code)) + " (" +
                              std::string{status.name} + ")\n" + roff_text(status.meaning);
    EXPECT_TRUE(contains(page, entry)) << entry;
  }
}

/// The numbers behind "Exit status:" in the notes of a command and of those within.
void collect_statuses(const Command& command, std::set<int>& statuses) {
  const auto begin = command.notes.find("Exit status:");
  if (begin != std::string::npos) {
    const std::string text = command.notes.substr(begin);
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      const auto digit = [&](std::size_t at) { return std::isdigit(text[at]) != 0; };
      if (text[i] == ' ' && digit(i + 1) && digit(i + 2)) {
        statuses.insert(std::stoi(text.substr(i + 1, 2)));
      }
    }
  }
  for (const auto& inner : command.commands) collect_statuses(inner, statuses);
}

TEST(TheExitStatuses, hold_all_that_the_commands_name) {
  std::set<int> known;
  for (const auto& status : exit_statuses) known.insert(status.code);
  std::set<int> named;
  collect_statuses(whole_program(), named);

  EXPECT_GE(named.size(), 6U);
  for (const int status : named) EXPECT_TRUE(known.contains(status)) << status;
}

TEST(TheConfigurationPage, describes_every_key_with_its_example) {
  const std::string page = configuration_page("1");

  for (const auto& key : settings::keys()) {
    const std::string entry =
        roff_bold(settings::name_of(key.path)) + '\n' + roff_text(key.meaning);
    EXPECT_TRUE(contains(page, entry)) << key.path;
    EXPECT_TRUE(contains(page, roff_bold(key.example))) << key.path;
  }
  for (const auto& section : settings::sections()) {
    EXPECT_TRUE(contains(page, roff_text(section.meaning))) << section.path;
  }
}

/// At most 80 characters in each line.
void expect_narrow(const std::string& text) {
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    const auto width = std::ranges::count_if(
        line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
    EXPECT_LE(width, 80) << line;
  }
}

class APageOf : public testing::TestWithParam<std::string> {};

TEST_P(APageOf, the_manual_is_clean_to_groff) {
  const auto shown = run(
      {.command = {"groff", "-man", "-Tutf8", "-ww", "-z", source_path("docs/man/" + GetParam())}});
  if (shown.status == 127) GTEST_SKIP() << "groff is not installed";

  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.err, "");
}

TEST_P(APageOf, the_manual_is_clean_to_man_and_fits_a_terminal) {
  const auto shown =
      run({.command = {"man", "--warnings=w", "-E", "UTF-8", "-l",
                       source_path("docs/man/" + GetParam())},
           .environment = {{"MANWIDTH", "80"}, {"MANPAGER", "cat"}, {"LC_ALL", "C.UTF-8"}}});
  if (shown.status == 127) GTEST_SKIP() << "man is not installed";

  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.err, "");
  EXPECT_TRUE(contains(shown.out, "\nNAME\n       p1meter"));
  EXPECT_TRUE(contains(shown.out, "\nSEE ALSO\n"));
  EXPECT_FALSE(contains(shown.out, "\u2010\n")) << "a word is broken at the end of a line";
  expect_narrow(shown.out);
}

std::string without_dots(const testing::TestParamInfo<std::string>& page) {
  std::string name = page.param;
  for (char& character : name) character = character == '.' ? '_' : character;
  return name;
}

INSTANTIATE_TEST_SUITE_P(, APageOf, testing::Values("p1meter.1", "p1meter.yaml.5", "p1meter.7"),
                         without_dots);

TEST(RoffText, shows_what_means_something_to_roff_as_what_it_looks_like) {
  EXPECT_EQ(roff_text(R"(a\n --key 'x' "y" `z` ~ ^)"),
            R"(a\(rsn \-\-key \(aqx\(aq \(dqy\(dq \(gaz\(ga \(ti \(ha)");
  EXPECT_EQ(roff_text("m³ Kärnten € 😀"), "m\\[u00B3] K\\[u00E4]rnten \\[u20AC] \\[u1F600]");
}

TEST(AManualPage, has_no_line_that_roff_takes_for_a_request) {
  ManualPage page{"X", 1, "x", "y"};
  page.paragraph(roff_text(".paragraph"));
  page.item(roff_text(".tag"), roff_text("'text"));
  page.example(".TH\n'quoted\nplain");

  EXPECT_TRUE(contains(page.text(),
                       ".PP\n\\&.paragraph\n.TP\n\\&.tag\n\\(aqtext\n.PP\n.RS 4\n.EX\n\\&.TH\n"
                       "\\(aqquoted\nplain\n.EE\n.RE\n"))
      << page.text();
}

}  // namespace
}  // namespace p1meter::cli::documents
