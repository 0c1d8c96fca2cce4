// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter show.
#include "cli/show.hpp"

#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

#include "adapters/simulator/simulator.hpp"
#include "cli/exit_codes.hpp"
#include "cli/known_keys.hpp"
#include "cli/output.hpp"
#include "cli/text_columns.hpp"
#include "settings/docs.hpp"

namespace p1meter::cli {
namespace {

std::string profiles() {
  TextColumns columns;
  for (const auto& profile : simulator_profiles()) {
    std::string keys;
    if (!profile.key.empty()) keys = "key " + std::string{profile.key};
    if (!profile.authentication_key.empty()) {
      keys += ", authentication key " + std::string{profile.authentication_key};
    }
    columns.add({std::string{profile.name}, std::string{profile.description}, keys});
  }
  return columns.text();
}

/// What is asked for; Errors as load_settings.
Result<std::string, ExitCode> text_of(const ShowOptions& options) {
  if (options.what == ShowOptions::What::profiles) return profiles();
  const auto settings = load_settings(options.configuration);
  if (!settings) return tl::unexpected(settings.error());
  if (options.what == ShowOptions::What::config) return settings::effective_yaml(*settings);
  const ObisTable table = settings::make_obis_table(settings->obis);
  return options.what == ShowOptions::What::keys ? list_keys(table) : list_table(table);
}

void add_choice(CLI::App& show_app, Context& context, ShowOptions::What what, const char* name,
                const char* description, const char* footer) {
  auto options = std::make_shared<ShowOptions>();
  options->what = what;
  auto& choice = *show_app.add_subcommand(name, description);
  choice.allow_extras();
  choice.footer(footer);
  on_chosen_with_configuration(choice, context, std::move(options), &show);
}

}  // namespace

int show(const ShowOptions& options) {
  const auto text = text_of(options);
  if (!text) return text.error();
  Output output{STDOUT_FILENO};
  output.write(*text);
  return output.finish(exit_ok);
}

void add_show(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand("show", "Print keys, OBIS table, configuration or profiles");
  command.require_subcommand(0, 1);
  command.footer(
      "Exit status: 0 printed, 74 the output cannot be written, 78 the configuration is bad.");
  using What = ShowOptions::What;
  add_choice(command, context, What::keys, "keys", "What can be published",
             "One key a line: key, unit, kind, OBIS code.");
  add_choice(
      command, context, What::obis, "obis", "The OBIS table, your own entries first",
      "One entry a line: code, key, unit, kind, name. The first that takes an object counts.");
  add_choice(command, context, What::config, "config", "The configuration in force",
             "Every key with its value; passwords are masked.");
  add_choice(command, context, What::profiles, "profiles", "The meters that can be simulated",
             "One profile a line: name, description, and the test keys of what is encrypted (they "
             "are no\nsecrets: every simulated meter has them).");
}

}  // namespace p1meter::cli
