// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter check.
#include "cli/check.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>

#include "cli/exit_codes.hpp"
#include "cli/output.hpp"
#include "settings/source_text.hpp"

namespace p1meter::cli {
namespace {

std::string words(const settings::Source& source) {
  if (std::holds_alternative<settings::AutoSource>(source)) {
    return "auto (the one serial port that is there)";
  }
  return settings::to_string(source);
}

std::string meter_line(const settings::MeterSettings& meter, const std::string& base_topic) {
  const bool test = std::holds_alternative<settings::SimulatorSource>(meter.source) && !meter.live;
  return "meter " + meter.name + ": reads " + words(meter.source) + ", publishes under " +
         base_topic + (test ? "-test/" : "/") + meter.name + "/\n";
}

std::string broker_lines(const settings::MqttSettings& mqtt) {
  if (mqtt.brokers.empty()) return "mqtt: no host is set, so nothing is published\n";
  std::string text;
  for (const auto& broker : mqtt.brokers) {
    const std::uint16_t usual = mqtt.tls ? 8883 : 1883;
    text += text.empty() ? "mqtt: broker " : ", else ";
    text += broker.host + " port " + std::to_string(broker.port != 0 ? broker.port : usual);
  }
  if (mqtt.tls) text += mqtt.tls->insecure ? ", TLS WITHOUT VERIFICATION" : ", TLS";
  return text + (mqtt.username.empty() ? "" : ", as user " + mqtt.username) + "\n";
}

}  // namespace

int check(const CheckOptions& options) {
  const auto loaded = load_settings(options.configuration);
  if (!loaded) return loaded.error();
  const auto& path = options.configuration.path;
  std::string text = path.string();
  text +=
      std::filesystem::exists(path) ? ": fine\n" : ": not there, so everything is the default\n";
  if (!loaded->preset.empty()) {
    text +=
        "preset " + loaded->preset + ": its topics and payloads hold where the file says nothing\n";
  }
  for (const auto& meter : loaded->meters) text += meter_line(meter, loaded->mqtt.base_topic);
  text += broker_lines(loaded->mqtt);
  Output output{STDOUT_FILENO};
  output.write(text);
  return output.finish(exit_ok);
}

void add_check(CLI::App& app, Context& context) {
  auto& command = *app.add_subcommand("check", "Validate the configuration: all faults at once");
  command.footer(
      "Reads /etc/p1meter.yaml, or the file named with --config.\n"
      "Each fault is shown as file:line:column: key: what is wrong.\n"
      "Exit status: 0 the configuration is fine, 78 it is not.");
  on_chosen_with_configuration(command, context, std::make_shared<CheckOptions>(), &check);
}

}  // namespace p1meter::cli
