// SPDX-License-Identifier: Apache-2.0
// CLI: what the commands share while the command line is read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/cipher_keys.hpp"
#include "cli/exit_codes.hpp"
#include "daemon/daemon.hpp"
#include "p1meter/values/result.hpp"
#include "settings/settings.hpp"

namespace p1meter::cli {

/// A command registers itself with add_COMMAND(CLI::App&, Context&); when the user asks for it, it
/// leaves what is to be done in `command`, which runs after the whole line has been understood.
struct Context {
  daemon::Configuration configuration{.path = "/etc/p1meter.yaml"};  // --config
  GivenKeys keys{};  // --key, --auth-key, of the command that has them
  std::function<int()> command{};
};

/// Makes `run(options)` the command to be run when the user asks for `app`.
template <class Options>
void on_chosen(CLI::App& app, Context& context, std::shared_ptr<Options> options,
               int (*run)(const Options&)) {
  app.callback([&context, run, options = std::move(options)] {
    context.command = [run, options] { return run(*options); };
  });
}

/// The same for a command that needs the configuration, whose Options have such a member.
template <class Options>
void on_chosen_with_configuration(CLI::App& app, Context& context, std::shared_ptr<Options> options,
                                  int (*run)(const Options&)) {
  app.callback([&context, run, options = std::move(options)] {
    context.command = [&context, run, options] {
      options->configuration = context.configuration;
      return run(*options);
    };
  });
}

/// Reads the configuration; prints its faults and warnings on standard error.
/// Errors    exit_configuration when there are faults, exit_forbidden when it may not be read
[[nodiscard]] Result<settings::Settings, ExitCode> load_settings(
    const daemon::Configuration& configuration);

/// Checks that an argument is one of some words; a fault names the nearest. The validator's name is
/// the words, "a|b|c": shells complete them.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string_view> words);
/// Checks nothing; the words are some of those that may be given. To be the option's first check.
[[nodiscard]] CLI::Validator such_as(const std::vector<std::string_view>& words);

/// "p1meter: " and a sentence on standard error, made harmless: it may quote what a file holds.
void complain(std::string_view sentence);

}  // namespace p1meter::cli
