// SPDX-License-Identifier: Apache-2.0
// CLI documents: p1meter(1).
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "cli/documents/manual_pages.hpp"
#include "cli/documents/roff.hpp"
#include "cli/exit_codes.hpp"

namespace p1meter::cli::documents {
namespace {

constexpr std::string_view overview =
    "Meters send telegrams of readings through their customer port, every second to every hour. "
    "p1meter takes them in, checks them, gives every reading a name and a unit, and publishes it "
    "to an MQTT broker as often as the configuration says. The command run does so for good and "
    "is what the service starts; the others look at captures, at the configuration, at a meter "
    "that is not there, or write files for other programs.";

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array<Row, 6> environment{{
    {"CREDENTIALS_DIRECTORY",
     "Where systemd puts the credentials that \"%d/NAME\" in the configuration means."},
    {"STATE_DIRECTORY",
     "What is remembered across restarts; systemd sets it for the service. Without it: "
     "/var/lib/p1meter for root and the user p1meter, $XDG_STATE_HOME/p1meter for others, else "
     "~/.local/state/p1meter."},
    {"NO_COLOR", "Not empty: no colours."},
    {"TERM", "dumb: no colours in tables."},
    {"TZ", "Local time of the log on a terminal. Readings keep the time of their meter."},
    {"NOTIFY_SOCKET, WATCHDOG_USEC, JOURNAL_STREAM",
     "Set by systemd: where it is told of the start and of progress, and where the log goes."},
}};

constexpr std::array<Row, 5> files{{
    {"/etc/p1meter.yaml",
     "The configuration: see p1meter.yaml(5). Missing or empty, everything is the default."},
    {"/etc/p1meter/layouts/*.yaml", "Your own layouts of DLMS lists, where they are needed."},
    {"/usr/share/p1meter/p1meter.schema.json", "A schema of the configuration for editors."},
    {"/usr/share/doc/p1meter/p1meter.reference.yaml",
     "Every key with its default and its meaning."},
    {"/var/lib/p1meter",
     "What the service remembers: registers, devices, what is retained at the broker."},
}};

constexpr std::array<PageName, 6> others{{
    {"p1meter.yaml", 5},
    {"p1meter", 7},
    {"journalctl", 1},
    {"mosquitto_sub", 1},
    {"systemctl", 1},
    {"systemd.exec", 5},
}};

/// " --out DIR [OPTION]... FILE"
std::string synopsis_of(const Command& command) {
  std::string line;
  std::size_t required = 0;
  for (const auto& option : command.options) {
    if (!option.required) continue;
    ++required;
    line += ' ' + option.spellings.back() + ' ' + option.value;
  }
  if (command.options.size() > required) line += " [OPTION]...";
  std::string names;
  for (const auto& inner : command.commands) names += (names.empty() ? " " : "|") + inner.name;
  line += names;
  for (const auto& argument : command.arguments) {
    line += ' ' + (argument.required ? argument.value : '[' + argument.value + ']');
  }
  return line;
}

std::string tag_of(const Parameter& parameter) {
  std::string tag;
  for (const auto& spelling : parameter.spellings) {
    tag += (tag.empty() ? "" : ", ") + roff_bold(spelling);
  }
  if (!parameter.value.empty()) {
    tag += (tag.empty() ? "\\fI" : " \\fI") + roff_text(parameter.value) + "\\fR";
  }
  return tag;
}

/// A sentence, whatever the help says at its narrower place.
std::string sentence(const std::string& text) { return text.ends_with('.') ? text : text + '.'; }

void write_parameters(const std::vector<Parameter>& parameters, ManualPage& page) {
  for (const auto& parameter : parameters) {
    page.item(tag_of(parameter), roff_text(sentence(parameter.meaning)));
  }
}

/// Notes are written for the width of a terminal: lines are joined to paragraphs again. Lines that
/// begin with blanks are an example; so is what follows "Example: ".
class Notes {
 public:
  explicit Notes(ManualPage& page) : page_{page} {}

  void write(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      take(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    finish();
  }

 private:
  void take(std::string_view line) {
    constexpr std::string_view example = "Example: ";
    if (line.starts_with(' ')) {
      take_example(line.substr(line.find_first_not_of(' ')));
    } else if (line.starts_with(example)) {
      finish();
      page_.paragraph("Example:");
      page_.example(line.substr(example.size()));
    } else {
      if (!examples_.empty() || line.starts_with("Exit status:") || line.starts_with("Example")) {
        finish();
      }
      prose_ += (prose_.empty() ? "" : " ") + std::string{line};
    }
  }

  /// With or without an explanation in a column of its own.
  void take_example(std::string_view line) {
    const auto gap = line.find("   ");
    if (gap == std::string_view::npos) {
      examples_ += std::string{line} + '\n';
      return;
    }
    finish();
    const auto explanation = line.substr(line.find_first_not_of(' ', gap));
    page_.item(roff_bold(line.substr(0, gap)), roff_text(explanation));
  }

  void finish() {
    if (!prose_.empty()) page_.paragraph(roff_text(prose_));
    if (!examples_.empty()) page_.example(examples_);
    prose_.clear();
    examples_.clear();
  }

  ManualPage& page_;
  std::string prose_{};
  std::string examples_{};
};

std::string_view without_first_line(std::string_view text) {
  return text.substr(std::min(text.find('\n'), text.size() - 1) + 1);
}

void write_command(const Command& command, const std::string& before, ManualPage& page) {
  const std::string name = before + ' ' + command.name;
  page.subsection(name + synopsis_of(command));
  page.paragraph(roff_text(sentence(command.meaning)));
  write_parameters(command.arguments, page);
  write_parameters(command.options, page);
  Notes{page}.write(command.notes);
  for (const auto& inner : command.commands) write_command(inner, name, page);
}

void write_rows(std::string_view title, std::span<const Row> rows, ManualPage& page) {
  page.section(title);
  for (const auto& [name, meaning] : rows) page.item(roff_bold(name), roff_text(meaning));
}

void write_exit_statuses(ManualPage& page) {
  page.section("EXIT STATUS");
  page.paragraph(
      roff_text("The numbers of sysexits.h. Each command says above when it ends with which."));
  for (const auto& status : exit_statuses) {
    page.item(roff_bold(std::to_string(status.code)) + " (" + roff_text(status.name) + ")",
              roff_text(status.meaning));
  }
}

}  // namespace

std::string command_page(const Command& program, std::string_view version) {
  ManualPage page{"P1METER", 1, "p1meter " + std::string{version}, "User Commands"};
  page.section("NAME");
  page.line("p1meter \\- smart meter to MQTT");
  page.section("SYNOPSIS");
  page.line(roff_bold(program.name) + roff_text(" [OPTION]... COMMAND [ARGUMENT]..."));
  page.section("DESCRIPTION");
  page.line(roff_text(program.meaning));
  page.paragraph(roff_text(overview));
  page.section("OPTIONS");
  page.line(roff_text("They are understood before the command and after it."));
  write_parameters(program.options, page);
  page.section("COMMANDS");
  for (const auto& command : program.commands) write_command(command, program.name, page);
  write_exit_statuses(page);
  write_rows("ENVIRONMENT", environment, page);
  write_rows("FILES", files, page);
  page.section("EXAMPLES");
  Notes{page}.write(without_first_line(program.notes));  // which says "Examples:"
  page.see_also(others);
  return page.text();
}

}  // namespace p1meter::cli::documents
