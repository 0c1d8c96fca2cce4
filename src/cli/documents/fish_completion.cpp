// SPDX-License-Identifier: Apache-2.0
// CLI documents: what fish completes.
#include "cli/documents/completions.hpp"
#include "cli/documents/shell_text.hpp"

namespace p1meter::cli::documents {
namespace {

/// In fish's single quotes a backslash escapes quotes and itself.
std::string in_quotes(std::string_view text) {
  std::string word{"'"};
  for (const char character : text) {
    if (character == '\'' || character == '\\') word += '\\';
    word += character;
  }
  return word + '\'';
}

std::string seen(const std::vector<std::string>& words) {
  return "__fish_seen_subcommand_from " + joined(words, " ");
}

/// " -l format -x -a 'table json'"
std::string value_of(const Parameter& parameter) {
  std::string text;
  if (parameter.path == Parameter::Path::file) {
    text = " -F";
  } else if (parameter.path == Parameter::Path::directory) {
    text = " -f -a '(__fish_complete_directories)'";
  } else {
    text = " -f";
  }
  if (!parameter.choices.empty()) text += " -a " + in_quotes(joined(parameter.choices, " "));
  return text;
}

class FishWriter {
 public:
  std::string write(const Command& program) {
    text_ =
        "# fish completion of p1meter. Made from the program, not written by hand.\n\n"
        "complete -c p1meter -f\n";
    for (const auto& option : program.options) write_option(option, "");
    write_commands(program, "not " + seen(names_of(program.commands)));
    for (const auto& command : program.commands) write_command(command);
    return std::move(text_);
  }

 private:
  void line(const std::string& condition, const std::string& rest) {
    text_ += "complete -c p1meter";
    if (!condition.empty()) text_ += " -n " + in_quotes(condition);
    text_ += rest + '\n';
  }

  void write_option(const Parameter& option, const std::string& condition) {
    std::string rest;
    for (const auto& spelling : option.spellings) {
      rest +=
          spelling.starts_with("--") ? " -l " + spelling.substr(2) : " -s " + spelling.substr(1);
    }
    if (!option.value.empty()) rest += " -r" + value_of(option);
    line(condition, rest + " -d " + in_quotes(in_short(option.meaning)));
  }

  void write_commands(const Command& command, const std::string& condition) {
    for (const auto& inner : command.commands) {
      line(condition, " -a " + inner.name + " -d " + in_quotes(in_short(inner.meaning)));
    }
  }

  void write_command(const Command& command) {
    const std::string here = seen({command.name});
    text_ += "\n# " + command.name + '\n';
    for (const auto& option : command.options) write_option(option, here);
    for (const auto& argument : command.arguments) {
      // a word that may stand once is not offered behind itself
      const bool once = !argument.choices.empty() && argument.path == Parameter::Path::none;
      line(once ? here + "; and not " + seen(argument.choices) : here, value_of(argument));
    }
    write_commands(command, here + "; and not " + seen(names_of(command.commands)));
  }

  std::string text_{};
};

}  // namespace

std::string fish_completion(const Command& program) { return FishWriter{}.write(program); }

}  // namespace p1meter::cli::documents
