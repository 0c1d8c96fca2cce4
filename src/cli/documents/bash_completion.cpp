// SPDX-License-Identifier: Apache-2.0
// CLI documents: what bash completes.
#include <algorithm>

#include "cli/documents/completions.hpp"
#include "cli/documents/shell_text.hpp"

namespace p1meter::cli::documents {
namespace {

constexpr std::string_view beginning =
    R"bash(# bash completion of p1meter. Made from the program, not written by hand.

_p1meter_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}

_p1meter() {
    local cur=${COMP_WORDS[COMP_CWORD]} option='' place=p1meter given=0 words='' i word
    # bash makes words of their own of the '=' in --format=json
    if [[ $cur == = ]]; then
        cur=''
        option=${COMP_WORDS[COMP_CWORD - 1]}
    elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    else
        option=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    # the way to the command in hand, and how many arguments it has
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$place $word" in
            )bash";

constexpr std::string_view after_valued = R"bash() # what follows is its value
                [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
                ((i++))
                ;;
            )bash";

constexpr std::string_view after_commands = R"bash() place+=/$word ;;
            *' '-*) ;;
            *) ((given++)) ;;
        esac
    done
    COMPREPLY=()
    # the value of an option
    case "$place $option" in
)bash";

constexpr std::string_view before_words = R"bash(    esac
    # a command, an option or an argument
    case $place in
)bash";

constexpr std::string_view end = R"bash(    esac
    if [[ $cur != -* && -z $words ]]; then
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _p1meter p1meter
)bash";

/// Options of the program are understood at every place.
std::string pattern_of(const std::string& place, bool everywhere, const std::string& spelling) {
  return everywhere ? "*' " + spelling + "'" : "'" + place + ' ' + spelling + "'";
}

/// What writes one part of the script walks over all places in the same way.
class BashWriter {
 public:
  explicit BashWriter(const Command& program) : program_{program} {}

  std::string write() {
    std::string text{beginning};
    text += joined(valued_patterns(program_, program_.name), " | ");
    text += after_valued;
    text += joined(command_patterns(program_, program_.name), " | ");
    text += after_commands;
    write_values(text);
    text += before_words;
    write_places(program_, program_.name, text);
    return text += end;
  }

 private:
  [[nodiscard]] bool is_program(const Command& command) const { return &command == &program_; }

  [[nodiscard]] std::vector<std::string> valued_patterns(const Command& command,
                                                         const std::string& place) const {
    std::vector<std::string> patterns;
    for (const auto& option : command.options) {
      if (option.value.empty()) continue;
      for (const auto& spelling : option.spellings) {
        patterns.push_back(pattern_of(place, is_program(command), spelling));
      }
    }
    for (const auto& inner : command.commands) {
      for (auto& pattern : valued_patterns(inner, place + '/' + inner.name)) {
        patterns.push_back(std::move(pattern));
      }
    }
    return patterns;
  }

  static std::vector<std::string> command_patterns(const Command& command,
                                                   const std::string& place) {
    std::vector<std::string> patterns;
    for (const auto& inner : command.commands) {
      patterns.push_back("'" + place + ' ' + inner.name + "'");
      for (auto& pattern : command_patterns(inner, place + '/' + inner.name)) {
        patterns.push_back(std::move(pattern));
      }
    }
    return patterns;
  }

  /// What completes a value, with the options that take such a one.
  struct Values {
    std::string completions{};
    std::vector<std::string> patterns{};
  };

  void collect_values(const Command& command, const std::string& place,
                      std::vector<Values>& all) const {
    for (const auto& option : command.options) {
      if (option.value.empty()) continue;
      const std::string completions = completions_of(option, "            ");
      auto same = std::ranges::find(all, completions, &Values::completions);
      if (same == all.end()) same = all.insert(all.end(), {completions, {}});
      for (const auto& spelling : option.spellings) {
        same->patterns.push_back(pattern_of(place, is_program(command), spelling));
      }
    }
    for (const auto& inner : command.commands) {
      collect_values(inner, place + '/' + inner.name, all);
    }
  }

  void write_values(std::string& text) const {
    std::vector<Values> all;
    collect_values(program_, program_.name, all);
    for (const auto& [completions, patterns] : all) {
      text += "        " + joined(patterns, " | ") + ")\n" + completions +
              "            return\n            ;;\n";
    }
  }

  /// Commands that fill COMPREPLY; none where nothing is known of a value.
  static std::string completions_of(const Parameter& parameter, const std::string& margin) {
    const std::string words =
        parameter.choices.empty() ? "" : " -W " + quoted_word(joined(parameter.choices, " "));
    if (parameter.path == Parameter::Path::file) return margin + "_p1meter_files -f" + words + '\n';
    if (parameter.path == Parameter::Path::directory) return margin + "_p1meter_files -d\n";
    if (words.empty()) return {};
    return margin + "mapfile -t COMPREPLY < <(compgen" + words + " -- \"$cur\")\n";
  }

  void write_places(const Command& command, const std::string& place, std::string& text) const {
    std::vector<std::string> options = spellings_of(command.options);
    if (!is_program(command)) {
      for (const auto& spelling : spellings_of(program_.options)) {
        if (spelling != "--version") options.push_back(spelling);
      }
    }
    text += "        " + place + ")\n";
    text += "            words=" + quoted_word(joined(names_of(command.commands), " ")) + "\n";
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
      text += "            if [[ $cur != -* ]] && ((given == " + std::to_string(i) + ")); then\n" +
              completions_of(command.arguments[i], "                ") +
              "                return\n            fi\n";
    }
    text += "            [[ $cur == -* ]] && words=" + quoted_word(joined(options, " ")) +
            "\n            ;;\n";
    for (const auto& inner : command.commands) {
      write_places(inner, place + '/' + inner.name, text);
    }
  }

  const Command& program_;
};

}  // namespace

std::string bash_completion(const Command& program) { return BashWriter{program}.write(); }

}  // namespace p1meter::cli::documents
