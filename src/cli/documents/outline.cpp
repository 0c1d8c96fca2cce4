// SPDX-License-Identifier: Apache-2.0
// CLI documents: the command line as plain data.
#include "cli/documents/outline.hpp"

#include <algorithm>
#include <cctype>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "settings/value_type.hpp"

namespace p1meter::cli::documents {
namespace {

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string in_capitals(std::string text) {
  for (char& character : text) {
    character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  }
  return text;
}

Parameter::Path path_named(const std::string& value) {
  if (value == "DIR") return Parameter::Path::directory;
  const bool file = value == "FILE" || value == "PATH" || value == "TARGET";
  return file ? Parameter::Path::file : Parameter::Path::none;
}

/// The words of one_of() and such_as().
std::vector<std::string> choices_of(CLI::Option& option) {
  try {
    const auto words = settings::split_words(option.get_validator(0)->get_name());
    return {words.begin(), words.end()};
  } catch (const CLI::OptionNotFound&) {
    return {};  // nothing checks it
  }
}

Parameter outline_of(CLI::Option& option) {
  Parameter parameter{.meaning = on_one_line(option.get_description()),
                      .choices = choices_of(option),
                      .required = option.get_required()};
  for (const auto& name : option.get_snames()) parameter.spellings.push_back("-" + name);
  for (const auto& name : option.get_lnames()) parameter.spellings.push_back("--" + name);
  const bool takes_value = option.get_items_expected_max() > 0;
  if (takes_value) parameter.value = option.get_type_name();
  if (parameter.value.empty() && parameter.spellings.empty()) {
    parameter.value = in_capitals(option.get_name());
  }
  parameter.path = path_named(parameter.value);
  return parameter;
}

}  // namespace

Command outline(CLI::App& app) {
  Command command{
      .name = app.get_name(), .meaning = app.get_description(), .notes = app.get_footer()};
  for (CLI::Option* option : app.get_options()) {
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    Parameter parameter = outline_of(*option);
    auto& list = parameter.spellings.empty() ? command.arguments : command.options;
    list.push_back(std::move(parameter));
  }
  for (CLI::App* inner : app.get_subcommands({})) command.commands.push_back(outline(*inner));
  return command;
}

}  // namespace p1meter::cli::documents
