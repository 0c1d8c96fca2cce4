// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter convert.
#include "cli/convert.hpp"

#include <cstdio>
#include <memory>
#include <unistd.h>
#include <utility>
#include <vector>

#include "cli/exit_codes.hpp"
#include "cli/output.hpp"
#include "cli/predecessor.hpp"
#include "json/harmless.hpp"
#include "settings/loading.hpp"

namespace p1meter::cli {
namespace {

void print(const std::string& start, const std::vector<settings::Fault>& faults) {
  for (const auto& fault : faults) {
    std::fprintf(stderr, "%s\n", json::harmless(start + to_string(fault)).c_str());
  }
}

}  // namespace

int convert(const ConvertOptions& options) {
  const auto file = settings::read_file(options.file, settings::yaml_size_limit, true);
  if (!file.error.empty()) {
    complain(options.file + ": " + file.error);
    return exit_no_input;
  }
  settings::FaultList faults{options.file};
  const PredecessorConfig config = read_predecessor(file.text, faults);
  std::string ours;
  if (faults.empty()) ours = convert_predecessor(config, faults);
  print("warning: ", faults.take_warnings());
  std::vector<settings::Fault> found = faults.take_faults();
  // What no check above has foreseen must not become a service that refuses to start.
  if (found.empty()) found = settings::load_text(ours, "converted").faults;
  if (!found.empty()) {
    print("", found);
    return exit_data;
  }
  Output output{STDOUT_FILENO};
  output.write(ours);
  return output.finish(exit_ok);
}

void add_convert(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand(
      "convert", "Write the configuration of a Python predecessor as p1meter's own");
  auto options = std::make_shared<ConvertOptions>();
  command.add_option("FILE", options->file, "The predecessor's YAML file")
      ->required()
      ->type_name("");
  command.footer(
      "Understands the files of Mosibi/p1-smartmeter and tribp/DSMR-Fluvius-MQTT-Openhab.\n"
      "The new configuration goes to standard output, with comments on what is different;\n"
      "standard error names with file:line:column what cannot be carried over.\n"
      "Example: p1meter convert p1-smartmeter.yaml > /etc/p1meter.yaml\n"
      "Exit status: 0 converted, 65 it is no such file, or has faults, 66 it cannot be read,\n"
      "74 the output cannot be written.");
  on_chosen(command, context, std::move(options), &convert);
}

}  // namespace p1meter::cli
