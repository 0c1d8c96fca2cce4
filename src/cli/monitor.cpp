// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter monitor.
#include "cli/monitor.hpp"

#include <memory>

#include "adapters/log/log.hpp"
#include "cli/exit_codes.hpp"
#include "daemon/monitor.hpp"
#include "settings/source_text.hpp"

namespace p1meter::cli {
namespace {

const settings::MeterSettings* find_meter(const settings::Settings& settings,
                                          const std::string& name) {
  for (const auto& meter : settings.meters) {
    if (name.empty() || meter.name == name) return &meter;
  }
  return nullptr;
}

}  // namespace

int monitor(const MonitorOptions& options) {
  const auto settings = load_settings(options.configuration);
  if (!settings) return settings.error();
  const settings::MeterSettings* found = find_meter(*settings, options.meter);
  if (found == nullptr) {
    complain("no meter is named '" + options.meter + "'");
    return exit_usage;
  }
  settings::MeterSettings meter = *found;
  if (!options.source.empty()) {
    const auto source = settings::parse_source(options.source);
    if (!source) {
      complain("--source: " + source.error());
      return exit_usage;
    }
    meter.source = *source;
  }
  log::open(log::Level::warning);
  return daemon::monitor(*settings, meter);
}

void add_monitor(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand("monitor", "Live readings in the terminal");
  auto options = std::make_shared<MonitorOptions>();
  command
      .add_option("--meter", options->meter,
                  "Which meter of the configuration; the first if not given")
      ->type_name("NAME");
  command
      .add_option("--source", options->source,
                  "Read from here instead: serial:/dev/ttyUSB0, tcp://host:port, file:PATH, "
                  "simulator:PROFILE")
      ->type_name("SOURCE");
  command.footer(
      "Shows every telegram: a table on a terminal, a line per reading in a pipe.\n"
      "While none comes, standard error says every few seconds what does: bytes received and\n"
      "skipped, bad checksums, and the device with the line settings that are tried.\n"
      "Publishes nothing. A serial port can be read by one program at a time: stop the service "
      "first.\n"
      "Exit status: 0 stopped by a signal, or the input is at its end,\n"
      "74 the output cannot be written, 78 the configuration is bad.");
  on_chosen_with_configuration(command, context, std::move(options), &monitor);
}

}  // namespace p1meter::cli
