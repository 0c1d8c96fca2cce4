// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter run.
#include "cli/run.hpp"

#include <memory>

#include "adapters/log/log.hpp"
#include "cli/exit_codes.hpp"
#include "cli/start_anew.hpp"

namespace p1meter::cli {

int run(const RunOptions& options) {
  daemon::Configuration configuration = options.configuration;
  configuration.credentials = settings::Credentials::expected;
  auto settings = load_settings(configuration);
  if (!settings) return settings.error();
  log::open(log::Level::info);
  auto end = daemon::Daemon::End::stopped;
  try {
    daemon::Daemon daemon{std::move(configuration), std::move(*settings)};
    end = daemon.run();
  } catch (const daemon::StateBusy& busy) {
    complain(busy.what());
    return exit_busy;
  }
  return end == daemon::Daemon::End::restart ? start_anew() : exit_ok;
}

void add_run(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand("run", "The daemon: read the meters, publish their readings");
  command.footer(
      "Runs until SIGTERM or SIGINT; SIGHUP reads the configuration anew. A restart that somebody\n"
      "asks for at the broker (off unless configured) keeps the process.\n"
      "This is what the systemd service starts.\n"
      "Exit status: 0 stopped by a signal, 71 cannot start anew, 75 another p1meter holds the\n"
      "state directory, 77 the configuration may not be read, 78 it is bad.");
  on_chosen_with_configuration(command, context, std::make_shared<RunOptions>(), &run);
}

}  // namespace p1meter::cli
