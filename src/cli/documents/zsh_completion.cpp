// SPDX-License-Identifier: Apache-2.0
// CLI documents: what zsh completes.
#include "cli/documents/completions.hpp"
#include "cli/documents/shell_text.hpp"

namespace p1meter::cli::documents {
namespace {

/// Within _arguments' specifications ':' separates and brackets hold the explanation.
std::string in_specification(std::string_view text) {
  std::string safe;
  for (const char character : text) {
    if (character == ':' || character == '[' || character == ']' || character == '\\') safe += '\\';
    safe += character;
  }
  return safe;
}

/// "FILE:_files"
std::string value_of(const Parameter& parameter) {
  std::string action;
  if (parameter.path == Parameter::Path::file) action = "_files";
  if (parameter.path == Parameter::Path::directory) action = "_files -/";
  if (!parameter.choices.empty() && action.empty()) {
    action = '(' + joined(parameter.choices, " ") + ')';
  } else if (!parameter.choices.empty()) {
    action = "{ compadd -- " + joined(parameter.choices, " ") + "; " + action + " }";
  }
  return in_specification(parameter.value) + ':' + action;
}

std::string specification_of(const Parameter& option) {
  const std::string rest = '[' + in_specification(in_short(option.meaning)) + ']' +
                           (option.value.empty() ? "" : ':' + value_of(option));
  const std::string& last = option.spellings.back();
  const bool ends = last == "--help" || last == "--version";
  const std::string excluded = ends ? "(- *)" : "";
  if (option.spellings.size() == 1) {
    // "=": the value may follow as a word of its own or behind a '='
    return quoted_word(excluded + last + (option.value.empty() ? "" : "=") + rest);
  }
  return (ends ? quoted_word(excluded) : quoted_word('(' + joined(option.spellings, " ") + ')')) +
         '{' + joined(option.spellings, ",") + '}' + quoted_word(rest);
}

class ZshWriter {
 public:
  explicit ZshWriter(const Command& program) : program_{program} {}

  std::string write() {
    std::string text =
        "#compdef p1meter\n"
        "# zsh completion of p1meter. Made from the program, not written by hand.\n";
    write_function(program_, "_p1meter", text);
    return text + "\n_p1meter \"$@\"\n";
  }

 private:
  /// Functions of the inner commands first.
  void write_function(const Command& command, const std::string& function, std::string& text) {
    for (const auto& inner : command.commands) {
      write_function(inner, function + '_' + inner.name, text);
    }
    text += '\n' + function + "() {\n";
    if (!command.commands.empty()) {
      text += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n";
    }
    text += command.commands.empty() ? "  _arguments -S" : "  _arguments -C -S";
    for (const auto& option : options_of(command)) text += " \\\n    " + specification_of(option);
    for (const auto& argument : command.arguments) {
      text += " \\\n    " + quoted_word((argument.required ? ":" : "::") + value_of(argument));
    }
    if (!command.commands.empty()) {
      text += " \\\n    ': :->command' \\\n    '*:: :->arguments'";
    }
    text += '\n';
    if (!command.commands.empty()) write_commands(command, function, text);
    text += "}\n";
  }

  /// With those that the whole program has.
  [[nodiscard]] std::vector<Parameter> options_of(const Command& command) const {
    std::vector<Parameter> options = command.options;
    if (&command == &program_) return options;
    for (const auto& option : program_.options) {
      if (option.spellings.back() != "--version") options.push_back(option);
    }
    return options;
  }

  static void write_commands(const Command& command, const std::string& function,
                             std::string& text) {
    text += "  case $state in\n    command)\n      local -a commands=(\n";
    for (const auto& inner : command.commands) {
      text += "        " +
              quoted_word(inner.name + ':' + in_specification(in_short(inner.meaning))) + '\n';
    }
    text += "      )\n      _describe command commands\n      ;;\n    arguments)\n";
    text += "      curcontext=${curcontext%:*:*}:" + command.name + "-$line[1]:\n";
    text += "      case $line[1] in\n";
    for (const auto& inner : command.commands) {
      text += "        " + inner.name + ") " + function + '_' + inner.name + " ;;\n";
    }
    text += "      esac\n      ;;\n  esac\n";
  }

  const Command& program_;
};

}  // namespace

std::string zsh_completion(const Command& program) { return ZshWriter{program}.write(); }

}  // namespace p1meter::cli::documents
