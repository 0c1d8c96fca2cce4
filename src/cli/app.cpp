// SPDX-License-Identifier: Apache-2.0
// CLI: the command line as a whole. A command is one line in add_commands.
#include "cli/app.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/check.hpp"
#include "cli/context.hpp"
#include "cli/convert.hpp"
#include "cli/decode.hpp"
#include "cli/exit_codes.hpp"
#include "cli/monitor.hpp"
#include "cli/openhab.hpp"
#include "cli/output.hpp"
#include "cli/replay.hpp"
#include "cli/run.hpp"
#include "cli/show.hpp"
#include "cli/simulate.hpp"
#include "settings/nearest.hpp"

namespace p1meter::cli {
namespace {

void add_commands(CLI::App& app, Context& context) {
  add_run(app, context);
  add_decode(app, context);
  add_replay(app, context);
  add_simulate(app, context);
  add_monitor(app, context);
  add_check(app, context);
  add_show(app, context);
  add_openhab(app, context);
  add_convert(app, context);
}

constexpr const char* description =
    "Reads a smart meter's customer port (P1) and publishes exact readings to MQTT.";

constexpr const char* examples =
    "Examples:\n"
    "  p1meter simulate dsmr5 --count 1 | p1meter decode   see what a telegram holds\n"
    "  p1meter decode capture.txt --format json            one JSON object per telegram\n"
    "  p1meter check                                       is /etc/p1meter.yaml right?\n"
    "  p1meter COMMAND --help                              all about one command";

void set_up(CLI::App& app, Context& context) {
  app.name("p1meter");
  app.set_version_flag("--version", "p1meter " P1METER_VERSION, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.fallthrough();  // options of the program are accepted after the command too
  app.allow_extras();
  app.require_subcommand(0, 1);
  app.footer(examples);
  app.add_option_function<std::string>(
         "--config",
         [&context](const std::string& path) {
           context.configuration = {.path = path, .must_exist = true};
         },
         "The configuration to use instead of /etc/p1meter.yaml")
      ->type_name("FILE");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("Subcommands", "Commands");
  add_commands(app, context);
  for (CLI::App* command : app.get_subcommands({})) {
    command->allow_extras();
    if (command->get_footer().empty()) command->footer("'p1meter --help' lists all commands.");
  }
}

std::string try_help(const CLI::App* command) {
  std::string words;
  for (; command != nullptr; command = command->get_parent()) {
    words.insert(0, command->get_name() + " ");
  }
  return "Try '" + (words.empty() ? "p1meter " : words) + "--help'.";
}

int refuse(const std::string& sentence, const CLI::App* command) {
  complain(sentence);
  std::fprintf(stderr, "%s\n", try_help(command).c_str());
  return exit_usage;
}

/// The command that was asked for, and of that the innermost; nullptr: none was.
const CLI::App* chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  if (commands.empty()) return nullptr;
  const CLI::App* inner = chosen(*commands.front());
  return inner != nullptr ? inner : commands.front();
}

/// Names of commands, or of the options that hold at a place of the command line.
std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app, const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::App* place : {command, &app}) {
    if (place == nullptr) continue;
    for (const CLI::Option* option : place->get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// What was begun and not finished (deco), or the nearest.
std::string suggestion(std::string_view text, const std::vector<std::string>& names) {
  const auto begun = [text](const std::string& name) { return name.starts_with(text); };
  if (std::ranges::count_if(names, begun) == 1) {
    return settings::did_you_mean(*std::ranges::find_if(names, begun));
  }
  const std::vector<std::string_view> candidates{names.begin(), names.end()};
  return settings::suggest(text, candidates);
}

/// An argument that nothing has taken.
int refuse_argument(const std::string& argument, const CLI::App& app) {
  const CLI::App* command = chosen(app);
  if (argument.size() > 1 && argument.front() == '-') {
    const std::string name = argument.substr(0, argument.find('='));
    return refuse("unknown option '" + name + "'" + suggestion(name, option_names(app, command)),
                  command);
  }
  if (const auto names = command_names(command == nullptr ? app : *command); !names.empty()) {
    return refuse("unknown command '" + argument + "'" + suggestion(argument, names), command);
  }
  return refuse("unexpected argument '" + argument + "'", command);
}

/// Help or version on standard output.
int print_wish(const CLI::App& app, const CLI::Success& wish) {
  std::ostringstream text;
  app.exit(wish, text, text);
  Output output{STDOUT_FILENO};
  output.write(text.str());
  return output.finish(exit_ok);
}

int parse_and_run(CLI::App& app, const Context& context, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // help or version
    return print_wish(app, wish);
  } catch (const CLI::ParseError& error) {
    const auto extras = app.remaining(true);
    if (!extras.empty() && extras.front().front() == '-')
      return refuse_argument(extras.front(), app);
    return refuse(error.what(), chosen(app));
  }
  const auto extras = app.remaining(true);
  if (!extras.empty()) return refuse_argument(extras.front(), app);
  if (!context.command) return refuse("a command is missing", chosen(app));
  return context.command();
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>(description);
  set_up(*app, context);
  return app;
}

int run_app(int argc, char* const* argv) {
  // A reader that goes away is an error of the write, not the end of the process.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  Context context;
  context.keys = take_keys({argv, static_cast<std::size_t>(argc)});
  const auto app = make_app(context);
  return parse_and_run(*app, context, argc, argv);
}

}  // namespace p1meter::cli
